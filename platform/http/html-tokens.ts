// HTML as a flat list of what matters: words, and tags that open and close. Comments (conditional ones too), doctypes and
// instructions are gone. No tree is built and nothing is repaired: whoever reads the tokens builds something new from them,
// so it does not matter whether a browser would have read the same tree. Linear in the length of the text.
import { decodeEntities } from './html-entities.ts'

export type HtmlToken =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'open'
      /** Lower case. */
      readonly name: string
      /** Names lower case, values decoded; of attributes named twice the first counts. */
      readonly attributes: ReadonlyMap<string, string>
    }
  | { readonly kind: 'close'; readonly name: string }
  /** The inside of an element whose content is not HTML (style, script, title), as written. */
  | { readonly kind: 'raw'; readonly name: string; readonly text: string }

/** Elements whose content no browser reads as tags. */
const rawElements = new Set([
  'script',
  'style',
  'title',
  'textarea',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
  'plaintext',
])

const MOST_ATTRIBUTES = 100
const blank = /[\s/]/

export function* htmlTokens(html: string): Generator<HtmlToken> {
  let at = 0
  while (at < html.length) {
    const less = html.indexOf('<', at)
    if (less < 0) break
    if (less > at) yield { kind: 'text', text: decodeEntities(html.slice(at, less)) }
    const next = html[less + 1] ?? ''
    if (/[a-zA-Z]/.test(next)) {
      const tag = readTag(html, less + 1)
      // A tag that never ends: browsers show nothing of it.
      if (tag === null) return
      at = tag.end
      yield { kind: 'open', name: tag.name, attributes: tag.attributes }
      if (!rawElements.has(tag.name)) continue
      const close = closeOf(html, tag.name, at)
      yield { kind: 'raw', name: tag.name, text: html.slice(at, close) }
      at = close
    } else if (next === '/' && /[a-zA-Z]/.test(html[less + 2] ?? '')) {
      const tag = readTag(html, less + 2)
      if (tag === null) return
      at = tag.end
      yield { kind: 'close', name: tag.name }
    } else if (next === '!' || next === '?' || next === '/') {
      at = endOfComment(html, less)
    } else {
      yield { kind: 'text', text: '<' }
      at = less + 1
    }
  }
  if (at < html.length) yield { kind: 'text', text: decodeEntities(html.slice(at)) }
}

/** After a comment, a doctype or an instruction; the end of the text where it never ends. */
function endOfComment(html: string, at: number): number {
  if (!html.startsWith('<!--', at)) {
    const end = html.indexOf('>', at)
    return end < 0 ? html.length : end + 1
  }
  if (html.startsWith('<!-->', at)) return at + 5
  if (html.startsWith('<!--->', at)) return at + 6
  const ends = /--!?>/g
  ends.lastIndex = at + 4
  return ends.exec(html) ? ends.lastIndex : html.length
}

function closeOf(html: string, name: string, from: number): number {
  if (name === 'plaintext') return html.length
  const close = new RegExp(`</${name}(?=[\\s/>])`, 'gi')
  close.lastIndex = from
  return close.exec(html)?.index ?? html.length
}

interface Tag {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly end: number
}

function readTag(html: string, start: number): Tag | null {
  let at = start
  while (at < html.length && !/[\s/>]/.test(html[at]!)) at++
  const name = html.slice(start, at).toLowerCase()
  const attributes = new Map<string, string>()
  for (;;) {
    while (at < html.length && blank.test(html[at]!)) at++
    if (at >= html.length) return null
    if (html[at] === '>') return { name, attributes, end: at + 1 }
    const from = at
    // An equals sign in front belongs to the name, as browsers have it.
    at++
    while (at < html.length && !/[\s/>=]/.test(html[at]!)) at++
    const attribute = html.slice(from, at).toLowerCase()
    while (at < html.length && /\s/.test(html[at]!)) at++
    let value = ''
    if (html[at] === '=') {
      at++
      while (at < html.length && /\s/.test(html[at]!)) at++
      const quote = html[at]
      if (quote === '"' || quote === "'") {
        const end = html.indexOf(quote, at + 1)
        if (end < 0) return null
        value = html.slice(at + 1, end)
        at = end + 1
      } else {
        const begin = at
        while (at < html.length && !/[\s>]/.test(html[at]!)) at++
        value = html.slice(begin, at)
      }
    }
    if (attributes.size < MOST_ATTRIBUTES && !attributes.has(attribute))
      attributes.set(attribute, decodeEntities(value))
  }
}
