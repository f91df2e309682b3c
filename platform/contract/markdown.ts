// The light Markdown that people write: paragraphs, lists, quotes, bold, italic, code, links. One reader of it for everything that
// draws it: what goes out by mail and what is shown in the browser say the same. Everything else is text. Pure and without Node.

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'bold' | 'italic'; readonly parts: readonly Inline[] }
  /** `href` begins with http:, https: or mailto: as it was written; whoever draws it escapes it. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string }

/** The lines of a paragraph or of a list item. */
export type Lines = readonly (readonly Inline[])[]

export type Block =
  | { readonly kind: 'paragraph'; readonly lines: Lines }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  /** `start`: the first number; null for a list without numbers. */
  | { readonly kind: 'list'; readonly start: number | null; readonly items: readonly Lines[] }

/** Linear in the length of the text; nothing is lost but marks and empty lines. */
export function parseMarkdown(text: string): Block[] {
  return blocksOf(text.replaceAll(/\r\n?/g, '\n').split('\n'), 0)
}

/** The words alone, on one line: for places that show the beginning of a text and draw nothing. */
export function wordsOf(blocks: readonly Block[]): string {
  const line = (parts: readonly Inline[]): string =>
    parts.map((part) => ('parts' in part ? line(part.parts) : part.text)).join('')
  return blocks
    .flatMap((block) => {
      if (block.kind === 'paragraph') return block.lines.map(line)
      if (block.kind === 'quote') return [wordsOf(block.blocks)]
      return block.items.flatMap((item) => item.map(line))
    })
    .join(' ')
}

const MOST_NESTED = 5
const BULLET = /^ {0,3}[-*] +(?=\S)/
const NUMBER = /^ {0,3}\d{1,9}[.)] +(?=\S)/
const QUOTE = /^ {0,3}> ?/

function blocksOf(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = []
  for (let at = 0; at < lines.length;) {
    const line = lines[at]!
    if (line.trim() === '') {
      at++
      continue
    }
    if (depth < MOST_NESTED && QUOTE.test(line)) {
      const end = endOf(lines, at, (one) => QUOTE.test(one))
      const inner = lines.slice(at, end).map((one) => one.replace(QUOTE, ''))
      blocks.push({ kind: 'quote', blocks: blocksOf(inner, depth + 1) })
      at = end
    } else if (BULLET.test(line) || NUMBER.test(line)) {
      const mark = BULLET.test(line) ? BULLET : NUMBER
      const end = endOf(lines, at, (one) => mark.test(one) || /^ {2,}\S/.test(one))
      blocks.push(listOf(lines.slice(at, end), mark))
      at = end
    } else {
      const begins = (one: string) => BULLET.test(one) || NUMBER.test(one) || (depth < MOST_NESTED && QUOTE.test(one))
      const end = Math.max(
        at + 1,
        endOf(lines, at, (one) => one.trim() !== '' && !begins(one)),
      )
      blocks.push({ kind: 'paragraph', lines: lines.slice(at, end).map(inlineOf) })
      at = end
    }
  }
  return blocks
}

function endOf(lines: readonly string[], from: number, belongs: (line: string) => boolean): number {
  let end = from
  while (end < lines.length && belongs(lines[end]!)) end++
  return end
}

function listOf(lines: readonly string[], mark: RegExp): Block {
  const items: Inline[][][] = []
  for (const line of lines) {
    if (mark.test(line)) items.push([inlineOf(line.replace(mark, ''))])
    else items.at(-1)!.push(inlineOf(line.trim()))
  }
  return { kind: 'list', start: mark === BULLET ? null : Number(/\d+/.exec(lines[0]!)![0]), items }
}

// Each part is bounded, or ends at the first character that could begin it again: no input makes it slow.
const MARK =
  /`([^`\n]{1,500})`|\*\*([^*\n]{1,1000})\*\*|\*([^*\s][^*\n]{0,500})\*|\[([^[\]\n]{1,300})\]\(((?:https?:\/\/|mailto:)[^\s()<>"]{1,1000})\)|(https?:\/\/[^\s<>"]{1,1000})/gi

function inlineOf(text: string): Inline[] {
  const parts: Inline[] = []
  const say = (words: string) => words !== '' && parts.push({ kind: 'text', text: words })
  let from = 0
  for (const found of text.matchAll(MARK)) {
    say(text.slice(from, found.index))
    from = found.index + found[0].length
    const [, code, bold, italic, label, target, bare] = found
    if (code !== undefined) parts.push({ kind: 'code', text: code })
    else if (bold !== undefined) parts.push({ kind: 'bold', parts: inlineOf(bold) })
    else if (italic !== undefined) parts.push({ kind: 'italic', parts: inlineOf(italic) })
    else if (target !== undefined) parts.push({ kind: 'link', text: label!, href: target })
    else if (bare !== undefined) {
      const end = /[.,;:!?'")\]]+$/.exec(bare)?.[0] ?? ''
      const address = bare.slice(0, bare.length - end.length)
      parts.push({ kind: 'link', text: address, href: address })
      say(end)
    }
  }
  say(text.slice(from))
  return parts
}
