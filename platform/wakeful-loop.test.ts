import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runWakefulLoop, type WakefulLoopOptions } from './wakeful-loop.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const run = (options: Partial<WakefulLoopOptions> & Pick<WakefulLoopOptions, 'round'>) =>
  runWakefulLoop({ log: pino({ level: 'silent' }), stumbled: 'it stumbled', ...options })

/** Lets everything happen that waits for promises alone. */
const now = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)

/** A round that goes on until it is told to end. */
function heldRounds(ms = 1000) {
  const ends: (() => void)[] = []
  const round = vi.fn<() => Promise<number>>(() => new Promise<number>((resolve) => ends.push(() => resolve(ms))))
  return { round, end: () => ends.shift()!() }
}

test('rests for as long as the round says, and not at all after 0', async () => {
  const rests = [0, 0, 40]
  const round = vi.fn<() => Promise<number>>(async () => rests.shift() ?? 5000)
  await using _loop = run({ round })
  await now()
  expect(round).toHaveBeenCalledTimes(3)
  await vi.advanceTimersByTimeAsync(39)
  expect(round).toHaveBeenCalledTimes(3)
  await vi.advanceTimersByTimeAsync(1)
  expect(round).toHaveBeenCalledTimes(4)
})

test('being woken ends the rest at once', async () => {
  const round = vi.fn<() => Promise<number>>(async () => 1000)
  await using loop = run({ round })
  await now()
  loop.wake()
  await now()
  expect(round).toHaveBeenCalledTimes(2)
})

test('being woken during a round is never lost, and makes one more round however often it was', async () => {
  const { round, end } = heldRounds()
  const loop = run({ round })
  await now()
  loop.wake()
  loop.wake()
  end()
  await now()
  expect(round).toHaveBeenCalledTimes(2)
  end()
  await now()
  expect(round).toHaveBeenCalledTimes(2)
  await loop[Symbol.asyncDispose]()
})

test('what subscribes it is unsubscribed at its end', async () => {
  const wakers = new Set<() => void>()
  const round = vi.fn<() => Promise<number>>(async () => 1000)
  const loop = run({
    round,
    wokenBy: (wake) => {
      wakers.add(wake)
      return () => void wakers.delete(wake)
    },
  })
  await now()
  for (const wake of wakers) wake()
  await now()
  expect(round).toHaveBeenCalledTimes(2)
  await loop[Symbol.asyncDispose]()
  expect(wakers.size).toBe(0)
})

test('stopping during a rest does not wait for the rest', async () => {
  const round = vi.fn<() => Promise<number>>(async () => 1_000_000)
  const loop = run({ round })
  await now()
  await loop[Symbol.asyncDispose]()
  expect(round).toHaveBeenCalledTimes(1)
  expect(vi.getTimerCount()).toBe(0)
})

test('stopping during a round tells it so, waits for it, and begins no other', async () => {
  const { round, end } = heldRounds(0)
  let told = false
  const loop = run({
    round: (stopping) => {
      stopping.addEventListener('abort', () => (told = true))
      return round()
    },
  })
  await now()
  let stopped = false
  const stopping = loop[Symbol.asyncDispose]().then(() => (stopped = true))
  loop.wake()
  await now()
  expect([told, stopped]).toEqual([true, false])
  end()
  await stopping
  expect(round).toHaveBeenCalledTimes(1)
})

test('a round that throws is tried again later and later, however often it is woken, and soon again after one that worked', async () => {
  let fails = true
  const error = vi.fn<(...words: unknown[]) => void>()
  const round = vi.fn<() => Promise<number>>(async () => {
    if (fails) throw new Error('no')
    return 1000
  })
  await using loop = run({ round, log: { error } as never })
  await now()
  for (const ms of [250, 500, 1000, 2000, 2000]) {
    const before = round.mock.calls.length
    loop.wake()
    await vi.advanceTimersByTimeAsync(ms - 1)
    expect(round).toHaveBeenCalledTimes(before)
    await vi.advanceTimersByTimeAsync(1)
    expect(round).toHaveBeenCalledTimes(before + 1)
  }
  expect(error).toHaveBeenCalledTimes(6)
  expect(error).toHaveBeenLastCalledWith({ err: expect.any(Error) }, 'it stumbled')
  fails = false
  await vi.advanceTimersByTimeAsync(2000)
  fails = true
  await vi.advanceTimersByTimeAsync(1000)
  const before = round.mock.calls.length
  await vi.advanceTimersByTimeAsync(250)
  expect(round).toHaveBeenCalledTimes(before + 1)
})

test('stopping during the rest after an error does not wait for it', async () => {
  const loop = run({ round: () => Promise.reject(new Error('no')) })
  await now()
  await loop[Symbol.asyncDispose]()
  expect(vi.getTimerCount()).toBe(0)
})

test('a database that is away is no news', async () => {
  const error = vi.fn<(...words: unknown[]) => void>()
  await using _loop = run({
    round: () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })),
    log: { error } as never,
  })
  await vi.advanceTimersByTimeAsync(5000)
  expect(error).not.toHaveBeenCalled()
})
