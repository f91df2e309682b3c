// When a visitor who left an e-mail address does not come back for an answer, it goes there. The chat's settings say through
// which connection, and after how long; whether something was read until then is asked of the database when the time has come.
import { carryOn, unreadAnswers, type Unread } from '#inbox/server'
import type { KnownConnection, KnownConnections } from '#connections/server'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { Reaction } from '#platform/events/reactions'
import { enqueue, type Task, type Tasks } from '#platform/jobs'
import { sql } from 'kysely'
import { mailWords } from './mail-words.ts'
import type { ReadTables, WebchatTables } from './tables.ts'
import type { VisitorRow } from './visitors.ts'

type Settings = Readonly<Record<string, unknown>>

const TASK = 'webchat.carry_on'
const AFTER_SECONDS = 120
/** Who wrote by mail is at their mail. Time enough for a chat that stands open all the same to say that it was read there. */
const AFTER_MAIL_SECONDS = 15

/** The connection that the chat goes on through; null where its settings name none. */
export const carrierIdOf = ({ continueBy }: Settings): string | null =>
  typeof continueBy === 'string' && continueBy !== '' ? continueBy : null

function dueAt({ continueAfter }: Settings, { since, wroteByAddress }: Unread): Date {
  const after = typeof continueAfter === 'number' && continueAfter > 0 ? continueAfter : AFTER_SECONDS
  return new Date(since.getTime() + (wroteByAddress ? Math.min(after, AFTER_MAIL_SECONDS) : after) * 1000)
}

/** Looks at a conversation when its oldest unread answer has waited long enough. One job a conversation, however often it is asked. */
export async function planCarrying(tx: Tx, actor: Actor, settings: Settings, conversationId: string): Promise<void> {
  if (carrierIdOf(settings) === null) return
  const unread = await unreadAnswers(tx, actor, conversationId)
  if (unread === null) return
  await enqueue(tx, TASK, { conversationId }, { key: `${TASK}:${conversationId}`, runAt: dueAt(settings, unread) })
}

export const webchatReactions: readonly Reaction[] = [
  {
    name: 'webchat.plan_carrying',
    on: ['inbox.message_state_changed'],
    run: async (tx, actor, events) => {
      const ids = events.flatMap(({ data }) =>
        data['state'] === 'sent' && typeof data['conversationId'] === 'string' ? [data['conversationId']] : [],
      )
      if (ids.length === 0) return
      const rows = await tx
        .selectFrom('conversations as c')
        .innerJoin('connections as k', (join) =>
          join.onRef('k.workspaceId', '=', 'c.workspaceId').onRef('k.id', '=', 'c.connectionId'),
        )
        .select(['c.id', 'k.settings'])
        .where('c.workspaceId', '=', actor.workspaceId)
        .where('c.id', 'in', [...new Set(ids)])
        .where(sql<boolean>`k.settings ? 'continueBy'`)
        .execute()
      for (const { id, settings } of rows) await planCarrying(tx, actor, settings as Settings, id)
    },
  },
]

export const webchatTasks = (deps: { readonly known: KnownConnections }): Tasks => ({ [TASK]: carryingTask(deps) })

/** Safe to run twice and late: what was read or taken on meanwhile is left alone. */
const carryingTask =
  ({ known }: { readonly known: KnownConnections }): Task =>
  async (db, actor, payload) => {
    const conversationId = String(payload['conversationId'])
    const found = await db.read(actor, (tx) => findVisitor(tx, actor, conversationId))
    const address = found?.visitor.email
    if (!found || !address) return
    const chat = await known.byId(actor.workspaceId, found.visitor.connectionId)
    const carrier = await carrierOf(known, chat)
    if (!chat || !carrier) return
    await db.write(actor, async (tx) => {
      const unread = await unreadAnswers(tx, actor, conversationId)
      if (unread === null) return
      // What was first waited for has been read meanwhile; what came after it still has time.
      if (dueAt(chat.settings, unread) > actor.at) return planCarrying(tx, actor, chat.settings, conversationId)
      await carryOn(tx, actor, carrier, {
        conversationId,
        address,
        ...mailWords(found.visitor.locale, chat.name),
      })
    })
  }

/** The connection by which a chat goes on now; null where there is none, or none any more. */
export async function carrierOf(known: Pick<KnownConnections, 'byId'>, chat: KnownConnection | null) {
  const id = chat && carrierIdOf(chat.settings)
  const carrier = id ? await known.byId(chat.workspaceId, id) : null
  return carrier?.connector.capabilities.carriesOn ? carrier : null
}

const THREAD = /^(.+):\d+$/
const ANONYMOUS = /^visitor:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

/** Whose line a conversation is: also one that they have left for a newer one, or had begun before they were known. */
async function findVisitor(
  tx: Tx<WebchatTables & ReadTables>,
  { workspaceId }: Actor,
  conversationId: string,
): Promise<{ readonly visitor: VisitorRow } | null> {
  const line = await tx
    .selectFrom('conversations')
    .select(['connectionId', 'threadKey'])
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', conversationId)
    .executeTakeFirst()
  if (!line) return null
  const personKey = THREAD.exec(line.threadKey)?.[1] ?? ''
  const id = ANONYMOUS.exec(personKey)?.[1]
  const visitor = await tx
    .selectFrom('visitors')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('connectionId', '=', line.connectionId)
    .where((where) =>
      where.or([
        where('threadKey', '=', line.threadKey),
        where('personKey', '=', personKey),
        ...(id ? [where('id', '=', id)] : []),
      ]),
    )
    .executeTakeFirst()
  return visitor ? { visitor } : null
}
