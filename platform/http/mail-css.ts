// Style sheets of strangers: what is not known to be harmless is not there any more. Declarations are split, each property is
// on a list, each value is made of known signs and known functions; addresses go through one function that decides. What
// comes out holds no `<`, no backslash, no comment and no at-rule but @media.

/** What to put for an address in a style; null: the declaration goes. */
export type StyleAddress = (address: string) => string | null

const properties = new RegExp(
  `^(?:${[
    'color|opacity|direction|unicode-bidi|vertical-align|white-space|word-break|word-wrap|word-spacing|overflow-wrap',
    'letter-spacing|line-height|float|clear|visibility|display|cursor|hyphens|tab-size|quotes',
    'font(?:-family|-size|-style|-weight|-variant|-stretch)?',
    'text-(?:align|align-last|decoration|decoration-line|decoration-color|decoration-style|indent|overflow|transform|shadow)',
    'background(?:-color|-image|-position|-repeat|-size|-clip|-origin)?',
    'border(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width))?|border-(?:collapse|spacing|radius)',
    'border-(?:top|bottom)-(?:left|right)-radius|outline(?:-(?:color|style|width))?|box-sizing|box-shadow',
    '(?:margin|padding)(?:-(?:top|right|bottom|left))?|(?:min-|max-)?(?:width|height)|overflow(?:-[xy])?',
    'list-style(?:-type|-position)?|table-layout|caption-side|empty-cells|object-fit',
    'flex(?:-(?:basis|direction|flow|grow|shrink|wrap))?|align-(?:content|items|self)|justify-content|order|gap',
    'page-break-(?:after|before|inside)|break-(?:after|before|inside)|orphans|widows',
  ].join('|')})$`,
)
const functions = /^(?:rgba?|hsla?|calc|min|max|linear-gradient|radial-gradient|url)$/
/** Between the functions: letters, numbers, and what separates them. No `<`, `{`, `;`, `@`, `\`, no control characters. */
const harmless = /^[\p{L}\p{N}\s.,%#'"()+*/!_:?&=~-]*$/u
const LONGEST_VALUE = 2_000
const MOST_RULES = 5_000

/** The declarations of a `style` attribute that may stay, as CSS. */
export function cleanDeclarations(css: string, address: StyleAddress): string {
  const kept: string[] = []
  for (const declaration of splitOutside(withoutComments(css), ';')) {
    const colon = declaration.indexOf(':')
    if (colon < 0) continue
    const name = declaration.slice(0, colon).trim().toLowerCase()
    if (!properties.test(name)) continue
    const value = cleanValue(declaration.slice(colon + 1).trim(), address)
    if (value !== null && value !== '') kept.push(`${name}: ${value}`)
  }
  return kept.join('; ')
}

function cleanValue(value: string, address: StyleAddress): string | null {
  if (value.length > LONGEST_VALUE) return null
  let refused = false
  const used: string[] = []
  // Addresses first: what stands in them is judged by itself.
  const rest = value.replace(/\burl\(\s*(?:"([^"]*)"|'([^']*)'|([^\s"'()]*))\s*\)/gi, (_, double, single, bare) => {
    const put = address((double ?? single ?? bare ?? '') as string)
    if (put === null || /["\\<>\n\r]/.test(put)) refused = true
    used.push(`url("${put}")`)
    return `url()`
  })
  if (refused || !harmless.test(rest)) return null
  if (/url\((?!\))/i.test(rest) || /(?:expression|javascript|vbscript|binding|behavior)/i.test(rest)) return null
  // Whole words, each with its bracket if it has one: looked for by the bracket, every letter of a long word would begin anew.
  for (const [, name, bracket] of rest.matchAll(/([\p{L}\p{N}_-]+)(\s*\()?/gu)) {
    if (bracket !== undefined && !functions.test(name!.toLowerCase())) return null
  }
  if (!balanced(rest)) return null
  let index = 0
  return rest.replace(/url\(\)/gi, () => used[index++] ?? '')
}

function balanced(value: string): boolean {
  let depth = 0
  let quote = ''
  for (const char of value) {
    if (quote) {
      if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (char === '(') depth++
    else if (char === ')' && --depth < 0) return false
  }
  return depth === 0 && quote === ''
}

/** A whole sheet: rules whose selectors are made of plain signs, also inside @media; everything else is gone. */
export function cleanSheet(css: string, address: StyleAddress): string {
  const text = withoutComments(css.replaceAll('<!--', ' ').replaceAll('-->', ' '))
  const kept: string[] = []
  const [nextOpen, nextSemicolon, nextClose] = [finder(text, '{'), finder(text, ';'), finder(text, '}')]
  let media = ''
  let at = 0
  for (let rules = 0; at < text.length && rules < MOST_RULES; rules++) {
    const open = nextOpen(at)
    const semicolon = nextSemicolon(at)
    const close = nextClose(at)
    const head = text.slice(at, open < 0 ? text.length : open).trim()
    if (close >= 0 && (open < 0 || close < open)) {
      // The end of @media, or one too many.
      if (media) kept.push('}')
      media = ''
      at = close + 1
      continue
    }
    if (head.startsWith('@') && semicolon >= 0 && (open < 0 || semicolon < open)) {
      at = semicolon + 1
      continue
    }
    if (open < 0) break
    if (/^@media\b/i.test(head) && media === '') {
      const safe = /^@media[\w\s(),:.-]{0,300}$/i.test(head) ? head : '@media not all'
      media = safe
      kept.push(`${safe} {`)
      at = open + 1
      continue
    }
    const end = matching(text, open)
    if (!head.startsWith('@') && isPlainSelector(head)) {
      const declarations = cleanDeclarations(text.slice(open + 1, end), address)
      if (declarations) kept.push(`${head.replace(/\s+/g, ' ')} { ${declarations} }`)
    }
    at = end + 1
  }
  if (media) kept.push('}')
  return kept.join('\n')
}

/** The next place of a sign, looked for once: asked for growing places only. */
function finder(text: string, sign: string): (from: number) => number {
  let found = -2
  return (from) => {
    if (found !== -1 && found < from) found = text.indexOf(sign, from)
    return found
  }
}

function isPlainSelector(selector: string): boolean {
  return selector !== '' && selector.length <= 1_000 && /^[\p{L}\p{N}\s.#,>+~*:_()[\]="'-]+$/u.test(selector)
}

/** The brace that closes the one at `open`, or the end of the text. */
function matching(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') depth++
    else if (text[at] === '}' && --depth === 0) return at
  }
  return text.length
}

function withoutComments(css: string): string {
  let out = ''
  let at = 0
  for (;;) {
    const start = css.indexOf('/*', at)
    if (start < 0) return out + css.slice(at)
    out += `${css.slice(at, start)} `
    const end = css.indexOf('*/', start + 2)
    if (end < 0) return out
    at = end + 2
  }
}

/** Parts between separators that stand in no string and no brackets. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = []
  let start = 0
  let depth = 0
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (quote) {
      if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (char === '(') depth++
    else if (char === ')') depth = Math.max(0, depth - 1)
    else if (char === separator && depth === 0) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}
