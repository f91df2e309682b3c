import { expect, test } from 'vitest'
import type { Message } from '../contract.ts'
import { arrangeThread } from './arrange.ts'
import { noPost } from './no-post.ts'
import { journeyOf } from './journey.ts'
import { snoozeChoices } from './snooze-times.ts'
import { checkInboxSearch } from './views.ts'

let made = 0
function message(given: Partial<Message>): Message {
  made += 1
  const at = `2026-11-02T09:${String(made % 60).padStart(2, '0')}:00Z`
  return {
    id: `m${made}`,
    conversationId: 'c',
    seq: made,
    episode: 1,
    kind: 'in',
    visibility: 'private',
    parentId: null,
    identityId: 'i',
    memberId: null,
    authorName: 'Jo',
    subject: null,
    body: 'x',
    attachments: [],
    occurredAt: at,
    editedAt: null,
    deletedAt: null,
    state: null,
    stateReason: null,
    stateAt: null,
    undoUntil: null,
    ...noPost,
    placedBy: 'thread',
    ancestor: null,
    addressees: null,
    automatic: null,
    hasHtml: false,
    quoted: null,
    raw: false,
    data: {},
    ...given,
  }
}
const dayOf = (at: string): string => at.slice(0, 10)
const told = (messages: readonly Message[], shape: 'line' | 'tree') =>
  arrangeThread(messages, shape, dayOf).map((block) =>
    block.kind === 'message' ? `${block.depth} ${block.message.body}` : block.kind,
  )

test('days and the joins between public and private are drawn once', () => {
  const messages = [
    message({ body: 'a', visibility: 'public' }),
    message({ body: 'n', kind: 'note' }),
    message({ body: 'b', visibility: 'private' }),
    message({ body: 'c', visibility: 'private', occurredAt: '2026-11-03T08:00:00Z' }),
  ]
  expect(told(messages, 'line')).toEqual(['day', '0 a', '0 n', 'join', '0 b', 'day', '0 c'])
})

test('in a tree answers stand below what they answer, and one whose parent is not loaded stands by itself', () => {
  const post = message({ body: 'post', visibility: 'public' })
  const first = message({ body: 'first', visibility: 'public', parentId: post.id })
  const second = message({ body: 'second', visibility: 'public', parentId: post.id })
  const deep = message({ body: 'deep', visibility: 'public', parentId: first.id })
  const lost = message({ body: 'lost', visibility: 'public', parentId: 'elsewhere' })
  expect(told([post, first, second, deep, lost], 'tree')).toEqual([
    'day',
    '0 post',
    '1 first',
    '2 deep',
    '1 second',
    '0 lost',
  ])
})

test('in a tree notes and what happened stand at their place in time, and say their day when it is another one', () => {
  const early = message({ body: 'assigned', kind: 'system' })
  const post = message({ body: 'post', visibility: 'public' })
  const first = message({ body: 'first', visibility: 'public', parentId: post.id })
  const second = message({ body: 'second', visibility: 'public', parentId: post.id })
  const note = message({ body: 'note', kind: 'note' })
  const next = { occurredAt: '2026-11-03T08:00:00Z' }
  const deep = message({ body: 'deep', visibility: 'public', parentId: first.id, ...next })
  const resolved = message({ body: 'resolved', kind: 'system', ...next })
  const messages = [early, post, first, second, note, deep, resolved]
  expect(told(messages, 'tree')).toEqual([
    'day',
    'system',
    '0 post',
    '1 first',
    '2 deep',
    'system',
    '1 second',
    '0 note',
  ])
  const dated = arrangeThread(messages, 'tree', dayOf).filter((block) => 'dated' in block && block.dated)
  expect(dated.map((block) => 'message' in block && block.message.body)).toEqual(['deep', 'resolved'])
})

test('messages that answer each other in a ring do not vanish', () => {
  const a = message({ id: 'ring-a', body: 'a', visibility: 'public', parentId: 'ring-b' })
  const b = message({ id: 'ring-b', body: 'b', visibility: 'public', parentId: 'ring-a' })
  expect(arrangeThread([a, b], 'tree', dayOf).filter(({ kind }) => kind === 'message')).toHaveLength(2)
})

test('the journey counts from the first word of the episode, and an answer that failed is none', () => {
  const heard = message({ occurredAt: '2026-11-02T09:00:00Z' })
  const failed = message({ kind: 'out', state: 'failed', occurredAt: '2026-11-02T09:01:00Z' })
  const answer = message({ kind: 'out', state: 'sent', occurredAt: '2026-11-02T09:10:00Z' })
  const conversation = { episode: 1, resolvedAt: null, firstMessageAt: heard.occurredAt }
  const steps = journeyOf(conversation, [heard, failed, answer], true)
  expect(steps?.map(({ id, took }) => [id, took])).toEqual([
    ['heard', null],
    ['answered', 600_000],
    ['resolved', null],
  ])
})

test('snooze offers moments that are still to come', () => {
  const evening = new Date(2026, 10, 1, 21, 30)
  for (const { until } of snoozeChoices(evening)) expect(until.getTime()).toBeGreaterThan(evening.getTime())
  expect(snoozeChoices(evening).map(({ id }) => id)).not.toContain('evening')
})

test('an address with nonsense in it opens the open conversations', () => {
  expect(checkInboxSearch({ view: 'everything', team: 'x', sort: 3 })).toEqual({})
  expect(checkInboxSearch({ view: 'mine', sort: 'priority' })).toEqual({ view: 'mine', sort: 'priority' })
})
