// Answers that lie ready where the customer does not come, taken on to an address that they left: all that are unread by then in
// one message of another channel. The database decides: an answer is taken along once (`carried_by`), in the transaction that
// puts the message into the queue; from there on it leaves as every answer does. Only answers go, never notes and nothing of what
// was said before.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import type { KnownConnection } from '#connections/server'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { storeEnvelope } from './bodies.ts'
import { emit } from './emit.ts'
import { isOwnAddress } from './envelope.ts'
import { signalOutbound } from './outbound-signal.ts'
import { canReplyIn } from './sending.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { findConversation, visibilityOf } from './visibility.ts'

type Tables = InboxTables & InboxReads

/** The body of the line; its `data` is `Carried`. */
const CARRIED_ON = 'carried_on'

export interface Carried {
  readonly connectionId: string
  readonly connectionName: string
  readonly address: string
  /** How many answers went. */
  readonly answers: number
  /** Below the answers. */
  readonly closing: string
  /** Files that go along, by id; and the names of those that are too many or too heavy. */
  readonly files: readonly string[]
  readonly leftOut: readonly string[]
}

export interface CarryInput {
  readonly conversationId: string
  readonly address: string
  readonly subject: string
  /** A sentence below the answers: what this is, and that it can be answered. */
  readonly closing: string
}

export interface Unread {
  /** Since when the oldest answer lies ready that nobody read and that was not taken on yet. */
  readonly since: Date
  /** Their last word came by an address, so that is where they are. */
  readonly wroteByAddress: boolean
}

/** What lies ready and unread in a conversation; null for nothing. */
export async function unreadAnswers(tx: Tx<Tables>, actor: Actor, conversationId: string): Promise<Unread | null> {
  const { rows } = await sql<{ since: Date | null; wroteByAddress: boolean | null }>`
    select (select min(state_at) from messages where workspace_id = ${actor.workspaceId}::uuid and conversation_id = ${conversationId}::uuid
        and ${isReady(actor)}) as since,
      (select placed_by <> 'thread' from messages where workspace_id = ${actor.workspaceId}::uuid
        and conversation_id = ${conversationId}::uuid and kind = 'in' and automatic is null
        order by occurred_at desc, seq desc limit 1) as wrote_by_address
  `.execute(tx)
  const { since, wroteByAddress } = rows[0]!
  return since === null ? null : { since, wroteByAddress: wroteByAddress ?? false }
}

/** What nobody came for in a week is past: it does not go out on the day on which somebody switches this on. */
const PAST_MS = 7 * 24 * 3_600_000

// Written here, by one of ours: what came in as our own words from elsewhere has reached them there.
const isReady = ({ at }: Actor) => sql<boolean>`kind = 'out' and state in ('sent', 'delivered') and carried_by is null
  and identity_id is null and deleted_at is null and state_at > ${new Date(at.getTime() - PAST_MS)}`

/**
 * Takes the unread answers of a conversation on through `carrier`. Answers how many; 0 when there is nothing to take, or the
 * address is one to which nothing may go: our own, or one from which the last message came back.
 */
