import { expect, test } from 'vitest'
import { BACK_OFF_SECONDS, nextOf, outcomeOfLookUp } from './outcomes.ts'

const now = new Date('2026-11-02T09:00:00Z')
const seconds = (next: { at: Date | null }) => (next.at ? (next.at.getTime() - now.getTime()) / 1000 : null)
const first = { attempt: 1, doubtful: false }

test('what arrived, or will be told of, is sent and never looked at again', () => {
  for (const state of ['sent', 'pending'] as const)
    expect(nextOf(now, first, { state, externalId: 'x' }, true)).toEqual({
      outbound: 'settled',
      message: 'sent',
      at: null,
      reason: null,
    })
})

test('what is refused has failed with the reason', () => {
  expect(nextOf(now, first, { state: 'rejected', reason: 'too rude' }, true)).toMatchObject({
    outbound: 'settled',
    message: 'failed',
    reason: 'too rude',
  })
})

test('what surely did not arrive is tried again later and later, and then has failed', () => {
  const outcome = { state: 'retry', reason: 'busy' } as const
  const waits = BACK_OFF_SECONDS.map((_, i) => seconds(nextOf(now, { attempt: i + 1, doubtful: false }, outcome, true)))
  expect(waits).toEqual([...BACK_OFF_SECONDS])
  expect(nextOf(now, { attempt: BACK_OFF_SECONDS.length + 1, doubtful: false }, outcome, true)).toMatchObject({
    outbound: 'settled',
    message: 'failed',
    reason: 'Tried 11 times: busy',
  })
})

test('the platform’s word on when to come back counts, unless it lies in the past', () => {
  const at = (moment: string) =>
    seconds(nextOf(now, first, { state: 'retry', reason: '', retryAt: new Date(moment) }, true))
  expect(at('2026-11-02T09:01:00Z')).toBe(60)
  expect(at('2026-11-02T08:00:00Z')).toBe(BACK_OFF_SECONDS[0])
})

test('a broken connection keeps the message waiting', () => {
  expect(nextOf(now, { attempt: 40, doubtful: false }, { state: 'reauthorize', reason: 'token' }, true)).toMatchObject({
    outbound: 'queued',
    message: 'queued',
  })
})

test('a doubt is asked about some times and then left to a person; where nobody can be asked, at once', () => {
  const outcome = { state: 'unknown', reason: 'timeout' } as const
  const asked = [1, 2, 3, 4, 5, 6].map((attempt) =>
    seconds(nextOf(now, { attempt, doubtful: attempt > 1 }, outcome, true)),
  )
  expect(asked).toEqual([2, 10, 30, 120, 600, null])
  expect(nextOf(now, first, outcome, false)).toMatchObject({ outbound: 'unknown', message: 'unknown', at: null })
})

test('a doubt that comes after many tries is asked about too', () => {
  const outcome = { state: 'unknown', reason: 'timeout' } as const
  expect(seconds(nextOf(now, { attempt: 9, doubtful: false }, outcome, true))).toBe(2)
  expect(seconds(nextOf(now, { attempt: 10, doubtful: true }, outcome, true))).toBe(null)
})

test('only a clear no lets a doubtful message leave again', () => {
  expect(outcomeOfLookUp({ state: 'found', externalId: 'x' })).toEqual({ state: 'sent', externalId: 'x' })
  expect(outcomeOfLookUp({ state: 'absent' })).toBe('send')
  expect(outcomeOfLookUp({ state: 'unknown', reason: 'y' })).toEqual({ state: 'unknown', reason: 'y' })
})
