/** Up to two letters for a name: first and last word, or the first letter of an address. Empty names give a dot. */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .replace(/@.*$/, '')
    .split(/[\s._]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
  const [first, last] = [words[0], words.length > 1 ? words.at(-1) : undefined]
  return [first, last].map((word) => firstLetter(word ?? '')).join('') || '·'
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

function firstLetter(word: string): string {
  const start = word.replace(/^[^\p{L}\p{N}]+/u, '')
  const [letter] = graphemes.segment(start)
  return letter?.segment.toLocaleUpperCase() ?? ''
}

/** Always the same of six grounds for the same key, 1 to 6. */
export function faceOf(key: string): 1 | 2 | 3 | 4 | 5 | 6 {
  let hash = 2166136261
  for (const char of key) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619)
  return (((hash >>> 0) % 6) + 1) as 1 | 2 | 3 | 4 | 5 | 6
}
