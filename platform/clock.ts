/** Where the program learns the time. Handed in as an argument, so that tests own time; the database never says `now()`. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands still until it is told otherwise. `advance` takes milliseconds and may be negative: clocks jump. */
export interface TestClock extends Clock {
  advance(milliseconds: number): void
  set(date: Date): void
}

/** @param start a Date or an ISO string */
export function testClock(start: Date | string): TestClock {
  let time = toTime(new Date(start))
  return {
    now: () => new Date(time),
    advance(milliseconds) {
      time = toTime(new Date(time + milliseconds))
    },
    set(date) {
      time = toTime(date)
    },
  }
}

function toTime(date: Date): number {
  const time = date.getTime()
  if (Number.isNaN(time)) throw new RangeError('A clock needs a valid date')
  return time
}
