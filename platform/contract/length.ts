// How long a text is in the unit that a platform counts in. Shared by the server, which refuses, and the composer, which warns.

/** How a text's length is counted: `utf16` units, `grapheme`s as a reader sees them, utf-8 `byte`s. */
export type LengthUnit = 'utf16' | 'grapheme' | 'byte'

export interface TextLimit {
  readonly unit: LengthUnit
  readonly max: number
  /** Every http(s) address counts as so many, whatever its length (Mastodon: 23). */
  readonly linksCountAs?: number
  /** Of `@name@server`, only `@name` counts (Mastodon). */
  readonly mentionsWithoutServer?: boolean
  /** The line that a text is hidden behind counts, as it stands (Mastodon). */
  readonly countsWarning?: boolean
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const utf8 = new TextEncoder()

/** Length of `text` in `unit`. */
export function lengthIn(unit: LengthUnit, text: string): number {
  switch (unit) {
    case 'utf16':
      return text.length
    case 'grapheme':
      return [...graphemes.segment(text)].length
    case 'byte':
      return utf8.encode(text).length
  }
}

const LINK = /https?:\/\/[^\s<>"]+/gi
/** What ends a sentence or a bracket around a link is not of the link. */
const AFTER_LINK = /[.,;:!?'’”)\]}…]+$/
const MENTION = /(?<![\w/@])@([a-z0-9_]+(?:[a-z0-9_.-]*[a-z0-9_])?)@[\p{L}\p{N}][\p{L}\p{N}.-]*/giu

/** Length of `text` as a limit counts it: links and mentions may count for less, or more, than they are long. */
export function lengthOf(limit: TextLimit, text: string): number {
  const { unit, linksCountAs, mentionsWithoutServer } = limit
  if (linksCountAs === undefined && !mentionsWithoutServer) return lengthIn(unit, text)
  let links = 0
  const withoutLinks =
    linksCountAs === undefined
      ? text
      : text.replace(LINK, (link) => {
          links += 1
          // A mark in its place keeps what stands on both sides apart, and counts for itself.
          return `\u200b${link.match(AFTER_LINK)?.[0] ?? ''}`
        })
  const counted = mentionsWithoutServer ? withoutLinks.replace(MENTION, '@$1') : withoutLinks
  return lengthIn(unit, counted) + links * ((linksCountAs ?? 0) - lengthIn(unit, '\u200b'))
}

/** What is left of the limits behind a warning. */
export function limitsBehind(limits: readonly TextLimit[], warning: string | null): readonly TextLimit[] {
  const words = warning?.trim() ?? ''
  if (words === '' || !limits.some(({ countsWarning }) => countsWarning)) return limits
  return limits.map((limit) =>
    limit.countsWarning ? { ...limit, max: Math.max(0, limit.max - lengthIn(limit.unit, words)) } : limit,
  )
}

/** The limit that `text` breaks worst, or null when it fits them all. */
export function overLimit(
  limits: readonly TextLimit[],
  text: string,
): (TextLimit & { readonly length: number }) | null {
  const broken = limits
    .map((limit) => ({ ...limit, length: lengthOf(limit, text) }))
    .filter(({ length, max }) => length > max)
    .sort((a, b) => b.length / b.max - a.length / a.max)
  return broken[0] ?? null
}
