import { expect, test } from 'vitest'
import { sharesOf } from './worker.ts'

const waiting = (...of: readonly (readonly [lane: number, workspaceId: string])[]) =>
  of.map(([lane, workspaceId]) => ({ lane, workspaceId }))

test('every lane is in one share, and no share spans two workspaces', () => {
  const shares = sharesOf(waiting([3, 'a'], [1, 'b'], [7, 'a'], [9, 'a'], [2, 'a']), 2)
  expect(shares).toEqual([
    { workspaceId: 'a', lanes: [3, 9] },
    { workspaceId: 'a', lanes: [7, 2] },
    { workspaceId: 'b', lanes: [1] },
  ])
})

test('nothing waiting makes no shares', () => {
  expect(sharesOf([], 2)).toEqual([])
})
