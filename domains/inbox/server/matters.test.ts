import { beforeAll, describe, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { aMember } from '../../workspaces/server/factories.ts'
import { memberOf, type Actor } from '#platform/actor'
import { resolveConversation } from './conversations.ts'
import { aConversation, anInbox, at, conversationRow, minute, type MadeInbox } from './factories.ts'
import { linkedTo } from './links.ts'
import { makeOneMatter, partMatter } from './matters.ts'
import { listMessages } from './messages.ts'

const database = useDatabase()
let inbox: MadeInbox
let agent: Actor
beforeAll(async () => {
  inbox = await anInbox(database.db)
  agent = await aMember(database.db, inbox.workspaceId, 'agent')
})

const owner = () => at(inbox.owner, minute(20))
const join = (one: string, other: string) =>
  database.db.write(owner(), (tx) => makeOneMatter(tx, owner(), [one, other]))
const linesIn = async (id: string) => {
  const { items } = await database.db.read(owner(), (tx) => listMessages(tx, owner(), { conversationId: id }))
  return items.filter(({ kind }) => kind === 'system').map(({ body, data }) => [body, data['conversationId']])
}

describe('two conversations of one matter', () => {
  test('know each other, and each says so in its thread', async () => {
    const [{ id: one }, { id: other }] = [
      await aConversation(database.db, inbox),
      await aConversation(database.db, inbox),
    ]
    await join(one, other)
    for (const [here, there] of [
      [one, other],
      [other, one],
    ] as const) {
      const linked = await database.db.read(owner(), (tx) => linkedTo(tx, owner(), here))
      expect(linked).toMatchObject([{ conversationId: there, reason: 'same_matter', state: 'open' }])
      expect(await linesIn(here)).toEqual([['same_matter', there]])
    }
  })

  test('are two again when somebody says so, once, and stay in the same hands', async () => {
    const [{ id: one }, { id: other }] = [
      await aConversation(database.db, inbox, { assigneeId: memberOf(agent) }),
      await aConversation(database.db, inbox),
    ]
    await join(one, other)
    for (let n = 0; n < 2; n += 1) await database.db.write(owner(), (tx) => partMatter(tx, owner(), [other, one]))
    for (const [here, there] of [
      [one, other],
      [other, one],
    ] as const) {
      expect(await database.db.read(owner(), (tx) => linkedTo(tx, owner(), here))).toEqual([])
      expect((await linesIn(here)).filter(([code]) => code === 'other_matter')).toEqual([['other_matter', there]])
      expect(await conversationRow(database.db, inbox, here)).toMatchObject({ assigneeId: memberOf(agent) })
    }
  })

  test('are in the hands of whoever had one of them', async () => {
    const assigneeId = memberOf(agent)
    const { id: taken } = await aConversation(database.db, inbox, { assigneeId })
    const { id: free } = await aConversation(database.db, inbox)
    await join(free, taken)
    expect(await conversationRow(database.db, inbox, free)).toMatchObject({ assigneeId })
  })

  test('stay whose they were where each is somebody’s, or where one was resolved', async () => {
    const { id: theirs } = await aConversation(database.db, inbox, { assigneeId: memberOf(agent) })
    const { id: ours } = await aConversation(database.db, inbox, { assigneeId: memberOf(inbox.owner) })
    const { id: done } = await aConversation(database.db, inbox)
    await database.db.write(owner(), (tx) => resolveConversation(tx, owner(), { id: done }))
    await join(theirs, ours)
    await join(theirs, done)
    expect(await conversationRow(database.db, inbox, ours)).toMatchObject({ assigneeId: memberOf(inbox.owner) })
    expect(await conversationRow(database.db, inbox, done)).toMatchObject({ assigneeId: null, state: 'resolved' })
  })
})
