// Chance that can be repeated: the same seed, the same run.

export interface Random {
  /** From 0 up to and without 1. */
  next(): number
  /** A whole number from 0 up to and without `below`. */
  below(below: number): number
  pick<T>(from: readonly T[]): T
}

/** Mulberry32: 32 bits of state, good enough to break programs with, useless for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (below: number) => Math.floor(next() * below)
  return {
    next,
    below,
    pick(from) {
      if (from.length === 0) throw new RangeError('Nothing to pick from')
      return from[below(from.length)]!
    },
  }
}
