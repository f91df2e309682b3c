import { randomUUIDv7 } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { Actor } from '#platform/actor'
import { useDatabase } from '#platform/testing/database'
import { aMember, aTeam } from '../../workspaces/server/factories.ts'
import { resolveConversation } from './conversations.ts'
import { aConversation, aMessage, anInbox, at, DAY, minute, takeIn, type MadeInbox } from './factories.ts'
import { createLabel, labelConversation } from './labels.ts'
import { countConversations, listConversations, type ListInput } from './lists.ts'
import { listMessages } from './messages.ts'
import { searchMessages } from './search-hits.ts'
import { canSee, findConversation } from './visibility.ts'

const database = useDatabase()
let inbox: MadeInbox
let teams: string[]
let agents: (Actor & { readonly id: string })[]
let rows: { id: string; teamId: string | null; assigneeId: string | null; last: number }[]
let label: string

beforeAll(async () => {
  inbox = await anInbox(database.db)
  teams = [(await aTeam(database.db, inbox.workspaceId)).id, (await aTeam(database.db, inbox.workspaceId)).id]
  agents = [
    await aMember(database.db, inbox.workspaceId, 'agent'),
    await aMember(database.db, inbox.workspaceId, 'agent', { teamIds: [teams[0]!] }),
    await aMember(database.db, inbox.workspaceId, 'agent', { teamIds: teams }),
    { ...inbox.owner, id: inbox.owner.id! },
  ]
  const actor = at(inbox.owner, minute(60))
  label = (await database.db.write(actor, (tx) => createLabel(tx, actor, { name: 'Bags', tone: 'blue' }))).id
  rows = []
  for (let i = 0; i < 60; i++) {
    const teamId = [null, teams[0]!, teams[1]!][i % 3]!
    const assigneeId = [null, agents[0]!.id, agents[1]!.id, null, agents[3]!.id][i % 5]!
    // Many share a moment, as imported ones do.
    const { id } = await aConversation(database.db, inbox, {
      teamId,
      assigneeId,
      from: minute(Math.floor(i / 7)),
      texts: [`bag ${i}`],
    })
    rows.push({ id, teamId, assigneeId, last: 0 })
    if (i % 4 === 0) await database.db.write(actor, (tx) => labelConversation(tx, actor, { id, add: [label] }))
  }
}, 60_000)

const list = (actor: Actor, input: ListInput) => database.db.read(actor, (tx) => listConversations(tx, actor, input))
async function pages(actor: Actor, input: ListInput, between?: (page: number) => Promise<unknown>): Promise<string[]> {
  const ids: string[] = []
  let after: string | undefined
  for (let page = 0; page < 100; page++) {
    const { items, next } = await list(actor, { ...input, ...(after !== undefined && { after }) })
    ids.push(...items.map(({ id }) => id))
    if (next === null) return ids
    after = next
    await between?.(page)
  }
  throw new Error('a list without end')
}

const views: readonly ((me: string) => [ListInput, (row: (typeof rows)[number], i: number) => boolean])[] = [
  () => [{}, () => true],
  (me) => [{ assignee: 'me' }, ({ assigneeId }) => assigneeId === me],
  () => [{ assignee: 'nobody' }, ({ assigneeId }) => assigneeId === null],
  () => [{ team: teams[1]! }, ({ teamId }) => teamId === teams[1]],
  () => [{ label }, (_row, i) => i % 4 === 0],
]

test('the pages of every view are all of it without doubles, for everybody, in both orders and any page size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...agents),
      fc.constantFrom(...views),
      fc.constantFrom('activity' as const, 'priority' as const),
      fc.integer({ min: 1, max: 25 }),
      async (actor, view, sort, limit) => {
        const [input, belongs] = view(actor.id)
        const wanted = rows.filter((row, i) => canSee(actor, row) && belongs(row, i)).map(({ id }) => id)
        expect((await pages(actor, { ...input, sort, limit })).sort()).toEqual(wanted.sort())
      },
    ),
    { numRuns: 40 },
  )
}, 60_000)

