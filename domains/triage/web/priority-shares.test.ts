import { expect, test } from 'vitest'
import { piecesOf } from './priority-shares.ts'

const now = Date.parse('2026-11-22T12:00:00Z')
const reason = (code: 'urgency' | 'sentiment', minutes: number) => ({ code, words: code, minutes, share: 0.5 })

test('waiting is a reason like the others, and the shares add up to the whole, the heaviest first', () => {
  const { pieces, minutes } = piecesOf(
    { waitingFrom: '2026-11-22T10:00:00Z', reasons: [reason('urgency', 150), reason('sentiment', 30)] },
    now,
  )
  expect(minutes).toBe(300)
  expect(pieces.map(({ code, share }) => [code, share])).toEqual([
    ['urgency', 0.5],
    ['waiting', 0.4],
    ['sentiment', 0.1],
  ])
})

test('what just came and has no reason has no shares at all', () => {
  expect(piecesOf({ waitingFrom: '2026-11-22T12:00:10Z', reasons: [] }, now)).toEqual({ pieces: [], minutes: 0 })
})
