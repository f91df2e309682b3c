// What people of the desk find a customer by, folded so that nobody has to know how a name is written exactly.

const MOST_SEARCH_TEXT = 2000
const MOST_WORD = 200

/** Letters that are no letter with a mark on it, and are typed without by those who don't have the key. */
const plain: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ς: 'σ',
}
const special = new RegExp(`[${Object.keys(plain).join('')}]`, 'g')

/** Lower case, without accents and without what can't be seen: as names are compared. Folding twice changes nothing. */
export function foldForSearch(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFKD')
    .replace(/[\p{M}\p{C}]+/gu, (found) => (/\s/.test(found) ? ' ' : ''))
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(special, (letter) => plain[letter] ?? letter)
    .replace(/\s+/g, ' ')
    .trim()
}

/** The folded words of a customer, each once, at most 2,000 characters. */
export function searchTextOf(words: readonly unknown[]): string {
  const folded = words.flatMap((word) =>
    typeof word === 'string' || typeof word === 'number' ? [foldForSearch(String(word).slice(0, MOST_WORD))] : [],
  )
  return [...new Set(folded)].filter(Boolean).join(' ').slice(0, MOST_SEARCH_TEXT).toWellFormed().trim()
}

/** Text from outside as PostgreSQL can keep it: no NUL, no half surrogates, no control characters, at most `most` long. */
export function storable(text: string, most: number): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, most)
    .toWellFormed()
}
