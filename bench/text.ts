// Words as people use them: a few all the time, most hardly ever (Zipf), made from syllables so that nobody's texts are needed.
import { seededRandom, type Random } from '#platform/testing/random'

const ONSETS = ['b', 'br', 'd', 'f', 'fl', 'g', 'h', 'j', 'k', 'l', 'm', 'n', 'p', 'r', 's', 'st', 't', 'tr', 'v', 'z']
const NUCLEI = ['a', 'e', 'i', 'o', 'u', 'ai', 'ea', 'ou']
const CODAS = ['', '', 'l', 'm', 'n', 'r', 's', 't', 'ck', 'nd']

const VOCABULARY = 20_000

/** `VOCABULARY` different words; the earlier, the shorter and the more used. */
export function vocabulary(): string[] {
  const random = seededRandom(20_261_121)
  const words = new Set<string>()
  while (words.size < VOCABULARY) {
    const syllables = 1 + Math.floor(words.size / 1500 / 4) + random.below(2)
    let word = ''
    for (let i = 0; i < Math.min(4, syllables); i++)
      word += random.pick(ONSETS) + random.pick(NUCLEI) + random.pick(CODAS)
    words.add(word)
  }
  return [...words]
}

/** A rank below `count`, by Zipf's law with exponent 1. */
export const zipf = (random: Random, count: number): number => Math.floor(Math.exp(random.next() * Math.log(count)) - 1)

/** Between 4 and about 60 words, most texts short. */
export function textOf(random: Random, words: readonly string[]): string {
  const length = 4 + Math.floor(-Math.log(1 - random.next()) * 14)
  return Array.from({ length: Math.min(length, 120) }, () => words[zipf(random, words.length)]).join(' ')
}
