// The conversations behind a batch of messages: found or made, and locked.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import { memberOf, type Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { rowSource } from '#platform/db/row-source'
import { coverTitle } from './covering.ts'
import { beginsClosed, effectOf } from './hearing.ts'
import type { InboundItem } from './inbound-items.ts'
import { occurredAt } from './occurred-at.ts'
import { isName, type Handle, type Place } from './placing.ts'
import type { InboxTables } from './tables.ts'

export interface Thread {
  readonly id: string
  readonly connectionId: string
  readonly threadKey: string
  readonly customerId: string
  readonly state: string
  readonly episode: number
  readonly teamId: string | null
  readonly assigneeId: string | null
  readonly isNew: boolean
}

type Tables = Pick<
  InboxTables,
  'conversations' | 'conversationThreads' | 'episodes' | 'conversationParticipants' | 'conversationLabels'
>

const conversationRows = rowSource<InboxTables['conversations']>()({
  workspaceId: 'uuid',
  id: 'uuid',
  connectionId: 'uuid',
  channel: 'text',
  threadKey: 'text',
  customerId: 'uuid',
  customerName: 'text',
  subject: 'text',
  visibility: 'text',
  shape: 'text',
  state: 'text',
  resolvedAt: 'timestamptz',
  episode: 'integer',
  teamId: 'uuid',
  firstMessageAt: 'timestamptz',
  lastActivityAt: 'timestamptz',
  priorityAt: 'timestamptz',
  threadFacts: 'jsonb',
  isSample: 'boolean',
})

export interface OpenedThreads {
  /** By id. */
  readonly threads: ReadonlyMap<string, Thread>
  readonly idOf: (handle: Handle) => string
}

/** Finds or makes the conversations of placed messages and locks them, in one order, so that batches can't block each other. */
export async function openThreads(
  tx: Tx<Tables>,
  actor: Actor,
  places: readonly Place[],
  quiet: ReadonlySet<string>,
): Promise<OpenedThreads> {
  const firsts = [...Map.groupBy(places, ({ handle }) => handle)]
    .map(([handle, all]) => ({ handle, place: firstOf(all) }))
    .sort((a, b) => (a.handle < b.handle ? -1 : 1))
  const found = await lockThreads(tx, actor, firsts)
  const missing = firsts.filter(({ handle }) => !found.has(handle))
  if (missing.length > 0) {
    const made = await tx
      .insertInto('conversations')
      .$call(conversationRows(missing.map(({ place }) => newConversation(actor, place))))
      .onConflict((conflict) => conflict.columns(['workspaceId', 'connectionId', 'threadKey']).doNothing())
      .returning(['id'])
      .execute()
    const ours = new Set(made.map(({ id }) => id))
    for (const [handle, thread] of await lockThreads(tx, actor, missing))
      found.set(handle, { ...thread, isNew: ours.has(thread.id) })
  }
  const threads = new Map([...found.values()].map((thread) => [thread.id, thread]))
  for (const { handle, item, messageId } of places) {
    const thread = threads.get(found.get(handle)!.id)!
    if (opensEpisode(thread, item, quiet.has(messageId)))
      threads.set(thread.id, { ...thread, episode: thread.episode + 1, state: 'reopened' })
  }
  return { threads, idOf: (handle) => found.get(handle)?.id ?? handle }
}

/** The message that a conversation is named after: the customer's first, by time and not by arrival. */
function firstOf(places: readonly Place[]): Place {
  const said = places.filter(({ item }) => !item.message.context)
  const theirs = said.filter(({ item }) => !item.message.ours)
  const at = ({ item: { message, receivedAt } }: Place) => occurredAt(message.at, receivedAt).getTime()
  const candidates = [theirs, said, places].find((some) => some.length > 0)!
  return candidates.reduce((first, place) => (at(place) < at(first) ? place : first))
}

/** A message in a resolved conversation begins its next episode, unless nobody has to hear it. */
const opensEpisode = (thread: Thread, item: InboundItem, quiet: boolean): boolean =>
  thread.state === 'resolved' && !thread.isNew && effectOf(item, { joins: true, quiet }).opens

interface Wanted {
  readonly handle: Handle
  readonly place: Place
}

