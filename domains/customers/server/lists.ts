// Customers as they are read: found by words, listed by when they were last seen, opened with everything known.
import { sql, type RawBuilder } from 'kysely'
import type { Actor } from '#platform/actor'
import { decodeCursor, encodeCursor } from '#platform/contract/cursor'
import type { Page } from '#platform/contract/kernel'
import { notFound } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { Customer, CustomerSummary, Identity } from '../contract.ts'
import { pictureAddress } from './pictures.ts'
import { foldForSearch } from './search-text.ts'
import type { CustomerTables } from './tables.ts'
import { foldTag } from './tags.ts'

export interface CustomerQuery {
  readonly q?: string
  readonly tag?: string
  readonly after?: string
  readonly limit?: number
}

type SummaryRow = Omit<CustomerSummary, 'firstSeenAt' | 'lastSeenAt'> & { firstSeenAt: Date; lastSeenAt: Date }

/** With `q` the best hundred at most, and no further page; without it pages, last seen first. One statement either way. */
export async function searchCustomers(
  tx: Tx<CustomerTables>,
  actor: Actor,
  { q, tag, after, limit = 50 }: CustomerQuery,
): Promise<Page<CustomerSummary>> {
  if (q !== undefined && q.trim() !== '') {
    const wanted = foldForSearch(q)
    if (wanted === '') return { items: [], next: null }
    const found =
      tag === undefined
        ? sql`search_customers(${wanted}, ${limit})`
        : sql`search_customers_tagged(${wanted}, ${foldTag(tag)}, ${limit})`
    const rows = await summaries(tx, actor, sql`c.id in (select customer_id from ${found})`, limit)
    return { items: rows.map(summaryOf), next: null }
  }
  const conditions = [
    ...(tag === undefined
      ? []
      : [
          sql`exists (
      select from customer_tags t where t.workspace_id = c.workspace_id and t.customer_id = c.id and t.tag = ${foldTag(tag)})`,
        ]),
    ...(after === undefined ? [] : [behind(decodeCursor(after, ['moment', 'id']))]),
  ]
  const where = conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
  const rows = await summaries(tx, actor, where, limit + 1)
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const next = rows.length > limit && last ? encodeCursor(last.lastSeenAt, last.id) : null
  return { items: items.map(summaryOf), next }
}

/** Throws 404 in the same words for an unknown and a foreign id. */
export async function getCustomer(tx: Tx<CustomerTables>, actor: Actor, id: string): Promise<Customer> {
  const [summary] = await summaries(tx, actor, sql`c.id = ${id}::uuid`, 1)
  if (!summary) throw notFound('customer')
  const row = await tx
    .selectFrom('customers')
    .select(['timeZone', 'attributes', 'blockedAt', 'blockedReason'])
    .select((eb) =>
      eb
        .selectFrom('customerNotes as n')
        .select(sql<number>`count(*)::integer`.as('count'))
        .whereRef('n.workspaceId', '=', 'customers.workspaceId')
        .whereRef('n.customerId', '=', 'customers.id')
        .where('n.removedAt', 'is', null)
        .as('noteCount'),
    )
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return {
    ...summaryOf(summary),
    timeZone: row.timeZone,
    attributes: row.attributes as Record<string, unknown>,
    blockedAt: row.blockedAt?.toISOString() ?? null,
    blockedReason: row.blockedReason,
    noteCount: row.noteCount ?? 0,
    identities: await identitiesOf(tx, actor, id),
  }
}

async function identitiesOf(tx: Tx<CustomerTables>, actor: Actor, id: string): Promise<Identity[]> {
  const rows = await tx
    .selectFrom('identities as i')
    .leftJoin('identityPictures as p', (join) =>
      join.onRef('p.workspaceId', '=', 'i.workspaceId').onRef('p.identityId', '=', 'i.id'),
    )
    .leftJoin('identities as m', (join) =>
      join.onRef('m.workspaceId', '=', 'i.workspaceId').onRef('m.id', '=', 'i.movedToId'),
    )
    .selectAll('i')
    .select((eb) => ['p.sha256', eb.fn.coalesce('m.handle', 'm.externalId').as('movedTo')])
    .where('i.workspaceId', '=', actor.workspaceId)
    .where('i.customerId', '=', id)
    .orderBy('i.lastSeenAt', 'desc')
    .orderBy('i.id')
    .limit(200)
    .execute()
  return rows.map(({ workspaceId: _, customerId: __, avatarUrl: ___, movedToId: ____, sha256, ...rest }) => {
    const { firstSeenAt, lastSeenAt, goneAt, ...row } = rest
    return {
      ...row,
      picture: pictureAddress(row.id, sha256),
      goneAt: goneAt?.toISOString() ?? null,
      firstSeenAt: firstSeenAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
    }
  })
}

async function summaries(
  tx: Tx<CustomerTables>,
  actor: Actor,
  where: RawBuilder<unknown>,
  limit: number,
): Promise<SummaryRow[]> {
  const { rows } = await sql<SummaryRow>`
    select c.id, coalesce(c.name, known.name) as name, c.kind, c.locale, coalesce(known.channels, '{}') as channels,
      array(
        select tag from customer_tags t where t.workspace_id = c.workspace_id and t.customer_id = c.id order by tag
      ) as tags,
      c.blocked_at is not null as blocked, c.first_seen_at, c.last_seen_at
    from customers c
    left join lateral (
      select array_agg(distinct i.channel) as channels, (array_agg(coalesce(i.name, i.handle) order by i.last_seen_at desc)
        filter (where coalesce(i.name, i.handle) is not null))[1] as name
      from identities i where i.workspace_id = c.workspace_id and i.customer_id = c.id
    ) as known on true
    where c.workspace_id = ${actor.workspaceId}::uuid and ${where}
    order by c.last_seen_at desc, c.id desc
    limit ${limit}
  `.execute(tx)
  return rows
}

function behind([at, id]: readonly [string, string]): RawBuilder<unknown> {
  return sql`(c.last_seen_at, c.id) < (${at}::timestamptz, ${id}::uuid)`
}

function summaryOf({ firstSeenAt, lastSeenAt, ...row }: SummaryRow): CustomerSummary {
  return { ...row, firstSeenAt: firstSeenAt.toISOString(), lastSeenAt: lastSeenAt.toISOString() }
}
