import { QueryClient } from '@tanstack/react-query'
import * as t from 'typebox'
import { expect, test, vi } from 'vitest'
import { events } from '../contract/kernel.ts'
import { patchKnown } from './realtime.ts'

const table = events({
  'shelf.counted': {
    summary: '',
    data: t.Object({ shelfId: t.String(), count: t.Integer() }),
    stale: [],
    patches: [
      {
        key: ['shelves'],
        id: 'shelfId',
        change: (row: { readonly count: number }, data: { readonly count: number }) => ({ ...row, count: data.count }),
      },
      {
        key: ['shelf', '$shelfId'],
        id: 'shelfId',
        change: (row: { readonly count: number }, data: { readonly count: number }) => ({ ...row, count: data.count }),
      },
    ],
  },
})
const counted = { type: 'shelf.counted', data: { shelfId: 'a', count: 7 } }
const rows = () => [
  { id: 'a', count: 1 },
  { id: 'b', count: 2 },
]

test('a row is set right wherever it is known, and nothing is fetched', () => {
  const client = new QueryClient()
  client.setQueryData(['shelves', { state: 'open' }], {
    pages: [
      { items: [], next: 'x' },
      { items: rows(), next: null },
    ],
  })
  client.setQueryData(['shelves', 'of', 'b'], { items: rows(), next: null })
  client.setQueryData(['shelf', 'a'], rows()[0])
  client.setQueryData(['shelf', 'b'], rows()[1])
  expect(patchKnown(client, [table], counted)).toEqual([])
  expect(client.getQueryData(['shelves', { state: 'open' }])).toEqual({
    pages: [
      { items: [], next: 'x' },
      { items: [{ id: 'a', count: 7 }, rows()[1]], next: null },
    ],
  })
  expect(client.getQueryData(['shelves', 'of', 'b'])).toEqual({ items: [{ id: 'a', count: 7 }, rows()[1]], next: null })
  expect(client.getQueryData(['shelf', 'a'])).toEqual({ id: 'a', count: 7 })
  expect(client.getQueryData(['shelf', 'b'])).toEqual({ id: 'b', count: 2 })
})

test('an answer that holds nothing of it stays the same object, as old as it was', () => {
  const client = new QueryClient()
  const known = { items: [{ id: 'b', count: 2 }], next: null }
  client.setQueryData(['shelves'], known, { updatedAt: 5 })
  patchKnown(client, [table], counted)
  expect(client.getQueryData(['shelves'])).toBe(known)
  expect(client.getQueryState(['shelves'])?.dataUpdatedAt).toBe(5)
})

test('what is stale stays stale, and what is on its way is asked for once more', () => {
  const client = new QueryClient()
  client.setQueryData(['shelves'], { items: rows(), next: null })
  void client.invalidateQueries({ queryKey: ['shelves'], refetchType: 'none' })
  client.setQueryData(['shelf', 'a'], rows()[0])
  const answer = vi.fn<() => Promise<never>>(() => new Promise<never>(() => {}))
  void client.fetchQuery({ queryKey: ['shelf', 'a'], queryFn: answer })
  expect(patchKnown(client, [table], counted)).toEqual([['shelf', 'a']])
  expect(client.getQueryState(['shelves'])?.isInvalidated).toBe(true)
  expect(client.getQueryData(['shelf', 'a'])).toEqual({ id: 'a', count: 7 })
})
