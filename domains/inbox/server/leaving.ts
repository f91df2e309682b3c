// The two transactions around a send: claiming what may leave, and writing down what became of it. Between them lies the
// platform; if the program dies there, the claim runs out and the message is in doubt, never simply sent again.
import { sql } from 'kysely'
import type { LookUpOutcome, Outbound, OutboundMedia, SendOutcome } from '#channels/connector'
import type { KnownConnection } from '#connections/server'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { countFailure } from './changes.ts'
import { emit } from './emit.ts'
import type { InboxReads, InboxTables } from './tables.ts'

type Tables = InboxTables & InboxReads

/** How long a claimed message may be under way before it is in doubt. Longer than any connector's time limit. */
export const LEASE_MS = 90_000
const FOREVER = sql<Date>`'infinity'`
/** Waits between tries, in seconds; after the last one the message has failed. */
export const BACK_OFF_SECONDS = [2, 10, 30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600] as const
/** How often the platform is asked before a person has to decide. */
const MOST_QUESTIONS = 5

export interface Claim {
  readonly messageId: string
  readonly conversationId: string
  readonly attempt: number
  /** Whether it was under way before and nobody knows how that ended: ask, do not send. */
  readonly doubtful: boolean
  readonly platformIdentity: string
}

interface DueRow {
  messageId: string
  conversationId: string
  state: string
  attempts: number
  platformIdentity: string | null
}

/**
 * Claims up to `most` messages of a connection that may leave now: undo time over, no gate closed, none of the same conversation
 * before it still under way. What meets a closed gate sleeps until the gate is lifted.
 */
export async function claimDue(
  tx: Tx<Tables>,
  actor: Actor,
  connection: KnownConnection,
  most: number,
): Promise<Claim[]> {
  const { rows } = await sql<DueRow & { gated: boolean }>`
    select o.message_id, o.conversation_id, o.state, o.attempts, o.platform_identity,
      exists (select from send_gates g where g.workspace_id = o.workspace_id and g.conversation_id = o.conversation_id
        and g.state = 'closed' and (g.message_id is null or g.message_id = o.message_id)) as gated
    from outbound o
    where o.workspace_id = ${actor.workspaceId}::uuid and o.connection_id = ${connection.id}::uuid
      and o.state <> 'settled' and o.next_at <= ${actor.at}
      and not exists (select from outbound earlier where earlier.workspace_id = o.workspace_id and earlier.conversation_id = o.conversation_id
        and earlier.seq < o.seq and earlier.state in ('held', 'queued', 'sending'))
    order by o.next_at, o.seq
    limit ${most}
    for update of o skip locked
  `.execute(tx)
  const gated = rows.filter((row) => row.gated && (row.state === 'held' || row.state === 'queued'))
  if (gated.length > 0) {
    await tx
      .updateTable('outbound')
      .set({ nextAt: FOREVER })
      .where('workspaceId', '=', actor.workspaceId)
      .where(
        'messageId',
        'in',
        gated.map(({ messageId }) => messageId),
      )
      .execute()
  }
  const leaving = rows.filter((row) => !gated.includes(row))
  return Promise.all(leaving.map((row) => claim(tx, actor, connection, row)))
}

async function claim(tx: Tx<Tables>, actor: Actor, connection: KnownConnection, row: DueRow): Promise<Claim> {
  const doubtful = row.state === 'sending' || row.state === 'unknown'
  const platformIdentity =
    row.platformIdentity ?? connection.connector.identityFor(row.messageId, actor.at, connection.settings)
  const attempt = row.attempts + 1
  await tx
    .updateTable('outbound')
    .set({ state: 'sending', attempts: attempt, platformIdentity, nextAt: new Date(actor.at.getTime() + LEASE_MS) })
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', row.messageId)
    .execute()
  await tx
    .updateTable('messages')
    .set({ state: 'sending', stateReason: null, stateAt: actor.at })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', row.messageId)
    // What is in doubt stays shown as that while the platform is asked.
    .where('state', '<>', 'unknown')
    .execute()
  return { messageId: row.messageId, conversationId: row.conversationId, attempt, doubtful, platformIdentity }
}

