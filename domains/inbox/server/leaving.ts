// The first of the two transactions around a send: claiming what may leave (outcomes.ts writes down what became of it). Between
// them lies the platform; if the program dies there, the claim runs out and the message is in doubt, never simply sent again.
import { sql } from 'kysely'
import type { Connector, Outbound, OutboundMedia } from '#channels/connector'
import type { KnownConnection } from '#connections/server'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { Addressees } from '../contract.ts'
import { carriedText, type Carried } from './carrying-on.ts'
import { severalIn } from './envelope.ts'
import type { InboxReads, InboxTables } from './tables.ts'

type Tables = InboxTables & InboxReads

const SEND_MS = 45_000
const GRACE_MS = 45_000

/** How long a connector may take over one message. */
export const sendLimitMs = ({ sendSeconds }: Pick<Connector, 'sendSeconds'>): number =>
  sendSeconds === undefined ? SEND_MS : sendSeconds * 1000

/** How long a claimed message may be under way before it is in doubt: well beyond the connector's own limit. */
export const leaseMs = (connector: Pick<Connector, 'sendSeconds'>): number => sendLimitMs(connector) + GRACE_MS
export const FOREVER = sql<Date>`'infinity'`

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
 * Claims up to `most` messages of a connection that may leave now: nothing paused, undo time over, no gate closed, none of the same conversation
 * before it still under way by this connection. What meets a closed gate sleeps until the gate is lifted. `claimedBy`: this node's
 * number, so that others may know when it is gone.
 */
