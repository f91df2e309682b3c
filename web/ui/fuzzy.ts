export type Match = { score: number; /** Positions of the matched characters, for underlining. */ at: number[] }

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/**
 * How well `query` fits `text`: every character must occur in order. Beginnings of words and unbroken runs count
 * more, gaps and length count less. Accents and case do not matter. Null when it does not fit at all.
 */
export function fuzzyMatch(query: string, text: string): Match | null {
  const wanted = [...fold(query)].filter((char) => char !== ' ')
  const chars = [...text].map((char) => fold(char) || char)
  if (wanted.length === 0) return { score: 0, at: [] }

  const whole = chars.join('').indexOf(fold(query).trim())
  if (whole >= 0 && chars.every((char) => char.length === 1)) {
    const start = startsWord(chars, whole) ? 40 : 20
    return {
      score: start + wanted.length * 4 - chars.length * 0.1 - whole * 0.2,
      at: range(whole, fold(query).trim().length),
    }
  }
  return scattered(wanted, chars)
}

function scattered(wanted: string[], chars: string[]): Match | null {
  const at: number[] = []
  let score = -chars.length * 0.1
  let from = 0
  for (const char of wanted) {
    const boundary = chars.findIndex((c, i) => i >= from && c === char && startsWord(chars, i))
    const next = chars.indexOf(char, from)
    if (next < 0) return null
    // The next character of a run beats the beginning of a later word, which beats anything in between.
    const found =
      next === from && at.length > 0
        ? next
        : boundary >= 0 && canFinish(wanted, at.length, chars, boundary)
          ? boundary
          : next
    score += found === from && at.length > 0 ? 4 : startsWord(chars, found) ? 3 : 0.5 - Math.min(found - from, 10) * 0.1
    at.push(found)
    from = found + 1
  }
  return { score, at }
}

function canFinish(wanted: string[], done: number, chars: string[], at: number): boolean {
  let from = at + 1
  for (const char of wanted.slice(done + 1)) {
    const next = chars.indexOf(char, from)
    if (next < 0) return false
    from = next + 1
  }
  return true
}

const startsWord = (chars: string[], at: number) => at === 0 || /[\s\-_/.:(]/.test(chars[at - 1] ?? '')
const range = (from: number, length: number) => Array.from({ length }, (_, i) => from + i)

/** The items that fit, best first; with an empty query all of them in their own order. */
export function fuzzyFilter<T>(query: string, items: T[], textOf: (item: T) => string[]): { item: T; match: Match }[] {
  if (query.trim() === '') return items.map((item) => ({ item, match: { score: 0, at: [] } }))
  return items
    .flatMap((item) => {
      const [own, ...others] = textOf(item).map((text) => fuzzyMatch(query, text))
      // A hit in a keyword finds the item, but nothing in its label can be underlined.
      const hits = [own, ...others.map((match) => match && { score: match.score - 8, at: [] })].filter((m) => m != null)
      const match = hits.toSorted((a, b) => b.score - a.score)[0]
      return match ? [{ item, match }] : []
    })
    .toSorted((a, b) => b.match.score - a.match.score)
}