export async function carryOn(
  tx: Tx<Tables>,
  actor: Actor,
  carrier: KnownConnection,
  input: CarryInput,
): Promise<number> {
  const conversation = await findConversation(tx, actor, input.conversationId, true)
  const address = input.address.trim()
  if (!(await mayGoTo(tx, actor, carrier, conversation.id, address))) return 0
  const now = { visibility: 'private', lastInboundAt: conversation.lastInboundAt, threadFacts: {} } as const
  if (!carrier.connector.capabilities.carriesOn || !canReplyIn(now, carrier, actor.at).ok) return 0
  const answers = await tx
    .selectFrom('messages')
    .select(['id', 'authorName'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', conversation.id)
    .where(isReady(actor))
    .orderBy('occurredAt')
    .orderBy('seq')
    .execute()
  if (answers.length === 0) return 0
  const ids = answers.map(({ id }) => id)
  const line = randomUUIDv7()
  const data: Carried = {
    connectionId: carrier.id,
    connectionName: carrier.name,
    address,
    answers: answers.length,
    closing: input.closing,
    ...(await filesThatFit(tx, actor, carrier, ids)),
  }
  const { workspaceId, at } = actor
  const { seq } = await tx
    .insertInto('messages')
    .values({
      workspaceId,
      id: line,
      conversationId: conversation.id,
      episode: conversation.episode,
      kind: 'system',
      visibility: 'private',
      authorName: answers.at(-1)!.authorName,
      subject: input.subject.slice(0, 500),
      body: CARRIED_ON,
      data: JSON.stringify(data),
      occurredAt: at,
      receivedAt: at,
      state: 'queued',
      stateAt: at,
    })
    .returning('seq')
    .executeTakeFirstOrThrow()
  await storeEnvelope(tx, actor, line, {
    // No name: what a stranger typed about themselves is not ours to send to whoever has that address.
    to: [{ address }],
    cc: [],
    bcc: [],
  })
  await tx
    .updateTable('messages')
    .set({ carriedBy: line })
    .where('workspaceId', '=', workspaceId)
    .where('id', 'in', ids)
    .execute()
  await tx
    .insertInto('outbound')
    .values({
      workspaceId,
      messageId: line,
      connectionId: carrier.id,
      conversationId: conversation.id,
      state: 'queued',
      nextAt: at,
      createdAt: at,
    })
    .execute()
  await sql`
    update conversations set last_seq = greatest(last_seq, ${seq})
    where workspace_id = ${workspaceId}::uuid and id = ${conversation.id}::uuid
  `.execute(tx)
  await emit(tx, actor, 'inbox.message_state_changed', {
    subjectId: conversation.id,
    data: { conversationId: conversation.id, messageId: line, state: 'queued' },
    visibility: visibilityOf(conversation),
  })
  signalOutbound(tx)
  return answers.length
}

/** Not to ourselves, which would be a loop, and not again to where the last one could not be delivered. */
async function mayGoTo(
  tx: Tx<Tables>,
  actor: Actor,
  carrier: KnownConnection,
  conversationId: string,
  address: string,
): Promise<boolean> {
  if (isOwnAddress(carrier, address)) return false
  const others = await tx
    .selectFrom('connections')
    .select('settings')
    .where('workspaceId', '=', actor.workspaceId)
    .where('state', '<>', 'removed')
    .where(sql<boolean>`settings ? 'address'`)
    .execute()
  if (others.some(({ settings }) => isOwnAddress({ settings: settings as Record<string, unknown> }, address)))
    return false
  const last = await tx
    .selectFrom('messages')
    .select('state')
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', conversationId)
    .where('kind', '=', 'system')
    .where('body', '=', CARRIED_ON)
    .where(sql<boolean>`lower(data ->> 'address') = ${address.toLowerCase()}`)
    .orderBy('occurredAt', 'desc')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.state !== 'failed'
}

/** In their order, as far as the carrier takes them in one message. */
async function filesThatFit(
  tx: Tx<Tables>,
  actor: Actor,
  carrier: KnownConnection,
  messageIds: readonly string[],
): Promise<Pick<Carried, 'files' | 'leftOut'>> {
  const { media } = carrier.connector.capabilities
  const all = await filesOf(tx, actor, messageIds)
  const files: string[] = []
  const leftOut: string[] = []
  let bytes = 0
  for (const { id, name, size } of all) {
    const fits = media !== null && files.length < media.maxCount && bytes + size <= media.maxBytes
    if (fits) bytes += size
    if (fits) files.push(id)
    else leftOut.push(name)
  }
  return { files, leftOut }
}

const filesOf = (tx: Tx<Tables>, actor: Actor, messageIds: readonly string[]) =>
  tx
    .selectFrom('attachments as a')
    .innerJoin('messages as m', (join) =>
      join.onRef('m.workspaceId', '=', 'a.workspaceId').onRef('m.id', '=', 'a.messageId'),
    )
    .select(['a.id', 'a.name', 'a.size'])
    .where('a.workspaceId', '=', actor.workspaceId)
    .where('a.messageId', 'in', [...messageIds])
    .where('a.state', '=', 'stored')
    .orderBy('m.occurredAt')
    .orderBy('m.seq')
    .orderBy('a.position')
    .execute()

/** What a line takes along, as one text: the answers, the names of files that stay behind, the closing sentence. */
export async function carriedText(
  tx: Tx<Tables>,
  actor: Actor,
  line: { readonly messageId: string; readonly data: Carried },
): Promise<string> {
  const rows = await tx
    .selectFrom('messages')
    .select(['body', 'authorName'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('carriedBy', '=', line.messageId)
    .where('deletedAt', 'is', null)
    .orderBy('occurredAt')
    .orderBy('seq')
    .execute()
  const several = new Set(rows.map(({ authorName }) => authorName)).size > 1
  let before: string | null = null
  const said = rows.map(({ body, authorName }) => {
    const named = several && authorName !== before ? `${authorName}:\n\n` : ''
    before = authorName
    return named + body.trim()
  })
  const { leftOut, closing } = line.data
  const names = leftOut.map((name) => `[${name}]`).join('\n')
  return [...said, names, closing].filter((part) => part !== '').join('\n\n')
}