export async function claimDue(
  tx: Tx<Tables>,
  actor: Actor,
  connection: KnownConnection,
  most: number,
  claimedBy: number | null = null,
): Promise<Claim[]> {
  const { rows } = await sql<DueRow & { gated: boolean }>`
    select o.message_id, o.conversation_id, o.state, o.attempts, o.platform_identity,
      exists (select from send_gates g where g.workspace_id = o.workspace_id and g.conversation_id = o.conversation_id
        and g.state = 'closed' and (g.message_id is null or g.message_id = o.message_id)) as gated
    from outbound o
    where o.workspace_id = ${actor.workspaceId}::uuid and o.connection_id = ${connection.id}::uuid
      and o.state <> 'settled' and o.next_at <= ${actor.at}
      and exists (select from workspaces w where w.id = o.workspace_id and w.outbound_paused_reason is null)
      and not exists (select from outbound earlier where earlier.workspace_id = o.workspace_id and earlier.conversation_id = o.conversation_id
        and earlier.connection_id = o.connection_id and earlier.seq < o.seq and earlier.state in ('held', 'queued', 'sending'))
      -- A part of a chain waits until all before it have arrived, or were given up.
      and not exists (select from messages m join messages before on before.workspace_id = m.workspace_id and before.chain_id = m.chain_id
        and before.chain_index < m.chain_index and before.state not in ('sent', 'delivered', 'read', 'cancelled')
        where m.workspace_id = o.workspace_id and m.id = o.message_id and m.chain_id is not null)
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
  const claims = leaving.map(({ messageId, conversationId, state, attempts, platformIdentity }): Claim => ({
    messageId,
    conversationId,
    attempt: attempts + 1,
    doubtful: state === 'sending' || state === 'unknown',
    platformIdentity: platformIdentity ?? connection.connector.identityFor(messageId, actor.at, connection.settings),
  }))
  await writeClaims(tx, actor, connection, claims, claimedBy)
  return claims
}

/**
 * One statement for all that are claimed. An answering machine is quicker than the server that we speak with, and where that one's
 * word is lost, receipts and replies are all that comes: so the name is known, and whom it goes to takes part, before the first try.
 */
async function writeClaims(
  tx: Tx<Tables>,
  actor: Actor,
  connection: KnownConnection,
  claims: readonly Claim[],
  claimedBy: number | null,
): Promise<void> {
  if (claims.length === 0) return
  const until = new Date(actor.at.getTime() + leaseMs(connection.connector))
  await sql`
    with claimed as materialized (
      select * from unnest(${claims.map(({ messageId }) => messageId)}::uuid[], ${claims.map(({ conversationId }) => conversationId)}::uuid[],
        ${claims.map(({ attempt }) => attempt)}::int[], ${claims.map(({ platformIdentity }) => platformIdentity)}::text[])
        as c (message_id, conversation_id, attempt, name)
    ), under_way as (
      update outbound o set state = 'sending', attempts = c.attempt, platform_identity = c.name, next_at = ${until}, claimed_by = ${claimedBy}::int
      from claimed c where o.workspace_id = ${actor.workspaceId}::uuid and o.message_id = c.message_id
    ), shown as (
      -- What is in doubt stays shown as that while the platform is asked.
      update messages m set state = 'sending', state_reason = null, state_at = ${actor.at}
      from claimed c where m.workspace_id = ${actor.workspaceId}::uuid and m.id = c.message_id and m.state <> 'unknown'
    ), named as (
      insert into message_keys (workspace_id, connection_id, external_id, message_id, conversation_id, ours)
      select ${actor.workspaceId}::uuid, ${connection.id}::uuid, c.name, c.message_id, c.conversation_id, true from claimed c
      on conflict (workspace_id, connection_id, external_id) do nothing
    )
    insert into conversation_addresses as a (workspace_id, conversation_id, address, by_us)
    select distinct ${actor.workspaceId}::uuid, c.conversation_id, lower(one ->> 'address'), true
    from claimed c
    join message_bodies b on b.workspace_id = ${actor.workspaceId}::uuid and b.message_id = c.message_id and ${severalIn(connection)}
    cross join jsonb_array_elements(coalesce(b.addressees -> 'to', '[]') || coalesce(b.addressees -> 'cc', '[]')
      || coalesce(b.addressees -> 'bcc', '[]')) one
    on conflict (workspace_id, conversation_id, address) do update set by_us = true where not a.by_us
  `.execute(tx)
}

/** Everything that a connector needs to send a claimed message. `open` reads a stored file. */
export async function loadOutbound(
  tx: Tx<Tables>,
  actor: Actor,
  claim: Claim,
  open: (sha256: string) => Promise<Buffer>,
): Promise<Outbound> {
  const reading = sql<{
    body: string
    files: number
    occurredAt: Date
    stateAt: Date | null
    subject: string | null
    authorName: string | null
    threadKey: string
    visibility: 'public' | 'private'
    threadFacts: Record<string, unknown>
    parentExternalId: string | null
    externalId: string | null
    handle: string | null
    scope: string | null
    addressees: Addressees | null
    carried: Carried | null
    warning: string | null
  }>`
    select m.body, m.attachment_count as files, m.occurred_at, m.state_at, case when m.kind = 'system' then m.data end as carried, m.subject, m.author_name,
      coalesce(m.thread_key, c.thread_key) as thread_key, m.visibility, coalesce(t.facts, c.thread_facts) as thread_facts,
      i.external_id, i.handle, i.scope, b.addressees, w.warning,
      -- What stands in another thread is nothing that the platform could hang this below.
      case when p.thread_key is not distinct from m.thread_key then p.external_id end as parent_external_id
    from messages m
    join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
    left join message_bodies b on b.workspace_id = m.workspace_id and b.message_id = m.id
    left join message_posts w on w.workspace_id = m.workspace_id and w.message_id = m.id
    left join conversation_threads t on m.thread_key is not null and t.workspace_id = c.workspace_id and t.connection_id = c.connection_id
      and t.thread_key = m.thread_key
    left join messages p on p.workspace_id = m.workspace_id and p.id = m.parent_id
    left join lateral (
      select l.identity_id from messages l
      where l.workspace_id = m.workspace_id and l.conversation_id = m.conversation_id and l.kind = 'in'
        and (not l.context or l.id = m.parent_id) and l.thread_key is not distinct from m.thread_key and l.identity_id is not null
        and coalesce(l.automatic not in ('report', 'receipt'), true)
      order by (l.id = m.parent_id) desc nulls last, l.occurred_at desc, l.seq desc limit 1
    ) l on true
    left join identities i on i.workspace_id = m.workspace_id and i.id = coalesce(l.identity_id, t.identity_id)
    where m.workspace_id = ${actor.workspaceId}::uuid and m.id = ${claim.messageId}::uuid
  `.execute(tx)
  // Both at once: one way to the database.
  const [{ rows }, follows] = await Promise.all([reading, followsOf(tx, actor, claim.messageId)])
  const row = rows[0]!
  return {
    messageId: claim.messageId,
    platformIdentity: claim.platformIdentity,
    conversationId: claim.conversationId,
    threadKey: row.threadKey,
    follows,
    addressees: row.addressees,
    carriesOn: row.carried !== null,
    automatic: false,
    visibility: row.visibility,
    parentExternalId: row.parentExternalId,
    recipient:
      row.externalId === null ? null : { externalId: row.externalId, handle: row.handle, scope: row.scope ?? '' },
    authorName: row.authorName ?? '',
    text: row.carried ? await carriedText(tx, actor, { ...claim, data: row.carried }) : row.body,
    subject: row.subject,
    warning: row.warning,
    media:
      row.carried || row.files > 0
        ? await mediaOf(tx, actor, row.carried ? { ids: row.carried.files } : claim, open)
        : [],
    threadFacts: row.threadFacts,
    attempt: claim.attempt,
    at: row.occurredAt,
    triedAt: claim.doubtful ? row.stateAt : null,
  }
}

const MOST_FOLLOWED = 20

/** The names of what stands before a message in its thread, oldest first; what it answers comes last. */
async function followsOf(tx: Tx<Tables>, actor: Actor, messageId: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    with this as (
      select m.conversation_id, m.parent_id, m.thread_key, m.occurred_at, m.seq, n.channel from messages m
      join outbound o on o.workspace_id = m.workspace_id and o.message_id = m.id
      join connections n on n.workspace_id = o.workspace_id and n.id = o.connection_id
      where m.workspace_id = ${actor.workspaceId}::uuid and m.id = ${messageId}::uuid
    ), before as (
      select m.id, m.kind, m.occurred_at, m.seq,
        -- A second message under one name has a sign behind it here; on the platform it has not.
        coalesce(o.platform_identity, case when right(m.external_id, 9) = '#' || left(m.data ->> 'contentHash', 8)
          then left(m.external_id, -9) else m.external_id end) as name
      from this join messages m on m.workspace_id = ${actor.workspaceId}::uuid and m.conversation_id = this.conversation_id
      left join outbound o on o.workspace_id = m.workspace_id and o.message_id = m.id
      left join connections k on k.workspace_id = o.workspace_id and k.id = o.connection_id
      left join identities i on i.workspace_id = m.workspace_id and i.id = m.identity_id
      where (m.occurred_at, m.seq) < (this.occurred_at, this.seq) and m.state is distinct from 'cancelled'
        and (m.kind in ('in', 'out') or o.message_id is not null)
        and coalesce(k.channel, i.channel, this.channel) = this.channel and not m.context and m.thread_key is not distinct from this.thread_key
        and (m.kind = 'in' or o.message_id is null or m.state in ('sent', 'delivered', 'read', 'unknown'))
      order by m.occurred_at desc, m.seq desc limit ${MOST_FOLLOWED}
    )
    select name from before, this where name is not null
    order by coalesce(before.id = this.parent_id, before.id = (select id from before where kind = 'in' order by occurred_at desc, seq desc limit 1), false),
      before.occurred_at, before.seq
  `.execute(tx)
  return rows.map(({ name }) => name)
}

async function mediaOf(
  tx: Tx<Tables>,
  actor: Actor,
  of: { readonly messageId: string } | { readonly ids: readonly string[] },
  open: (sha256: string) => Promise<Buffer>,
): Promise<OutboundMedia[]> {
  if ('ids' in of && of.ids.length === 0) return []
  const rows = await tx
    .selectFrom('attachments')
    .select(['name', 'mediaType', 'size', 'alt', 'sha256'])
    .where('workspaceId', '=', actor.workspaceId)
    .where((where) => ('ids' in of ? where('id', 'in', [...of.ids]) : where('messageId', '=', of.messageId)))
    .orderBy('position')
    .execute()
  return rows.map(({ sha256, ...row }) => ({ ...row, read: () => open(sha256!) }))
}
