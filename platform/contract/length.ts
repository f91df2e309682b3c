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

/** The limit that `text` breaks worst, or null when it fits them all. */
export function overLimit(
  limits: readonly TextLimit[],
  text: string,
): (TextLimit & { readonly length: number }) | null {
  const broken = limits
    .map((limit) => ({ ...limit, length: lengthIn(limit.unit, text) }))
    .filter(({ length, max }) => length > max)
    .sort((a, b) => b.length / b.max - a.length / a.max)
  return broken[0] ?? null
}
