// What every UTF-16 unit is and what it is read as: two tables of 64 Ki, made once, so that the scanners need no regular
// expression a token. Reading folds case, accents of Latin letters and widths, and drops what nobody sees.

/** Kinds of characters, as far as reading a message goes. */
export const Kind = {
  space: 0,
  letter: 1,
  digit: 2,
  /** Joins two letters: don't, l'heure. */
  apostrophe: 3,
  mark: 4,
  surrogate: 5,
  /** Dropped: zero-width, combining accents, variation selectors, Arabic vowel signs. */
  unseen: 6,
  symbol: 7,
} as const

export const kindOf = new Uint8Array(65_536)
export const foldOf = new Uint16Array(65_536)
export const isUpper = new Uint8Array(65_536)

const LETTER = /[\p{L}\p{M}]/u
const DIGIT = /\p{Nd}/u
const SYMBOL = /[\p{So}\p{Sk}\p{Sm}]/u
const UPPER = /\p{Lu}/u

function isUnseen(unit: number): boolean {
  return (
    (unit >= 0x200b && unit <= 0x200f) ||
    (unit >= 0x202a && unit <= 0x202e) ||
    (unit >= 0x2060 && unit <= 0x2064) ||
    (unit >= 0x2066 && unit <= 0x2069) ||
    (unit >= 0x0300 && unit <= 0x036f) ||
    (unit >= 0x064b && unit <= 0x0652) ||
    (unit >= 0xfe00 && unit <= 0xfe0f) ||
    unit === 0x0640 ||
    unit === 0x0670 ||
    unit === 0x00ad ||
    unit === 0xfeff
  )
}

/** The one unit that this unit is read as: lower case, without accent if Latin, Greek or Cyrillic-free of width. */
function foldUnit(unit: number): number {
  const character = String.fromCharCode(unit)
  const lower = character.normalize('NFKC').toLowerCase()
  const folded = lower.length === 1 ? lower.charCodeAt(0) : unit
  if (folded >= 0x00c0 && folded <= 0x024f) {
    const base = String.fromCharCode(folded).normalize('NFD').charCodeAt(0)
    if (base < 0x80) return base
  }
  // Arabic: the forms of alef are one letter, as are the two final yeh and teh marbuta/heh, which people mix freely.
  if (folded === 0x0622 || folded === 0x0623 || folded === 0x0625) return 0x0627
  if (folded === 0x0649) return 0x064a
  if (folded === 0x0629) return 0x0647
  return folded
}

function classify(unit: number, character: string): number {
  if (isUnseen(unit)) return Kind.unseen
  if (unit >= 0xd800 && unit <= 0xdfff) return Kind.surrogate
  if (unit === 0x27 || unit === 0x2019 || unit === 0x60 || unit === 0x02bc) return Kind.apostrophe
  if (LETTER.test(character)) return Kind.letter
  if (DIGIT.test(character)) return Kind.digit
  if (unit <= 0x20 || unit === 0x7f || (unit >= 0x80 && unit <= 0xa0) || /\s/.test(character)) return Kind.space
  if (unit > 0x7f && SYMBOL.test(character)) return Kind.symbol
  return Kind.mark
}

for (let unit = 0; unit < 65_536; unit += 1) {
  const character = String.fromCharCode(unit)
  kindOf[unit] = classify(unit, character)
  foldOf[unit] = unit < 0xd800 || unit > 0xdfff ? foldUnit(unit) : unit
  if (UPPER.test(character)) isUpper[unit] = 1
}