/** Everything that a connector needs to send a claimed message. `open` reads a stored file. */
export async function loadOutbound(
  tx: Tx<Tables>,
  actor: Actor,
  claim: Claim,
  open: (sha256: string) => Promise<Buffer>,
): Promise<Outbound> {
  const { rows } = await sql<{
    body: string
    subject: string | null
    authorName: string | null
    threadKey: string
    visibility: 'public' | 'private'
    threadFacts: Record<string, unknown>
    parentExternalId: string | null
    externalId: string | null
    handle: string | null
    scope: string | null
  }>`
    select m.body, m.subject, m.author_name, c.thread_key, m.visibility, c.thread_facts, p.external_id as parent_external_id,
      i.external_id, i.handle, i.scope
    from messages m
    join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
    left join messages p on p.workspace_id = m.workspace_id and p.id = m.parent_id
    left join lateral (
      select i.external_id, i.handle, i.scope from messages l
      join identities i on i.workspace_id = l.workspace_id and i.id = l.identity_id
      where l.workspace_id = m.workspace_id and l.conversation_id = m.conversation_id and l.kind = 'in'
      order by (l.id = m.parent_id) desc nulls last, l.occurred_at desc, l.seq desc limit 1
    ) i on true
    where m.workspace_id = ${actor.workspaceId}::uuid and m.id = ${claim.messageId}::uuid
  `.execute(tx)
  const row = rows[0]!
  return {
    messageId: claim.messageId,
    platformIdentity: claim.platformIdentity,
    threadKey: row.threadKey,
    visibility: row.visibility,
    parentExternalId: row.parentExternalId,
    recipient:
      row.externalId === null ? null : { externalId: row.externalId, handle: row.handle, scope: row.scope ?? '' },
    authorName: row.authorName ?? '',
    text: row.body,
    subject: row.subject,
    media: await mediaOf(tx, actor, claim.messageId, open),
    threadFacts: row.threadFacts,
    attempt: claim.attempt,
    at: actor.at,
  }
}

