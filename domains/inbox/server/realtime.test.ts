// Every write of the inbox, seen from a browser that had everything open before.
import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { aMember } from '../../workspaces/server/factories.ts'
import type { Actor } from '#platform/actor'
import type { EventTable } from '#platform/contract/kernel'
import { useDatabase } from '#platform/testing/database'
import { expectRealtimeConsistent, type PrimedQuery } from '#platform/testing/realtime'
import { inboxEvents } from '../contract.ts'
import { carryOn } from './carrying-on.ts'
import {
  assignConversation,
  getConversation,
  markRead,
  reopenConversation,
  resolveConversation,
  snoozeConversation,
  waitConversation,
  wakeConversation,
} from './conversations.ts'
import { getDraft, saveDraft } from './drafts.ts'
import { aConversation, anInbox, at, minute, takeIn, type MadeInbox } from './factories.ts'
import { liftGate, overrideGate, placeGate } from './gates.ts'
import { archiveLabel, changeLabel, createLabel, labelConversation, listLabels } from './labels.ts'
import { countConversations, listConversations } from './lists.ts'
import { makeOneMatter, partMatter } from './matters.ts'
import { listMessages, writeNote } from './messages.ts'
import { discardMessage } from './second-tries.ts'
import { sendMessage } from './sending.ts'
import { undoMessage } from './taking-back.ts'
import { listUnsettled } from './unsettled.ts'

const database = useDatabase()
let inbox: MadeInbox
let member: Actor & { readonly id: string }

beforeAll(async () => {
  inbox = await anInbox(database.db)
  member = await aMember(database.db, inbox.workspaceId, 'admin')
})

let clock = 100
/** The member, a minute later each time: what happens later must look later. */
const later = (): Actor & { readonly id: string } => at(member, minute((clock += 1)))

/** Everything that the web app may have on the screen of a conversation. */
function screenOf(id: string): PrimedQuery[] {
  const { db } = database
  const lists = (['open', 'waiting', 'snoozed', 'resolved'] as const).map((state): PrimedQuery => ({
    key: ['conversations', { state }],
    fetch: () => db.read(member, (tx) => listConversations(tx, member, { state })),
  }))
  return [
    ...lists,
    { key: ['counts'], fetch: () => db.read(member, (tx) => countConversations(tx, member)) },
    {
      key: ['conversation', id],
      fetch: () => db.read(member, (tx) => getConversation(tx, member, id, inbox.connection)),
    },
    { key: ['messages', id], fetch: () => db.read(member, (tx) => listMessages(tx, member, { conversationId: id })) },
    { key: ['draft', id], fetch: () => db.read(member, (tx) => getDraft(tx, member, id)) },
    { key: ['labels'], fetch: () => db.read(member, (tx) => listLabels(tx, member)) },
    { key: ['unsettled'], fetch: () => db.read(member, (tx) => listUnsettled(tx, member, {})) },
  ]
}

const tables: readonly EventTable[] = [inboxEvents]
const told = (id: string, act: () => Promise<unknown>, using: readonly EventTable[] = tables): Promise<void> =>
  expectRealtimeConsistent({ db: database.db, actor: member, tables: using, queries: screenOf(id) }, act)

const writing = <T>(
  work: (
    tx: Parameters<Parameters<typeof database.db.write>[1]>[0],
    actor: Actor & { readonly id: string },
  ) => Promise<T>,
) => {
  const actor = later()
  return database.db.write(actor, (tx) => work(tx as never, actor))
}

