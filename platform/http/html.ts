// Server-rendered HTML (pages, mails) as an auto-escaping tagged template:
//
//   html`<a href="${url}">${name}</a>${items.map((item) => html`<li>${item}</li>`)}`
//
// Each template is read once by html-template.ts, which knows for every hole where it stands. Text and quoted attributes
// are escaped, addresses pass `safeUrl`, and holes where no escaping is safe (unquoted attributes, scripts, styles, event
// handlers, tag names, comments) throw at the first use. There is no way to turn a string into HTML but this.
import type { Hole } from './html-template.ts'
import { isForbiddenAttribute, isUrlAttribute, readTemplate } from './html-template.ts'

const content = Symbol('safe html')
const kind = Symbol('safe kind')

/** HTML that `html`, `raw` or `jsonScript` made. No other code and no JSON can make one: the keys are private symbols. */
export interface SafeHtml {
  readonly [content]: string
  readonly [kind]: 'html'
  toString(): string
}

/** Attributes that `attributes` made, for a hole between the attributes of a tag. */
export interface SafeAttributes {
  readonly [content]: string
  readonly [kind]: 'attributes'
}

/** `false`, `true`, `null` and `undefined` render as nothing in text; `aria-busy="${true}"` renders `true`. */
export type HtmlValue =
  | SafeHtml
  | SafeAttributes
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly HtmlValue[]

/** Throws TypeError when the template has a hole where no value can be safe. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): SafeHtml {
  const holes = readTemplate(strings)
  let result = strings[0]!
  for (const [index, hole] of holes.entries()) {
    result += renderHole(hole, values[index]) + strings[index + 1]!
  }
  return safeHtml(result)
}

/** Joins parts that are already safe. It takes no strings: what comes as a string is text. */
export function raw(...parts: readonly SafeHtml[]): SafeHtml {
  return safeHtml(parts.map((part) => contentOf(part, 'html')).join(''))
}

/**
 * Attributes that come and go: `<input ${attributes({ checked, value, 'aria-invalid': 'true' })}>`. `true` is the bare
 * name; `false`, `null` and `undefined` leave it out. Event handlers, `style` and `srcdoc` throw.
 */
export function attributes(
  values: Readonly<Record<string, string | number | boolean | null | undefined>>,
): SafeAttributes {
  const parts: string[] = []
  for (const [name, value] of Object.entries(values)) {
    if (!/^[a-z][a-z0-9:-]*$/i.test(name) || isForbiddenAttribute(name))
      throw new TypeError(`No attribute can be called ${name} here`)
    if (value === false || value === null || value === undefined) continue
    parts.push(
      value === true ? name : `${name}="${escapeHtml(isUrlAttribute(name) ? safeUrl(String(value)) : String(value))}"`,
    )
  }
  return Object.freeze({ [content]: parts.join(' '), [kind]: 'attributes' as const })
}

/** Data for an interactive island: `<script type="application/json">`, which can't be closed or opened from inside. */
export function jsonScript(id: string, data: unknown): SafeHtml {
  const json = (JSON.stringify(data) ?? 'null').replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return safeHtml(`<script type="application/json" id="${escapeHtml(id)}">${json}</script>`)
}

/** Escapes for text and for quoted attributes. `html` does it by itself. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`)
}

/** What stands in place of an address that is not allowed: a link that goes nowhere. */
export const blockedUrl = '#blocked'

/**
 * An address that may stand in `href` or `src`: http, https, mailto, tel, or relative to the page. Everything else
 * (javascript, data, blob, file …), however disguised, becomes `blockedUrl`. Not an SSRF guard: see guarded-fetch.ts.
 */
export function safeUrl(url: string): string {
  const seen = asBrowsersRead(url)
  const scheme = /^([^/?#:]*):/.exec(seen)?.[1]?.toLowerCase()
  if (scheme === undefined) return seen
  return ['http', 'https', 'mailto', 'tel'].includes(scheme) ? seen : blockedUrl
}

/** Browsers drop C0 controls and spaces at both ends, and tab and newline anywhere, before they look for a scheme. */
function asBrowsersRead(url: string): string {
  let start = 0
  let end = url.length
  while (start < end && url.charCodeAt(start) <= 0x20) start++
  while (end > start && url.charCodeAt(end - 1) <= 0x20) end--
  return url.slice(start, end).replace(/[\t\n\r]/g, '')
}

function renderHole(hole: Hole, value: HtmlValue): string {
  switch (hole.place) {
    case 'text':
      return renderText(value)
    case 'tag':
      if (value === false || value === null || value === undefined) return ''
      return contentOf(value, 'attributes')
    case 'attribute':
      return escapeHtml(attributeText(value))
    case 'url':
      return escapeHtml(safeUrl(attributeText(value)))
    case 'path':
      // `/${rest}` must not become `//elsewhere`.
      return escapeHtml(attributeText(value).replace(/^[\s/\\]+/, ''))
  }
}

function renderText(value: HtmlValue): string {
  if (value === null || value === undefined || typeof value === 'boolean') return ''
  if (isList(value)) return value.map(renderText).join('')
  if (typeof value === 'object') return contentOf(value, 'html')
  return escapeHtml(String(value))
}

function attributeText(value: HtmlValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'object') throw new TypeError('An attribute takes text, not HTML or lists')
  return String(value)
}

function contentOf(value: unknown, wanted: 'html' | 'attributes'): string {
  if (typeof value === 'object' && value !== null && kind in value && value[kind] === wanted && content in value) {
    return String(value[content])
  }
  throw new TypeError(
    wanted === 'html' ? 'Only text and safe HTML can be rendered' : 'Between attributes only attributes() may stand',
  )
}

function isList(value: HtmlValue): value is readonly HtmlValue[] {
  return Array.isArray(value)
}

function safeHtml(text: string): SafeHtml {
  return Object.freeze({ [content]: text, [kind]: 'html' as const, toString: () => text })
}
