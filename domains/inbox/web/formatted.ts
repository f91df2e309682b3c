// The marks that an answer may carry, for its preview. Pure.

export interface Part {
  readonly kind: 'text' | 'bold' | 'italic' | 'code' | 'link'
  readonly text: string
}

const MARK =
  /`([^`\n]{1,500})`|\*\*([^*\n]{1,1000})\*\*|\*([^*\s][^*\n]{0,500})\*|\[([^[\]\n]{1,300})\]\((?:https?:\/\/|mailto:)[^\s()<>"]{1,1000}\)|(https?:\/\/[^\s<>"]{1,1000})/gi

/** Paragraphs, each as parts. What is no mark stays as it was typed. */
export function formatted(text: string): Part[][] {
  return text
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map(partsOf)
}

function partsOf(paragraph: string): Part[] {
  const parts: Part[] = []
  let from = 0
  for (const found of paragraph.matchAll(MARK)) {
    if (found.index > from) parts.push({ kind: 'text', text: paragraph.slice(from, found.index) })
    from = found.index + found[0].length
    const [, code, bold, italic, label, bare] = found
    if (code !== undefined) parts.push({ kind: 'code', text: code })
    else if (bold !== undefined) parts.push({ kind: 'bold', text: bold })
    else if (italic !== undefined) parts.push({ kind: 'italic', text: italic })
    else parts.push({ kind: 'link', text: label ?? bare ?? '' })
  }
  if (from < paragraph.length) parts.push({ kind: 'text', text: paragraph.slice(from) })
  return parts
}
