// The HTML of strangers as a document that can be shown in a sandboxed frame (`sandbox="allow-popups
// allow-popups-to-escape-sandbox"`, never allow-scripts, never allow-same-origin). Nothing is repaired and nothing is taken
// out: a new document is written from what is on the lists, with every word and value escaped, so that no browser's reading
// of the old one matters. A content security policy in the document says the same once more.
import { htmlTokens, type HtmlToken } from './html-tokens.ts'
import { cleanDeclarations, cleanSheet } from './mail-css.ts'

export interface MailDocumentOptions {
  /** Whether what lies elsewhere is fetched: images, backgrounds. */
  readonly images: 'blocked' | 'shown'
  /**
   * Content-Id (no brackets) → where its image can be fetched. The frame has an origin of its own and sends no cookies:
   * `data:` or an address that needs none.
   */
  readonly cid?: ReadonlyMap<string, string>
}

export interface MailDocument {
  readonly html: string
  /** How many remote images and backgrounds are not shown. */
  readonly blockedImages: number
  /** The Content-Ids whose pictures stand in it. */
  readonly inlined: ReadonlySet<string>
  /** How many pixels it was designed for; 0 where it fits any width, or says itself what to do in a narrow one. */
  readonly width: number
}

const allowed = new Set(
  (
    'a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn ' +
    'dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark menu nav ol p ' +
    'pre q s samp section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr'
  ).split(' '),
)
const voids = new Set(['br', 'col', 'hr', 'img', 'wbr'])
/** What a closing tag of something that is no part of tables does not reach beyond. */
const tableParts = new Set('caption col colgroup table tbody td tfoot th thead tr'.split(' '))
const attributesOfAll = new Set('title dir lang align valign width height bgcolor color class id abbr'.split(' '))
const attributesOf: Readonly<Record<string, readonly string[]>> = {
  font: ['face', 'size'],
  table: ['border', 'cellpadding', 'cellspacing', 'rules', 'frame', 'summary'],
  td: ['colspan', 'rowspan', 'nowrap', 'scope'],
  th: ['colspan', 'rowspan', 'nowrap', 'scope'],
  col: ['span'],
  colgroup: ['span'],
  ol: ['start', 'type'],
  ul: ['type'],
  li: ['value', 'type'],
  hr: ['size', 'noshade'],
  img: ['alt', 'border', 'hspace', 'vspace'],
  br: ['clear'],
  time: ['datetime'],
}
const DEEPEST = 100
const LONGEST_ATTRIBUTE = 4_000
const MOST_SHEET = 512 * 1024

type OpenToken = Extract<HtmlToken, { kind: 'open' }>