async function lockThreads(tx: Tx<Tables>, actor: Actor, wanted: readonly Wanted[]): Promise<Map<Handle, Thread>> {
  const named = wanted.filter(({ handle }) => isName(handle))
  const ids = wanted.filter(({ handle }) => !isName(handle)).map(({ handle }) => handle)
  // A thread that was taken into a conversation beside its first leads there, whatever it had of its own before.
  const { rows } = await sql<Omit<Thread, 'isNew'> & { named: string | null }>`
    with wanted as materialized (
      select coalesce(t.conversation_id, c.id) as id, n.connection_id || ' ' || n.thread_key as named
      from unnest(${named.map(({ place }) => place.item.source.connectionId)}::uuid[],
        ${named.map(({ place }) => place.threadKey)}::text[]) as n (connection_id, thread_key)
      -- One probe each, also where nothing is known yet of how large the tables are.
      left join lateral (select conversation_id from conversation_threads where workspace_id = ${actor.workspaceId}::uuid
        and connection_id = n.connection_id and thread_key = n.thread_key limit 1) t on true
      left join lateral (select id from conversations where workspace_id = ${actor.workspaceId}::uuid
        and connection_id = n.connection_id and thread_key = n.thread_key limit 1) c on true
      union select unnest(${ids}::uuid[]), null
    )
    select c.id, c.connection_id, c.thread_key, c.customer_id, c.state, c.episode, c.team_id, c.assignee_id, w.named
    from wanted w join conversations c on c.workspace_id = ${actor.workspaceId}::uuid and c.id = w.id
    order by c.connection_id, c.thread_key
    for no key update of c
  `.execute(tx)
  const byHandle = new Map(rows.map(({ named: name, ...row }) => [name ?? row.id, { ...row, isNew: false }]))
  return new Map(
    wanted.flatMap(({ handle }) => {
      const thread = byHandle.get(handle)
      return thread ? [[handle, thread] as const] : []
    }),
  )
}

function newConversation(actor: Actor, place: Place) {
  const { item, threadKey } = place
  const { source, message, speaker, counterpart, receivedAt } = item
  const customer = (message.ours && counterpart) || speaker
  const at = occurredAt(message.at, receivedAt)
  const closed = beginsClosed(place)
  return {
    workspaceId: actor.workspaceId,
    id: randomUUIDv7(),
    connectionId: source.connectionId,
    channel: source.channel,
    threadKey,
    customerId: customer.customerId,
    customerName: customer.customerName,
    subject: coveredTitleOf(item),
    visibility: message.thread.visibility,
    shape: message.thread.shape,
    state: closed ? 'resolved' : 'open',
    resolvedAt: closed ? at : null,
    // Nothing of it was said to us yet; what is will begin the first.
    episode: message.context ? 0 : 1,
    teamId: source.teamId,
    firstMessageAt: at,
    lastActivityAt: at,
    priorityAt: at,
    threadFacts: JSON.stringify(message.thread.facts ?? {}),
    isSample: source.isSample ?? false,
  }
}

const TITLE_LENGTH = 90

/** What a conversation is called: its subject, or the first words of a post; one that hides itself is called by what it warns of. */
export function titleOf({ thread, subject, warning, text }: InboundItem['message']): string | null {
  const given = thread.subject ?? subject
  if (given !== undefined || thread.visibility !== 'public') return given ?? null
  const words = (warning ?? text).slice(0, 400).toWellFormed().replace(/\s+/g, ' ').trim()
  if (words.length <= TITLE_LENGTH) return words === '' ? null : words
  const cut = [...words].slice(0, TITLE_LENGTH).join('')
  return `${cut.includes(' ') ? cut.slice(0, cut.lastIndexOf(' ')) : cut}…`
}

/** The same, personal data covered: it stands in lists. */
export const coveredTitleOf = ({ message, personal }: Pick<InboundItem, 'message' | 'personal'>): string | null =>
  coverTitle(titleOf(message), message, personal)

/** Repeats state and order of conversations on their label rows, where a label's list reads them. */
export async function mirrorLabels(
  tx: Tx<Pick<InboxTables, 'conversations' | 'conversationLabels'>>,
  actor: Actor,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update conversation_labels l set state = c.state, last_activity_at = c.last_activity_at, priority_at = c.priority_at
    from conversations c
    where c.workspace_id = ${actor.workspaceId}::uuid and c.id = any (${[...ids]}::uuid[]) and c.label_ids <> '{}'
      and l.workspace_id = c.workspace_id and l.conversation_id = c.id
  `.execute(tx)
}

/** Closes the present episode on record. */
export async function closeEpisode(
  tx: Tx<Pick<InboxTables, 'episodes'>>,
  actor: Actor,
  conversation: { readonly id: string; readonly episode: number },
): Promise<void> {
  await tx
    .updateTable('episodes')
    .set({ resolvedAt: actor.at, resolvedBy: memberOf(actor) })
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', conversation.id)
    .where('episode', '=', conversation.episode)
    .execute()
}

/** Opens the closed episode again, on record too: closing it was a slip. */
export async function reopenEpisode(
  tx: Tx<Pick<InboxTables, 'episodes'>>,
  actor: Actor,
  conversation: { readonly id: string; readonly episode: number },
): Promise<void> {
  await tx
    .updateTable('episodes')
    .set({ resolvedAt: null, resolvedBy: null })
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', conversation.id)
    .where('episode', '=', conversation.episode)
    .execute()
}
