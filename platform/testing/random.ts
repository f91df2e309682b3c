// Chance for tests, and how much of it.
export { seededRandom, type Random } from '../random.ts'

/** How many malformed inputs each fuzz test tries: RAPPORT_FUZZ, 500 where it is not set. */
export function fuzzRounds(): number {
  const given = Number(process.env['RAPPORT_FUZZ'] ?? 500)
  if (!Number.isInteger(given) || given < 1) throw new Error('RAPPORT_FUZZ must be a whole number from 1')
  return given
}
