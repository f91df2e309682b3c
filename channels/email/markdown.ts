// The light Markdown that agents write, as HTML for mail. Nothing of the source reaches the HTML unescaped, and only http, https and
// mailto become links.
import { type Block, type Inline, type Lines, parseMarkdown } from '#platform/contract/markdown'

/** Inner HTML, without a document around it. Linear in the length of the text. */
export function markdownToHtml(text: string): string {
  return blocks(parseMarkdown(text))
}

const QUOTE_STYLE = 'style="margin:0 0 0 4px;padding:0 0 0 12px;border-left:3px solid #c8c8c8;color:#555"'

const blocks = (all: readonly Block[]): string => all.map(drawBlock).join('\n')
const lines = (all: Lines): string => all.map((one) => one.map(drawInline).join('')).join('<br>\n')

function drawBlock(block: Block): string {
  if (block.kind === 'paragraph') return `<p>${lines(block.lines)}</p>`
  if (block.kind === 'quote') return `<blockquote ${QUOTE_STYLE}>${blocks(block.blocks)}</blockquote>`
  const tag = block.start === null ? 'ul' : 'ol'
  const start = block.start === null || block.start === 1 ? '' : ` start="${block.start}"`
  return `<${tag}${start}>\n${block.items.map((item) => `<li>${lines(item)}</li>`).join('\n')}\n</${tag}>`
}

function drawInline(part: Inline): string {
  switch (part.kind) {
    case 'text':
      return escapeHtml(part.text)
    case 'code':
      return `<code>${escapeHtml(part.text)}</code>`
    case 'bold':
      return `<strong>${part.parts.map(drawInline).join('')}</strong>`
    case 'italic':
      return `<em>${part.parts.map(drawInline).join('')}</em>`
    case 'link':
      return `<a href="${escapeHtml(part.href)}">${escapeHtml(part.text)}</a>`
  }
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
