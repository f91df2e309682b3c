// The HTML of posts. Servers clean what they send; nothing here relies on it: text and HTML are written anew from the few things
// that are on a list, every word escaped. Links are told by their whole address, mentions by name and server, hashtags as they
// were written; custom emoji stay `:shortcode:`.
import { escapeHtml } from '#platform/http/html'
import { type HtmlToken, htmlTokens } from '#platform/http/html-tokens'
import { htmlToText } from '#platform/http/html-text'
import { fullHandle, type Mention, storable } from './entities.ts'

export interface PostText {
  readonly text: string
  /** Set where words alone would lose something: lists, quotations, code, emphasis. */
  readonly html?: string
}

const MOST_HTML = 200_000
const MOST_TEXT = 100_000
const DEEPEST = 100

const formatting = new Set('b blockquote code del em h1 h2 h3 h4 h5 h6 i li ol pre s strong sub sup u ul'.split(' '))
const structural = new Set(['p', 'br', 'a', ...formatting, 'ruby', 'rt', 'rp'])
const voids = new Set([
  'br',
  'img',
  'hr',
  'wbr',
  'input',
  'meta',
  'link',
  'area',
  'base',
  'col',
  'embed',
  'source',
  'track',
])

interface Open {
  readonly name: string
  /** What is written at its end; empty where the tag is not on the list. */
  readonly close: string
  /** Its inside is not shown, because something else was written in its place. */
  readonly silent: boolean
}

/** @param mentions who the server says is meant, so that a name can be told with its server */
export function readPost(html: string, mentions: readonly Mention[], host: string): PostText {
  const safe = safeHtml(html.slice(0, MOST_HTML), mentions, host)
  const text = storable(htmlToText(safe.html, MOST_TEXT).text.trim())
  return { text, ...(safe.formatted && { html: safe.html }) }
}

export function safeHtml(
  html: string,
  mentions: readonly Mention[],
  host: string,
): { readonly html: string; readonly formatted: boolean } {
  const byAddress = new Map(mentions.map((one) => [one.url, one]))
  const open: Open[] = []
  const counts = new Map<string, number>()
  const out: string[] = []
  let formatted = false
  let silent = 0

  const enter = (name: string, close: string, isSilent: boolean) => {
    open.push({ name, close, silent: isSilent })
    counts.set(name, (counts.get(name) ?? 0) + 1)
    if (isSilent) silent += 1
  }
  const leave = () => {
    const { name, close, silent: wasSilent } = open.pop()!
    counts.set(name, counts.get(name)! - 1)
    if (wasSilent) silent -= 1
    out.push(close)
  }

  for (const token of htmlTokens(html)) {
    if (token.kind === 'text') {
      if (silent === 0) out.push(escapeHtml(token.text))
    } else if (token.kind === 'open') {
      const { name } = token
      if (voids.has(name)) {
        if (silent === 0) out.push(name === 'br' ? '<br>' : name === 'img' ? escapeHtml(altOf(token)) : '')
        continue
      }
      if (open.length >= DEEPEST) continue
      const said = silent === 0 && name === 'a' ? anchor(token, byAddress, host) : null
      if (said !== null) {
        out.push(said.html)
        enter(name, said.close, said.silent)
      } else if (silent === 0 && structural.has(name) && name !== 'a') {
        formatted ||= formatting.has(name)
        out.push(`<${name}>`)
        enter(name, `</${name}>`, false)
      } else enter(name, '', false)
    } else if (token.kind === 'close') {
      if ((counts.get(token.name) ?? 0) === 0) continue
      for (let more = true; more;) {
        more = open.at(-1)!.name !== token.name
        leave()
      }
    } else if (silent === 0 && (token.name === 'textarea' || token.name === 'xmp')) out.push(escapeHtml(token.text))
  }
  while (open.length > 0) leave()
  return { html: storable(out.join('')), formatted }
}

type OpenToken = Extract<HtmlToken, { kind: 'open' }>

function anchor(
  { attributes }: OpenToken,
  mentions: ReadonlyMap<string, Mention>,
  host: string,
): { readonly html: string; readonly close: string; readonly silent: boolean } | null {
  const classes = (attributes.get('class') ?? '').split(/\s+/, 20)
  const href = (attributes.get('href') ?? '').replace(/[\p{Cc} ]+/gu, '')
  if (classes.includes('hashtag')) return null
  const mention = mentions.get(href)
  if (mention && mention.acct !== '')
    return { html: escapeHtml(`@${fullHandle(mention.acct, host)}`), close: '', silent: true }
  if (classes.includes('mention')) return null
  if (!/^https?:\/\//i.test(href) || href.length > 2048) return null
  const address = escapeHtml(storable(href))
  // A name in front of the server makes it look like another one: to be read, not to be followed.
  if (!URL.canParse(href) || new URL(href).username !== '') return { html: address, close: '', silent: true }
  // The whole address instead of its shortened or pretended words.
  return { html: `<a href="${address}" rel="nofollow noopener noreferrer">${address}</a>`, close: '', silent: true }
}

const altOf = ({ attributes }: OpenToken): string =>
  (attributes.get('alt') ?? attributes.get('title') ?? '').slice(0, 200)

/** The first words, for a title. Empty where there are none. */
export function titleOf(text: string, most = 90): string {
  const line = text
    .split('\n')
    .map((one) =>
      one
        .replace(/(?:^|\s)@[\w.-]+(?:@[\w.-]+)?/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .find((one) => one !== '')
  if (line === undefined) return ''
  return line.length <= most ? line : storable(`${line.slice(0, most).replace(/\s+\S*$/, '')}…`)
}

/** The same words in the same order, whatever a server makes of spaces and of the servers behind names: for comparing only. */
export function gist(text: string): string {
  return text
    .normalize('NFC')
    .replace(/@([\w.-]+)@[\w.-]+/g, '@$1')
    .replace(/[\s\u200b\u2060]+/g, '')
}