/** @returns a whole document; `html` may be anything at all. */
export function mailDocument(html: string, options: MailDocumentOptions): MailDocument {
  const judge = new Judge(options)
  const body: string[] = []
  const sheets: string[] = []
  const open: string[] = []
  let bodyStyle = ''
  let widest = 0
  let sheetLength = 0
  for (const token of htmlTokens(html)) {
    if (token.kind === 'text') body.push(escape(token.text))
    else if (token.kind === 'raw') {
      if (token.name === 'style' && sheetLength < MOST_SHEET) {
        sheetLength += token.text.length
        sheets.push(cleanSheet(token.text.slice(0, MOST_SHEET), (address) => judge.picture(address)))
      } else if (token.name === 'textarea' || token.name === 'xmp') body.push(escape(token.text))
    } else if (token.kind === 'open') {
      if (token.name === 'body') bodyStyle = bodyStyle || styleOf(token, judge)
      if (!allowed.has(token.name)) continue
      widest = Math.max(widest, fixedWidth(token))
      const isVoid = voids.has(token.name)
      if (!isVoid && open.length >= DEEPEST) continue
      body.push(`<${token.name}${attributesFor(token, judge)}>`)
      if (!isVoid) open.push(token.name)
    } else close(token.name, open, body)
  }
  while (open.length > 0) body.push(`</${open.pop()}>`)
  const style = [baseStyle, ...sheets].join('\n')
  const adapts = sheets.some((sheet) => /@media[^{]*max-(?:device-)?width/i.test(sheet))
  return {
    html:
      `<!doctype html><html><head><meta charset="utf-8">` +
      `<meta http-equiv="Content-Security-Policy" content="${escape(judge.policy())}">` +
      `<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">` +
      `<style>${style}</style></head><body${bodyStyle && ` style="${escape(bodyStyle)}"`}>${body.join('')}</body></html>`,
    blockedImages: judge.blocked,
    inlined: judge.inlined,
    width: adapts ? 0 : widest,
  }
}

const baseStyle =
  'html { background: #fff; color: #1a1a1a; font: 14px/1.5 system-ui, sans-serif; overflow-wrap: anywhere }\n' +
  'body { margin: 12px } img { max-width: 100% } table { max-width: 100% }\n' +
  'blockquote { margin: 0 0 0 4px; padding-left: 12px; border-left: 2px solid #ccc } pre { white-space: pre-wrap }\n' +
  'img[data-blocked] { background: #f1efea; outline: 1px dashed #c9c4ba; outline-offset: -1px; color: #655f56 }'

function close(name: string, open: string[], body: string[]): void {
  if (!allowed.has(name)) return
  for (let index = open.length - 1; index >= 0; index--) {
    if (open[index] === name) {
      while (open.length > index) body.push(`</${open.pop()}>`)
      return
    }
    if (tableParts.has(open[index]!) && !tableParts.has(name)) return
  }
}

function attributesFor(token: OpenToken, judge: Judge): string {
  const written: [string, string][] = []
  const known = attributesOf[token.name]
  const link = token.name === 'a' ? linkAttributes(token) : []
  for (const [name, value] of token.attributes) {
    // The first of two attributes counts: nothing of the stranger's may stand before what a link says of itself.
    if (link.some(([taken]) => taken === name)) continue
    if ((attributesOfAll.has(name) || known?.includes(name)) && value.length <= LONGEST_ATTRIBUTE)
      written.push([name, value])
  }
  const own = styleOf(token, judge)
  const source = token.name === 'img' ? judge.picture(token.attributes.get('src') ?? '') : null
  // A wide picture in a narrow frame keeps its proportions; its box, when it is not shown, keeps its place.
  const style = source !== null && widthOf(token) >= WIDE ? ['height: auto', own].filter(Boolean).join('; ') : own
  if (style) written.push(['style', style])
  written.push(...link)
  if (source !== null) written.push(['src', source])
  else if (token.name === 'img') {
    written.push(['data-blocked', ''])
    if (widthOf(token) > 0) written.push(['src', NOTHING])
  }
  return written.map(([name, value]) => ` ${name}="${escape(value)}"`).join('')
}

const boxes = new Set(['table', 'td', 'th', 'div', 'center'])
/** What is wider was made for no mail, and shrinking it would leave nothing to read. */
const WIDEST = 1000

/** The width that an element insists on, in pixels; pictures shrink by themselves. */
function fixedWidth(token: OpenToken): number {
  if (!boxes.has(token.name)) return 0
  const attribute = /^\s*(\d{3,4})(?:px)?\s*$/.exec(token.attributes.get('width') ?? '')?.[1]
  const style = /(?:^|[;\s])(?:min-)?width\s*:\s*(\d{3,4})(?:\.\d+)?px/i.exec(token.attributes.get('style') ?? '')?.[1]
  const width = Math.max(Number(attribute ?? 0), Number(style ?? 0))
  return width <= WIDEST ? width : 0
}

const WIDE = 200
/** A picture of nothing, where one is kept back whose size is known: an empty box instead of a broken one. */
const NOTHING = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='

const widthOf = ({ attributes }: OpenToken): number => Number.parseInt(attributes.get('width') ?? '', 10) || 0

function styleOf({ attributes }: OpenToken, judge: Judge): string {
  const styles = [
    cleanDeclarations((attributes.get('style') ?? '').slice(0, 20_000), (address) => judge.picture(address)),
  ]
  const background = attributes.get('background')
  const picture = background ? judge.picture(background) : null
  if (picture !== null && !/["\\<>\n\r]/.test(picture)) styles.push(`background-image: url("${picture}")`)
  return styles.filter(Boolean).join('; ')
}

/** Where it leads stands in the title, so that a pointer shows it whatever the words say. */
function linkAttributes({ attributes }: OpenToken): [string, string][] {
  const href = safeLink(attributes.get('href') ?? '')
  if (href === null) return []
  if (href.startsWith('#')) return [['href', href]]
  return [
    ['href', href],
    ['title', href],
    ['target', '_blank'],
    ['rel', 'noopener noreferrer nofollow'],
  ]
}

/** The address as browsers will open it, if it leads to the web, to a mail or to a phone; null for everything else. */
function safeLink(written: string): string | null {
  const href = bare(written)
  if (href.length > LONGEST_ATTRIBUTE) return null
  if (/^#[\w.:-]*$/.test(href)) return href
  if (/^(?:mailto|tel):/i.test(href)) return href
  if (!/^https?:/i.test(href)) return null
  return URL.parse(href)?.href ?? null
}

/** As browsers read addresses: nothing invisible at the ends, no line breaks or tabs inside. */
function bare(address: string): string {
  const text = address.replace(/[\t\n\r]/g, '')
  // By hand: an expression for the end alone tries every blank of a long row anew, and the row is the stranger's.
  let [start, end] = [0, text.length]
  while (start < end && isInvisible(text.charCodeAt(start))) start++
  while (end > start && isInvisible(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

/** A blank, or a control character of either set. */
const isInvisible = (code: number): boolean => code <= 0x20 || (code >= 0x7f && code <= 0x9f)

/** Decides about every picture, and counts what is blocked. */
class Judge {
  blocked = 0
  readonly inlined = new Set<string>()
  readonly #options: MailDocumentOptions

  constructor(options: MailDocumentOptions) {
    this.#options = options
  }

  /** The address to fetch, or null. */
  picture(written: string): string | null {
    const address = bare(written)
    if (/^cid:/i.test(address)) return this.#inline(address.slice(4))
    if (/^data:image\/(?:png|gif|jpe?g|webp|bmp|avif);base64,[A-Za-z0-9+/=]*$/i.test(address)) return address
    const remote = /^(?:https?:|\/\/)/i.test(address)
      ? URL.parse(address.replace(/^\/\//, 'https://'))?.href
      : undefined
    if (remote === undefined || remote.length > LONGEST_ATTRIBUTE) return null
    if (this.#options.images === 'shown') return remote
    this.blocked++
    return null
  }

  policy(): string {
    const own = [...(this.#options.cid?.values() ?? [])].flatMap((url) => URL.parse(url)?.origin ?? "'self'")
    const from = this.#options.images === 'shown' ? ['https:', 'http:'] : own.filter((origin) => origin !== 'null')
    return (
      `default-src 'none'; img-src ${[...new Set(['data:', ...from])].join(' ')}; ` +
      `style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'`
    )
  }

  #inline(id: string): string | null {
    const { cid } = this.#options
    const found = [id, decoded(id)].find((one) => cid?.has(one))
    if (found === undefined) return null
    this.inlined.add(found)
    return cid!.get(found)!
  }
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

function escape(text: string): string {
  return text
    .replace(/[\0\uFFFE\uFFFF]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('`', '&#96;')
}
