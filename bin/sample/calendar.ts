// When things happen in the month of the sample: customers write at all hours, most on Mondays and in the evening; people
// answer in service hours; and on one day a volcano did what volcanoes do.
import { isOpenAt, nextOpening, type Hours } from '#workspaces/server'
import type { Random } from '#platform/random'
import { hours, TIME_ZONE } from './cast.ts'

export const DAYS = 30
/** Days before now on which Skarnfell erupted. */
export const VOLCANO_DAY = 11
export const MINUTE = 60_000
const DAY = 1440 * MINUTE

export const serviceHours: Hours = { timeZone: TIME_ZONE, weekly: hours.weekly, holidays: [] }

/** Sunday first, as `getUTCDay` counts: how much is written on that day of the week. */
const WEEK = [5, 13, 11, 10, 10, 11, 7]
/** From midnight, by the hour. */
const CLOCK = [1, 1, 0.5, 0.3, 0.5, 1, 3, 6, 9, 10, 9, 8, 7, 7, 7, 7, 8, 9, 10, 10, 9, 7, 5, 2]

/** The moment at which the airline's clocks show `minutes` from midnight, `day` days before `now`. */
export function onWall(now: Date, day: number, minutes: number): Date {
  const there = new Date(now.getTime() - day * DAY)
  const shifted = there.getTime() + offsetAt(there)
  const midnight = Math.floor(shifted / DAY) * DAY
  return new Date(midnight + minutes * MINUTE - offsetAt(there))
}

const parts = new Intl.DateTimeFormat('en', {
  timeZone: TIME_ZONE,
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
})

/** How far the airline's clocks are ahead of UTC, in milliseconds. */
function offsetAt(moment: Date): number {
  const found = Object.fromEntries(parts.formatToParts(moment).map(({ type, value }) => [type, Number(value)]))
  const wall = Date.UTC(found['year']!, found['month']! - 1, found['day'], found['hour'], found['minute'])
  return wall - Math.floor(moment.getTime() / MINUTE) * MINUTE
}

/** How much of it came in today and yesterday, over what the shape of the week would bring: a desk shows what is on it now. */
const LATELY = 0.1

export function someDay(now: Date, chance: Random): number {
  if (chance.next() < LATELY) return chance.below(2)
  const weights = Array.from({ length: DAYS }, (_, day) => WEEK[new Date(now.getTime() - day * DAY).getUTCDay()]!)
  return weighted(weights, chance)
}

export function someMinute(chance: Random): number {
  return weighted(CLOCK, chance) * 60 + chance.below(60)
}

function weighted(weights: readonly number[], chance: Random): number {
  let left = chance.next() * weights.reduce((sum, weight) => sum + weight, 0)
  for (const [index, weight] of weights.entries()) {
    left -= weight
    if (left < 0) return index
  }
  return weights.length - 1
}

/** How long until a customer writes again, in minutes: mostly soon, sometimes tomorrow. */
export function untilCustomer(chance: Random): number {
  const soon = chance.next()
  if (soon < 0.55) return 1 + chance.below(12)
  return soon < 0.9 ? 15 + chance.below(150) : 300 + chance.below(900)
}

/** When somebody on duty gets to it, `minutes` after `from` at the earliest. */
export function onDuty(from: Date, minutes: number, chance: Random): Date {
  const wished = new Date(from.getTime() + minutes * MINUTE)
  if (isOpenAt(serviceHours, wished)) return wished
  const opening = nextOpening(serviceHours, wished) ?? wished
  return new Date(opening.getTime() + (2 + chance.below(55)) * MINUTE)
}

/** How long an answer takes while the desk is open; longer on the day of the ash and the day after. */
export function untilAnswer(now: Date, from: Date, chance: Random): number {
  const day = Math.floor((now.getTime() - from.getTime()) / DAY)
  const busy = day === VOLCANO_DAY || day === VOLCANO_DAY - 1 ? 3 : 1
  return Math.round((3 + chance.next() ** 2 * 85) * busy)
}
