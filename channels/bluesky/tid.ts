// Record keys of posts: 64 bits of time and chance in 13 letters that sort as they were made (https://atproto.com/specs/tid).
import { createHash } from 'node:crypto'

const LETTERS = '234567abcdefghijklmnopqrstuvwxyz'
/** Microseconds that a name may stand before its time, so that names of one instant differ: 17 s. */
const SPREAD_BITS = 24n
const CLOCK_BITS = 10n

/** @param micros since 1970, at most 53 bits; @param clock 10 bits */
export function tidOf(micros: bigint, clock: bigint): string {
  let value = (BigInt.asUintN(53, micros) << CLOCK_BITS) | BigInt.asUintN(10, clock)
  let tid = ''
  for (let place = 0; place < 13; place++) {
    tid = LETTERS[Number(value & 31n)]! + tid
    value >>= 5n
  }
  return tid
}

export function isTid(value: string): boolean {
  return /^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$/.test(value)
}

/** The moment in a TID, in microseconds since 1970. */
export function microsOf(tid: string): bigint {
  let value = 0n
  for (const letter of tid) value = (value << 5n) | BigInt(LETTERS.indexOf(letter))
  return value >> CLOCK_BITS
}

/**
 * The record key of a message: the same for the same message and moment, another for every other message. Two that are made
 * more than 17 seconds apart sort as they were made.
 */
export function tidFor(messageId: string, at: Date): string {
  const chance = createHash('sha256').update(`bluesky post ${messageId}`).digest().readBigUInt64BE()
  const micros = BigInt(Math.max(0, at.getTime())) * 1000n
  const slot = (micros >> SPREAD_BITS) << SPREAD_BITS
  return tidOf(slot + BigInt.asUintN(Number(SPREAD_BITS), chance >> CLOCK_BITS), chance)
}

/** A record key that says nothing of time: for what is to be there once, whoever writes it (a block of somebody). */
export function tidNamed(name: string): string {
  const chance = createHash('sha256').update(name).digest().readBigUInt64BE()
  return tidOf(chance >> 11n, chance)
}