async function mediaOf(
  tx: Tx<Tables>,
  actor: Actor,
  messageId: string,
  open: (sha256: string) => Promise<Buffer>,
): Promise<OutboundMedia[]> {
  const rows = await tx
    .selectFrom('attachments')
    .select(['name', 'mediaType', 'size', 'alt', 'sha256'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', messageId)
    .orderBy('position')
    .execute()
  return rows.map(({ sha256, ...row }) => ({ ...row, read: () => open(sha256!) }))
}

/** What a look-up on doubt means for the message: it is there; it surely is not, so it may be sent; or nobody can tell. */
export function outcomeOfLookUp(found: LookUpOutcome): SendOutcome | 'send' {
  if (found.state === 'found') return { state: 'sent', externalId: found.externalId }
  return found.state === 'absent' ? 'send' : { state: 'unknown', reason: found.reason }
}

/** Writes down what became of a claimed message. `canAsk`: whether the platform can be asked again on doubt. */
export async function settle(
  tx: Tx<Tables>,
  actor: Actor,
  connectionId: string,
  claim: Claim,
  outcome: SendOutcome,
  canAsk: boolean,
): Promise<void> {
  const next = nextOf(actor.at, claim, outcome, canAsk)
  await tx
    .updateTable('outbound')
    .set({ state: next.outbound, nextAt: next.at ?? FOREVER })
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', claim.messageId)
    .execute()
  const externalId = 'externalId' in outcome ? outcome.externalId : null
  if (externalId !== null) await nameMessage(tx, actor, connectionId, claim, externalId)
  const before = await tx
    .selectFrom('messages')
    .select('state')
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', claim.messageId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  // A receipt may have been quicker than the answer to the request; it knows more.
  const receipted = before.state !== 'sending' && before.state !== 'unknown'
  await tx
    .updateTable('messages')
    .set({
      ...(!receipted && { state: next.message, stateReason: next.reason, stateAt: actor.at }),
      ...(externalId !== null && { externalId }),
    })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', claim.messageId)
    .$if(receipted && externalId === null, (query) => query.where(sql<boolean>`false`))
    .execute()
  if (receipted || before.state === next.message) return
  const failed = (state: string | null): number => (state === 'failed' || state === 'unknown' ? 1 : 0)
  const by = failed(next.message) - failed(before.state)
  if (by !== 0) await countFailure(tx, actor, claim.conversationId, by === 1 ? 1 : -1)
  const visibility = await tx
    .selectFrom('conversations')
    .select(['teamId', 'assigneeId'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', claim.conversationId)
    .executeTakeFirstOrThrow()
  await emit(tx, actor, 'inbox.message_state_changed', {
    subjectId: claim.conversationId,
    data: { conversationId: claim.conversationId, messageId: claim.messageId, state: next.message },
    visibility: { ...visibility },
  })
}

interface Next {
  readonly outbound: 'queued' | 'unknown' | 'settled'
  readonly message: 'queued' | 'sent' | 'failed' | 'unknown'
  readonly at: Date | null
  readonly reason: string | null
}

/** Pure: the next state of a message after an outcome. */
export function nextOf(now: Date, { attempt }: Pick<Claim, 'attempt'>, outcome: SendOutcome, canAsk: boolean): Next {
  const in_ = (seconds: number): Date => new Date(now.getTime() + seconds * 1000)
  switch (outcome.state) {
    case 'sent':
    case 'pending':
      return { outbound: 'settled', message: 'sent', at: null, reason: null }
    case 'rejected':
      return { outbound: 'settled', message: 'failed', at: null, reason: outcome.reason }
    case 'unknown':
      return {
        outbound: 'unknown',
        message: 'unknown',
        at: canAsk && attempt <= MOST_QUESTIONS ? in_(BACK_OFF_SECONDS[attempt - 1]!) : null,
        reason: outcome.reason,
      }
    case 'reauthorize':
      return { outbound: 'queued', message: 'queued', at: in_(300), reason: outcome.reason }
    case 'retry': {
      const wait = BACK_OFF_SECONDS[attempt - 1]
      if (wait === undefined)
        return { outbound: 'settled', message: 'failed', at: null, reason: `Tried ${attempt} times: ${outcome.reason}` }
      const at = outcome.retryAt && outcome.retryAt > now ? outcome.retryAt : in_(wait)
      return { outbound: 'queued', message: 'queued', at, reason: outcome.reason }
    }
  }
}

// Our own message may come back as a delivery before the platform answered the request: then it was stored as written
// elsewhere. The key becomes ours and the echo goes.
async function nameMessage(
  tx: Tx<Tables>,
  actor: Actor,
  connectionId: string,
  claim: Claim,
  externalId: string,
): Promise<void> {
  const { rows } = await sql<{ echo: string | null }>`
    with present as (
      select message_id from message_keys where workspace_id = ${actor.workspaceId}::uuid and connection_id = ${connectionId}::uuid and external_id = ${externalId}
    ), named as (
      insert into message_keys (workspace_id, connection_id, external_id, message_id, conversation_id)
      values (${actor.workspaceId}::uuid, ${connectionId}::uuid, ${externalId}, ${claim.messageId}::uuid, ${claim.conversationId}::uuid)
      on conflict (workspace_id, connection_id, external_id) do update
        set message_id = excluded.message_id, conversation_id = excluded.conversation_id
    )
    select (select message_id from present) as echo
  `.execute(tx)
  const echo = rows[0]?.echo
  if (!echo || echo === claim.messageId) return
  const gone = await tx
    .updateTable('messages')
    .set({ state: 'cancelled', body: '', stateAt: actor.at })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', echo)
    .where('kind', '=', 'out')
    .returning('conversationId')
    .executeTakeFirst()
  if (!gone) return
  await tx
    .updateTable('conversations')
    .set((eb) => ({ messageCount: eb('messageCount', '-', 1) }))
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', gone.conversationId)
    .execute()
}