type Prepared = { readonly id: string; readonly threadKey: string; readonly messageIds: readonly string[] }
const writes: Record<string, (conversation: Prepared) => Promise<() => Promise<unknown>>> = {
  'a customer writes': async ({ threadKey }) => {
    const message = {
      type: 'message',
      id: randomUUID(),
      thread: { key: threadKey },
      author: { id: 'somebody' },
      text: 'And now?',
    }
    return () => takeIn(database.db, inbox, [{ ...message, at: later().at.toISOString() }], later().at)
  },
  'a customer edits': async ({ threadKey }) => {
    const id = randomUUID()
    const message = { type: 'message', id, thread: { key: threadKey }, author: { id: 'editor' }, text: 'Before' }
    await takeIn(database.db, inbox, [{ ...message, at: later().at.toISOString() }], later().at)
    return () =>
      takeIn(database.db, inbox, [{ type: 'edit', id, text: 'After', at: later().at.toISOString() }], later().at)
  },
  'a customer deletes': async ({ threadKey }) => {
    const id = randomUUID()
    const message = { type: 'message', id, thread: { key: threadKey }, author: { id: 'regretter' }, text: 'Too much' }
    await takeIn(database.db, inbox, [{ ...message, at: later().at.toISOString() }], later().at)
    return () => takeIn(database.db, inbox, [{ type: 'deletion', id, at: later().at.toISOString() }], later().at)
  },
  'an answer is sent': async ({ id }) => {
    await writing((tx, actor) => saveDraft(tx, actor, { conversationId: id, kind: 'out', body: 'It is', version: 0 }))
    return () =>
      writing((tx, actor) =>
        sendMessage(tx, actor, inbox.connection, { conversationId: id, body: 'It is here.', clientId: randomUUID() }),
      )
  },
  'an answer is sent and the conversation resolved':
    async ({ id }) =>
    () =>
      writing((tx, actor) =>
        sendMessage(tx, actor, inbox.connection, {
          conversationId: id,
          body: 'Done.',
          clientId: randomUUID(),
          resolve: true,
        }),
      ),
  'unread answers are taken on to an address': async ({ id }) => {
    const actor = later()
    const clientId = randomUUID()
    await database.db.write(actor, (tx) =>
      sendMessage(tx, actor, inbox.connection, { conversationId: id, body: 'It is here.', clientId }),
    )
    await database.db.write(actor, (tx) =>
      tx.updateTable('messages').set({ state: 'sent', stateAt: actor.at }).where('id', '=', clientId).execute(),
    )
    const { connector } = inbox.connection
    const capabilities = { ...connector.capabilities, carriesOn: true }
    const carrier = { ...inbox.connection, connector: { ...connector, capabilities } }
    const input = { conversationId: id, address: 'jo@away.example', subject: 'Your chat', closing: 'Reply.' }
    return () => writing((tx, by) => carryOn(tx, by, carrier, input))
  },
  'an answer is taken back': async ({ id }) => {
    const clientId = randomUUID()
    const actor = later()
    await database.db.write(actor, (tx) =>
      sendMessage(tx, actor, inbox.connection, { conversationId: id, body: 'Too fast', clientId }),
    )
    return () => database.db.write(actor, (tx) => undoMessage(tx, actor, clientId))
  },
  'a failed answer is discarded': async ({ id }) => {
    const actor = later()
    const clientId = randomUUID()
    await database.db.write(actor, (tx) =>
      sendMessage(tx, actor, inbox.connection, { conversationId: id, body: 'To nobody', clientId }),
    )
    await database.db.write(actor, async (tx) => {
      await tx.updateTable('messages').set({ state: 'failed', stateAt: actor.at }).where('id', '=', clientId).execute()
      await tx.updateTable('conversations').set({ failedCount: 1 }).where('id', '=', id).execute()
    })
    return () => database.db.write(actor, (tx) => discardMessage(tx, actor, clientId))
  },
  'a note is written':
    async ({ id }) =>
    () =>
      writing((tx, actor) =>
        writeNote(tx, actor, { conversationId: id, body: 'Asked the desk.', clientId: randomUUID() }),
      ),
  'a draft is saved':
    async ({ id }) =>
    () =>
      writing((tx, actor) => saveDraft(tx, actor, { conversationId: id, kind: 'out', body: 'Dear', version: 0 })),
  'a draft is emptied': async ({ id }) => {
    await writing((tx, actor) => saveDraft(tx, actor, { conversationId: id, kind: 'note', body: 'Hm', version: 0 }))
    return () =>
      writing((tx, actor) => saveDraft(tx, actor, { conversationId: id, kind: 'note', body: '', version: 1 }))
  },
  'somebody takes it':
    async ({ id }) =>
    () =>
      writing((tx, actor) => assignConversation(tx, actor, { id, assigneeId: member.id })),
  'it is resolved':
    async ({ id }) =>
    () =>
      writing((tx, actor) => resolveConversation(tx, actor, { id })),
  'it is opened again': async ({ id }) => {
    await writing((tx, actor) => resolveConversation(tx, actor, { id }))
    return () => writing((tx, actor) => reopenConversation(tx, actor, { id }))
  },
  'it is their turn':
    async ({ id }) =>
    () =>
      writing((tx, actor) => waitConversation(tx, actor, { id })),
  'it is snoozed':
    async ({ id }) =>
    () =>
      writing((tx, actor) => snoozeConversation(tx, actor, { id, until: minute(10_000) })),
  'it wakes': async ({ id }) => {
    await writing((tx, actor) => snoozeConversation(tx, actor, { id, until: minute(9000) }))
    const awake = at(member, minute(9001))
    return () => database.db.write(awake, (tx) => wakeConversation(tx, awake, id))
  },
  'it is labelled': async ({ id }) => {
    const label = await writing((tx, actor) =>
      createLabel(tx, actor, { name: `L ${randomUUID().slice(0, 8)}`, tone: 'plain' }),
    )
    return () => writing((tx, actor) => labelConversation(tx, actor, { id, add: [label.id] }))
  },
  'it is read':
    async ({ id }) =>
    () =>
      writing((tx, actor) => markRead(tx, actor, id, Number.MAX_SAFE_INTEGER)),
  'a gate closes':
    async ({ id }) =>
    () =>
      writing((tx, actor) =>
        placeGate(tx, actor, { conversationId: id, kind: 'must_read', reason: 'Read the news first.' }),
      ),
  'a gate is lifted': async ({ id }) => {
    const gate = await writing((tx, actor) =>
      placeGate(tx, actor, { conversationId: id, kind: 'approval', reason: 'Needs a lead.' }),
    )
    return () => writing((tx, actor) => liftGate(tx, actor, id, gate))
  },
  'a gate is overridden': async ({ id }) => {
    const gateId = await writing((tx, actor) =>
      placeGate(tx, actor, { conversationId: id, kind: 'approval', reason: 'Needs a lead.' }),
    )
    return () =>
      writing((tx, actor) => overrideGate(tx, actor, { conversationId: id, gateId, reason: 'The lead is on a plane' }))
  },
  'it is one matter with another': async ({ id }) => {
    const other = await aConversation(database.db, inbox, { assigneeId: member.id })
    return () => writing((tx, actor) => makeOneMatter(tx, actor, [id, other.id]))
  },
  'it is another matter after all': async ({ id }) => {
    const other = await aConversation(database.db, inbox)
    await writing((tx, actor) => makeOneMatter(tx, actor, [id, other.id]))
    return () => writing((tx, actor) => partMatter(tx, actor, [id, other.id]))
  },
  'a label is made': async () => () =>
    writing((tx, actor) => createLabel(tx, actor, { name: `N ${randomUUID().slice(0, 8)}`, tone: 'blue' })),
  'a label is renamed': async () => {
    const label = await writing((tx, actor) =>
      createLabel(tx, actor, { name: `R ${randomUUID().slice(0, 8)}`, tone: 'plain' }),
    )
    return () => writing((tx, actor) => changeLabel(tx, actor, label.id, { name: `S ${randomUUID().slice(0, 8)}` }))
  },
  'a label is retired': async ({ id }) => {
    const label = await writing((tx, actor) =>
      createLabel(tx, actor, { name: `A ${randomUUID().slice(0, 8)}`, tone: 'plain' }),
    )
    await writing((tx, actor) => labelConversation(tx, actor, { id, add: [label.id] }))
    return () => writing((tx, actor) => archiveLabel(tx, actor, label.id))
  },
}

test.for(Object.keys(writes))('browsers learn everything when %s', async (name) => {
  const conversation = await aConversation(database.db, inbox)
  const act = await writes[name]!(conversation)
  await told(conversation.id, act)
})

test.for(Object.keys(writes))('the check fails without the mapping when %s', async (name) => {
  const conversation = await aConversation(database.db, inbox)
  const act = await writes[name]!(conversation)
  const deleted = Object.fromEntries(
    Object.entries(inboxEvents).map(([type, event]) => [type, { ...event, stale: [], patches: [] }]),
  )
  await expect(told(conversation.id, act, [deleted])).rejects.toThrow('did not say so')
})
