// Figures of a model by what people said of it. Pure.
import type { Share } from '../../contract.ts'

/** 97.5 % of the normal distribution lie below. */
const Z = 1.959963984540054

/** A share with its Wilson interval, which stays inside 0 and 1 and is honest about few. */
export function shareOf(hits: number, n: number): Share {
  if (n === 0) return { value: null, low: null, high: null, n: 0 }
  const share = hits / n
  const middle = share + (Z * Z) / (2 * n)
  const reach = Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n))
  const whole = 1 + (Z * Z) / n
  return { value: share, low: Math.max(0, (middle - reach) / whole), high: Math.min(1, (middle + reach) / whole), n }
}

export interface Pair {
  readonly said: string
  readonly right: string
  readonly count: number
}

/** `counts[said][right]`, over the values that occur, the known ones first in their order. */
export function confusionOf(
  pairs: readonly Pair[],
  known: readonly string[],
): { values: string[]; counts: number[][] } {
  const found = new Set(pairs.flatMap(({ said, right }) => [said, right]))
  const values = [
    ...known.filter((value) => found.has(value)),
    ...[...found].filter((one) => !known.includes(one)).sort(),
  ]
  const counts = values.map(() => values.map(() => 0))
  for (const { said, right, count } of pairs) counts[values.indexOf(said)]![values.indexOf(right)]! += count
  return { values, counts }
}

/** Population stability index of two distributions; null where either is empty. 0 where they are alike. */
export function driftIndex(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): number | null {
  const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0)
  const [all, fresh] = [sum(before), sum(now)]
  if (all === 0 || fresh === 0) return null
  const values = [...new Set([...before.keys(), ...now.keys()])]
  // Half a message of each kind, so that one that never occurred does not weigh without bound.
  const share = (counts: ReadonlyMap<string, number>, whole: number, value: string) =>
    ((counts.get(value) ?? 0) + 0.5) / (whole + 0.5 * values.length)
  return values.reduce((index, value) => {
    const [a, b] = [share(before, all, value), share(now, fresh, value)]
    return index + (b - a) * Math.log(b / a)
  }, 0)
}
