// The light Markdown that agents write, as HTML for mail: paragraphs, lists, quotes, bold, italic, code, links. Everything else
// is text. Nothing of the source reaches the HTML unescaped, and only http, https and mailto become links.

/** Inner HTML, without a document around it. Linear in the length of the text. */
export function markdownToHtml(text: string): string {
  return blocksOf(text.replaceAll(/\r\n?/g, '\n').split('\n'), 0).join('\n')
}

const MOST_NESTED = 5
const BULLET = /^ {0,3}[-*] +(?=\S)/
const NUMBER = /^ {0,3}\d{1,9}[.)] +(?=\S)/
const QUOTE = /^ {0,3}> ?/

function blocksOf(lines: readonly string[], depth: number): string[] {
  const blocks: string[] = []
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!
    if (line.trim() === '') {
      at++
      continue
    }
    if (depth < MOST_NESTED && QUOTE.test(line)) {
      const end = endOf(lines, at, (one) => QUOTE.test(one))
      const inner = lines.slice(at, end).map((one) => one.replace(QUOTE, ''))
      blocks.push(`<blockquote ${QUOTE_STYLE}>${blocksOf(inner, depth + 1).join('\n')}</blockquote>`)
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
      blocks.push(`<p>${lines.slice(at, end).map(inline).join('<br>\n')}</p>`)
      at = end
    }
  }
  return blocks
}

const QUOTE_STYLE = 'style="margin:0 0 0 4px;padding:0 0 0 12px;border-left:3px solid #c8c8c8;color:#555"'

function endOf(lines: readonly string[], from: number, belongs: (line: string) => boolean): number {
  let end = from
  while (end < lines.length && belongs(lines[end]!)) end++
  return end
}

function listOf(lines: readonly string[], mark: RegExp): string {
  const items: string[] = []
  for (const line of lines) {
    if (mark.test(line)) items.push(inline(line.replace(mark, '')))
    else items.push(`${items.pop() ?? ''}<br>\n${inline(line.trim())}`)
  }
  const tag = mark === BULLET ? 'ul' : 'ol'
  const first = tag === 'ol' ? Number(/\d+/.exec(lines[0]!)![0]) : 1
  return `<${tag}${first === 1 ? '' : ` start="${first}"`}>\n${items.map((one) => `<li>${one}</li>`).join('\n')}\n</${tag}>`
}

// Each part is bounded, or ends at the first character that could begin it again: no input makes it slow.
const MARK =
  /`([^`\n]{1,500})`|\*\*([^*\n]{1,1000})\*\*|\*([^*\s][^*\n]{0,500})\*|\[([^[\]\n]{1,300})\]\(((?:https?:\/\/|mailto:)[^\s()<>"]{1,1000})\)|(https?:\/\/[^\s<>"]{1,1000})/gi

function inline(text: string): string {
  let html = ''
  let from = 0
  for (const found of text.matchAll(MARK)) {
    html += escapeHtml(text.slice(from, found.index))
    from = found.index + found[0].length
    const [, code, bold, italic, label, target, bare] = found
    if (code !== undefined) html += `<code>${escapeHtml(code)}</code>`
    else if (bold !== undefined) html += `<strong>${inline(bold)}</strong>`
    else if (italic !== undefined) html += `<em>${inline(italic)}</em>`
    else if (target !== undefined) html += link(target, label!)
    else if (bare !== undefined) {
      const end = /[.,;:!?'")\]]+$/.exec(bare)?.[0] ?? ''
      const address = bare.slice(0, bare.length - end.length)
      html += link(address, address) + escapeHtml(end)
    }
  }
  return html + escapeHtml(text.slice(from))
}

function link(target: string, label: string): string {
  return `<a href="${escapeHtml(target)}">${escapeHtml(label)}</a>`
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
