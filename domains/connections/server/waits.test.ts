import { expect, test } from 'vitest'
import { NotFetched } from '#channels/connector'
import { failureOf, healthAfter, nextTry, pollWait, within } from './waits.ts'

const NOW = new Date('2026-11-22T10:00:00Z')
const middle = () => 0.5

test('what was started together does not stay together', () => {
  expect([pollWait(60, () => 0), pollWait(60, middle), pollWait(60, () => 1)]).toEqual([48_000, 60_000, 72_000])
  expect(pollWait(undefined, middle)).toBe(60_000)
})

test('a platform may ask for patience, an hour at most', () => {
  const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)
  const wait = (retryAt: Date) =>
    (nextTry(failureOf(new NotFetched('later', 'No.', retryAt)), 1, NOW, middle).getTime() - NOW.getTime()) / 1000
  expect([wait(at(5)), wait(at(600)), wait(at(86_400))]).toEqual([30, 600, 3600])
})

test('who has to be connected anew is not asked every half minute', () => {
  const failure = failureOf(new NotFetched('reauthorize', 'Connect it again.'))
  expect((nextTry(failure, 1, NOW, middle).getTime() - NOW.getTime()) / 1000).toBe(960)
  expect(healthAfter(failure, 1, NOW, NOW)).toEqual({ health: 'broken', reason: 'Connect it again.' })
})

test('whatever is thrown has words', () => {
  expect(failureOf(new Error('  '))).toMatchObject({ kind: 'later', words: 'It could not be fetched.' })
  expect(failureOf('no')).toMatchObject({ words: 'no' })
})

test('a promise that never settles is left behind, one that settles in time counts', async () => {
  const never = new Promise<never>(() => {})
  const signal = new AbortController().signal
  await expect(within(never, 10, signal, 'late')).rejects.toThrow('late')
  await expect(within(never, 1000, AbortSignal.abort(new Error('told to')), 'late')).rejects.toThrow('told to')
  expect(await within(Promise.resolve(3), 1000, signal, 'late')).toBe(3)
})
