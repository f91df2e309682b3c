// What a mail says: of its parts those that are words, each in the form that says most, and the rest as files.
import { htmlToText } from '#platform/http/html-text'
import { decodeText } from './charset.ts'
import { contentOf, filenameOf, type MimePart } from './mime.ts'

export interface MailBody {
  readonly text: string
  /** As it came; absent where nothing is HTML. */
  readonly html?: string
  /** Where mail programs marked an older mail in the HTML that the text was made of. */
  readonly quotesAt: readonly number[]
  /** What is no words, in its order. */
  readonly files: readonly MimePart[]
  /** Not all of it is here. */
  readonly cut: boolean
}

export const MOST_TEXT = 1024 * 1024
export const MOST_HTML = 2 * 1024 * 1024

/** One thing said: in plain words, in HTML, or in both. */
interface Passage {
  plain?: string
  html?: string
}

export function bodyOf(root: MimePart): MailBody {
  const passages: Passage[] = []
  const files: MimePart[] = []
  collect(root, null, passages, files)
  let cut = false
  const limited = (text: string, most: number) => {
    if (text.length <= most) return text
    cut = true
    return text.slice(0, most)
  }
  const texts: string[] = []
  const quotesAt: number[] = []
  let length = 0
  for (const passage of passages) {
    const { text, quotes } = asText(passage)
    if (text.trim() === '') continue
    quotesAt.push(...quotes.map((at) => at + length))
    texts.push(text)
    length += text.length + 1
  }
  const hasHtml = passages.some(({ html }) => html !== undefined)
  const html = passages.map((passage) => passage.html ?? asHtml(passage.plain ?? '')).join('\n')
  return {
    text: limited(texts.join('\n'), MOST_TEXT),
    ...(hasHtml && { html: limited(html, MOST_HTML) }),
    quotesAt,
    files,
    cut,
  }
}

/** @param choice where the parts of an alternative are gathered, of which one is shown. */
function collect(part: MimePart, choice: Passage | null, passages: Passage[], files: MimePart[]): void {
  if (part.children.length > 0) {
    let own = choice
    if (part.type.value === 'multipart/alternative' && choice === null) {
      own = {}
      passages.push(own)
    }
    for (const child of part.children) collect(child, own, passages, files)
    return
  }
  const form = part.type.value === 'text/html' ? 'html' : part.type.value === 'text/plain' ? 'plain' : null
  if (form === null || isFile(part, passages)) {
    files.push(part)
    return
  }
  const text = textOf(part)
  if (choice === null) passages.push({ [form]: text })
  else choice[form] = choice[form] === undefined ? text : `${choice[form]}\n${text}`
}

/** Text with a name is a file, unless it is the first that the mail has to say and asks to be shown. */
function isFile(part: MimePart, passages: readonly Passage[]): boolean {
  if (part.disposition.value === 'attachment') return true
  return filenameOf(part) !== '' &&
    (passages.length > 0 || part.disposition.value === '') &&
    part.disposition.value !== 'inline'
    ? passages.some((passage) => passage.plain !== undefined || passage.html !== undefined)
    : false
}

/** The words of a text part, with LF, and flowed lines put together (RFC 3676). */
export function textOf(part: MimePart): string {
  const bytes = contentOf(part)
  const { parameters } = part.type
  const most = part.type.value === 'text/html' ? MOST_HTML : MOST_TEXT
  // One sign more than is kept, so that it shows that there was more.
  const text = decodeText(bytes.subarray(0, most * 2 + 4), parameters.get('charset') ?? metaCharset(part, bytes))
  const lines = text.replace(/\r\n?/g, '\n')
  const isFlowed = parameters.get('format')?.toLowerCase() === 'flowed'
  return isFlowed ? unflowed(lines, parameters.get('delsp')?.toLowerCase() === 'yes') : lines
}

/** HTML without a label on the outside may say it inside. */
function metaCharset(part: MimePart, bytes: Buffer): string | undefined {
  if (part.type.value !== 'text/html') return undefined
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{2,40})/i.exec(bytes.toString('latin1', 0, 4096))?.[1]
}

/** Soft line breaks undone: only between lines quoted equally deep, never at the line that begins a signature. */
export function unflowed(text: string, deleteSpace: boolean): string {
  const out: string[] = []
  let paragraph: string[] = []
  let depth = 0
  const flush = () => {
    if (paragraph.length > 0) out.push(`${depth > 0 ? `${'>'.repeat(depth)} ` : ''}${paragraph.join('')}`)
    paragraph = []
  }
  let isOpen = false
  for (const line of text.split('\n')) {
    const quoted = /^>{1,100}/.exec(line)?.[0].length ?? 0
    const stuffed = line.slice(quoted)
    const words = stuffed.startsWith(' ') ? stuffed.slice(1) : stuffed
    if (!isOpen || quoted !== depth || words === '-- ') flush()
    depth = quoted
    isOpen = words.endsWith(' ') && words !== '-- '
    paragraph.push(isOpen && deleteSpace ? words.slice(0, -1) : words)
    if (!isOpen) flush()
  }
  flush()
  return out.join('\n')
}

function asText({ plain, html }: Passage): { readonly text: string; readonly quotes: readonly number[] } {
  const words = plain?.trim() ?? ''
  if (html === undefined || (words !== '' && !isStandIn(words, html))) return { text: plain ?? '', quotes: [] }
  const { text, quotesAt } = htmlToText(html.slice(0, MOST_HTML), MOST_TEXT)
  return text.trim() === '' ? { text: plain ?? '', quotes: [] } : { text, quotes: quotesAt }
}

/** Plain parts that only say that one should look at the other one. */
function isStandIn(words: string, html: string): boolean {
  if (/^<(?:!doctype|html|body|div|table)\b/i.test(words)) return true
  return (
    words.length < 400 &&
    html.length > words.length * 4 &&
    /\b(?:html|browser|view|display|anzeigen|afficher|visualizar)\b/i.test(words) &&
    /(?:does not|doesn't|cannot|can't|not support|in html|html[- ](?:e-?mail|version|format)|online|browser|kein html)/i.test(
      words,
    )
  )
}

function asHtml(plain: string): string {
  const escaped = plain.slice(0, MOST_HTML).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return escaped.trim() === '' ? '' : `<pre>${escaped}</pre>`
}