test('who sees what is one answer in streams, in lists, for a single conversation, in its thread and in search', async () => {
  for (const actor of agents) {
    const wanted = rows
      .filter((row) => canSee(actor, row))
      .map(({ id }) => id)
      .sort()
    expect(wanted.length).toBeLessThanOrEqual(rows.length)
    expect((await pages(actor, {})).sort()).toEqual(wanted)
    const found: string[] = []
    let after: string | undefined
    do {
      const page = await database.db.read(actor, (tx) => searchMessages(tx, actor, { q: 'bag', limit: 7, after }))
      found.push(...page.items.map(({ conversation }) => conversation.id))
      after = page.next ?? undefined
    } while (after !== undefined)
    expect(found.sort()).toEqual(wanted)
    for (const { id } of rows) {
      const opened = database.db.read(actor, (tx) => findConversation(tx, actor, id))
      const read = database.db.read(actor, (tx) => listMessages(tx, actor, { conversationId: id }))
      const outcome = (await Promise.allSettled([opened, read])).map(({ status }) => status === 'fulfilled')
      expect(outcome).toEqual([wanted.includes(id), wanted.includes(id)])
    }
    const counts = await database.db.read(actor, (tx) => countConversations(tx, actor))
    expect(counts).toMatchObject({
      open: wanted.length,
      mine: rows.filter(({ assigneeId }) => assigneeId === actor.id).length,
    })
  }
}, 60_000)

test('what arrives at the head while somebody turns pages is no gap and no double further down', async () => {
  const { workspaceId, owner } = inbox
  const before = new Set(await pages(owner, {}))
  const seen = await pages(owner, { limit: 9 }, async () => {
    await aConversation(database.db, inbox, { from: minute(50) })
  })
  expect(workspaceId).toBeTruthy()
  expect(seen.filter((id) => before.has(id)).sort()).toEqual([...before].sort())
  expect(new Set(seen).size).toBe(seen.length)
})

test('a label’s list follows its conversations', async () => {
  const actor = at(inbox.owner, minute(60))
  const { id, threadKey } = await aConversation(database.db, inbox)
  await database.db.write(actor, (tx) => labelConversation(tx, actor, { id, add: [label] }))
  const first = async () => (await list(actor, { label, limit: 1 })).items[0]?.id
  await takeIn(database.db, inbox, [aMessage({ thread: { key: threadKey }, at: minute(59).toISOString() })])
  expect(await first()).toBe(id)
  await database.db.write(actor, (tx) => resolveConversation(tx, actor, { id }))
  expect(await first()).not.toBe(id)
  expect((await list(actor, { label, state: 'resolved' })).items.map((item) => item.id)).toEqual([id])
})

test('a thread is read from its end, page by page, without gap or double', async () => {
  const { id, messageIds } = await aConversation(database.db, inbox, {
    texts: Array.from({ length: 23 }, (_, i) => `line ${i}`),
    from: DAY,
  })
  const read: string[] = []
  let after: string | undefined
  do {
    const page = await database.db.read(inbox.owner, (tx) =>
      listMessages(tx, inbox.owner, { conversationId: id, limit: 5, after }),
    )
    read.push(...page.items.map((message) => message.id))
    after = page.next ?? undefined
  } while (after !== undefined)
  expect(read).toEqual(messageIds.toReversed())
})

test('a cursor of something else is refused in words, never by the database', async () => {
  const made = (values: unknown) => Buffer.from(JSON.stringify(values)).toString('base64url')
  for (const after of [
    '',
    'x',
    made(['2026-11-02T09:00:00Z', '-'.repeat(36)]),
    made(['1234567890', randomUUIDv7()]),
    made(['2026-13-45T99:00:00Z', randomUUIDv7()]),
  ])
    await expect(list(inbox.owner, { after })).rejects.toMatchObject({ status: 400 })
  await expect(list(inbox.owner, { assignee: '-'.repeat(36) })).rejects.toMatchObject({ status: 400 })
})
