// HTML said in plain words: what a person would read, in the order they would read it. Quotations get `> `, links keep their
// address, hidden things stay hidden, scripts and styles are gone.
import { type HtmlToken, htmlTokens } from './html-tokens.ts'

export interface HtmlText {
  readonly text: string
  /** Offsets in `text`: the line that begins at one or after it is the first of a mail program's container of an older mail. */
  readonly quotesAt: readonly number[]
}

const blocks = new Set(
  'address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul'.split(
    ' ',
  ),
)
const spaced = new Set('p h1 h2 h3 h4 h5 h6 ul ol pre table blockquote'.split(' '))
const voids = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))
const hiding = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)/i
const olderMail =
  /^(?:gmail_quote|gmail_quote_container|gmail_extra|yahoo_quoted|protonmail_quote|zmail_extra|moz-cite-prefix|tutanota_quote|OLK_SRC_BODY_SECTION|divRplyFwdMsg|appendonsend|stopSpelling|mail-editor-reference-message-container|zwchr|reply-intro|isForwardContent|isReplyContent)$/

/** More than this many nested elements are read as if they were not nested. */
const DEEPEST = 500

interface Open {
  readonly name: string
  readonly hidden: boolean
  /** White space counts. */
  readonly verbatim: boolean
  readonly quoted: number
  readonly href: string | null
  readonly textAt: number
}

/** @param most characters after which nothing more is read. */
export function htmlToText(html: string, most = Number.POSITIVE_INFINITY): HtmlText {
  const writer = new Writer()
  const open: Open[] = []
  const quotesAt: number[] = []
  const current = () => open.at(-1)
  for (const token of htmlTokens(html)) {
    if (writer.length > most) break
    if (token.kind === 'text') {
      if (current()?.hidden) continue
      if (current()?.verbatim) writer.lines(token.text)
      else writer.words(token.text)
    } else if (token.kind === 'open') {
      const above = current()
      if (!above?.hidden) begin(token, writer, quotesAt)
      if (voids.has(token.name) || open.length >= DEEPEST) continue
      const quoted = (above?.quoted ?? 0) + (token.name === 'blockquote' ? 1 : 0)
      const hidden = above?.hidden === true || isHidden(token)
      writer.quoted = hidden ? writer.quoted : quoted
      open.push({
        name: token.name,
        hidden,
        verbatim: above?.verbatim === true || token.name === 'pre',
        quoted,
        href: token.name === 'a' ? linkOf(token) : null,
        textAt: writer.length,
      })
    } else if (token.kind === 'close') {
      const index = open.findLastIndex(({ name }) => name === token.name)
      if (index < 0) continue
      const [closed] = open.splice(index)
      if (!closed!.hidden) end(closed!, writer)
      writer.quoted = current()?.quoted ?? 0
    } else if (token.name === 'textarea' || token.name === 'xmp' || token.name === 'plaintext') {
      if (!current()?.hidden) writer.lines(token.text)
    }
  }
  return { text: writer.done(), quotesAt }
}

type OpenToken = Extract<HtmlToken, { kind: 'open' }>

function begin(token: OpenToken, writer: Writer, quotesAt: number[]): void {
  const { name, attributes } = token
  if (spaced.has(name)) writer.breakLine(2)
  else if (blocks.has(name)) writer.breakLine(1)
  const names = [attributes.get('id') ?? '', ...(attributes.get('class') ?? '').split(/\s+/, 20)]
  if (names.some((one) => olderMail.test(one) || olderMail.test(one.replace(/^(?:x_|ecx)+/, ''))))
    quotesAt.push(writer.length)
  if (name === 'br') writer.newLine()
  else if (name === 'li') writer.words('• ')
  else if (name === 'td' || name === 'th') writer.words(' ')
  else if (name === 'img' && attributes.get('alt')?.trim())
    writer.words(`[${attributes.get('alt')!.trim().slice(0, 200)}]`)
}

function end({ name, href, textAt }: Open, writer: Writer): void {
  if (href !== null) {
    const said = writer.since(textAt).trim()
    const bare = (address: string) => address.replace(/^(?:https?:\/\/|mailto:|tel:)/i, '').replace(/\/$/, '')
    if (said !== '' && bare(said) !== bare(href)) writer.words(` <${href}>`)
  }
  if (spaced.has(name)) writer.breakLine(2)
  else if (blocks.has(name)) writer.breakLine(1)
}

function isHidden({ name, attributes }: OpenToken): boolean {
  return (
    name === 'head' ||
    name === 'script' ||
    name === 'template' ||
    attributes.has('hidden') ||
    hiding.test(attributes.get('style') ?? '')
  )
}

function linkOf({ attributes }: OpenToken): string | null {
  const href = (attributes.get('href') ?? '').replace(/[\u0000-\u0020]+/g, '')
  return /^(?:https?:|mailto:|tel:)/i.test(href) ? href.slice(0, 2048) : null
}

/** Collects words into lines; blanks are folded as browsers fold them. */
class Writer {
  readonly #parts: string[] = []
  #length = 0
  #line = 0
  #pending = 0
  #space = false
  #before = 0
  /** How deep the words that follow are quoted. */
  quoted = 0

  get length(): number {
    return this.#length
  }

  words(text: string): void {
    const folded = text.replace(/[ \t\r\n\f]+/g, ' ')
    if (folded === '') return
    if (folded === ' ') {
      this.#space = true
      return
    }
    const spaceBefore = (this.#space || folded.startsWith(' ')) && this.#line > 0 && this.#pending === 0
    this.#start()
    this.#push((spaceBefore ? ' ' : '') + folded.trim().replaceAll('\u00a0', ' '))
    this.#space = folded.endsWith(' ')
  }

  lines(text: string): void {
    const [first = '', ...rest] = text.replace(/\r\n?/g, '\n').split('\n')
    const write = (line: string) => {
      if (line === '') return
      this.#start()
      this.#push(line.replaceAll('\u00a0', ' '))
    }
    write(first)
    for (const line of rest) {
      this.newLine()
      write(line)
    }
  }

  newLine(): void {
    this.#pending = Math.min(this.#pending + 1, 3)
    this.#space = false
  }

  breakLine(lines: number): void {
    this.#pending = Math.max(this.#pending, lines)
    this.#space = false
  }

  since(at: number): string {
    let back = ''
    let length = this.#length
    for (let index = this.#parts.length - 1; index >= 0 && length > at && back.length < 4096; index--) {
      back = this.#parts[index]! + back
      length -= this.#parts[index]!.length
    }
    return back
  }

  done(): string {
    return this.#parts.join('')
  }

  #start(): void {
    if (this.#pending === 0 && this.#line > 0) return
    const prefix = this.quoted === 0 ? '' : `${'>'.repeat(Math.min(this.quoted, 20))} `
    if (this.#length > 0) {
      const empty = '>'.repeat(Math.min(this.quoted, this.#before, 20))
      for (let line = 1; line < this.#pending; line++) this.#push(`\n${empty}`)
      if (this.#pending > 0) this.#push('\n')
    }
    this.#push(prefix)
    this.#before = this.quoted
    this.#pending = 0
    this.#line = 0
  }

  #push(text: string): void {
    if (text === '') return
    this.#parts.push(text)
    this.#length += text.length
    this.#line += text.length
  }
}
