// Near-duplicates: the same complaint sent again, a little changed. The key of a message is a sketch of its word
// pieces (MinHash, one value a slot); two messages are near where most slots agree.
import { makeFeatures, readFeatures, type Features } from './text/features.ts'

export const SLOTS = 32
const BANDS = 8

/** The least value of each of 32 hashes over the message's shingles, fourteen bits each, one character a slot. Empty where no words are. */
export type DuplicateKey = string

/** From this share of equal slots two messages are one. */
export const NEAR = 0.5

const SALTS = Uint32Array.from({ length: SLOTS }, (_, slot) => Math.imul(slot + 1, 0x9e3779b1) >>> 0)
const least = new Uint32Array(SLOTS)

/** The sketch of a message whose features were read. Words count in threes and alone; case, accents, names and links do not. */
export function duplicateKeyOf({ lexicon, lexical }: Features): DuplicateKey {
  if (lexical === 0) return ''
  least.fill(0xffffffff)
  const count = Math.min(lexical, 200)
  for (let at = 0; at < count; at += 1) {
    const word = lexicon[at]!
    take(word)
    if (at + 2 < count) take(Math.imul(Math.imul(word ^ 0x51ed270b, 31) ^ lexicon[at + 1]!, 31) ^ lexicon[at + 2]!)
  }
  return String.fromCharCode(...Array.from(least, (value) => 0x4e00 + (value >>> 18)))
}

function take(shingle: number): void {
  for (let slot = 0; slot < SLOTS; slot += 1) {
    let hash = shingle ^ SALTS[slot]!
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39)
    hash = (hash ^ (hash >>> 15)) >>> 0
    if (hash < least[slot]!) least[slot] = hash
  }
}

/** Share of equal slots, from 0 to 1: about the share of shingles that both have. Symmetric; 1 for equal keys, 0 for empty ones. */
export function duplicateSimilarity(a: DuplicateKey, b: DuplicateKey): number {
  if (a === '' || b === '' || a.length !== b.length) return 0
  let equal = 0
  for (let slot = 0; slot < a.length; slot += 1) if (a.charCodeAt(slot) === b.charCodeAt(slot)) equal += 1
  return equal / SLOTS
}

export const areNearDuplicates = (a: DuplicateKey, b: DuplicateKey): boolean => duplicateSimilarity(a, b) >= NEAR

/** What to look near-duplicates up by: messages that share no band are hardly ever near. */
export function bandsOf(key: DuplicateKey): string[] {
  if (key === '') return []
  const size = SLOTS / BANDS
  return Array.from({ length: BANDS }, (_, band) => `${band}:${key.slice(band * size, (band + 1) * size)}`)
}

/** The sketch of a text by itself. */
export function duplicateKey(text: string): DuplicateKey {
  return duplicateKeyOf(readFeatures(text, makeFeatures()))
}
