// Pages of the conversation list, by keyset. Every view walks one index from its beginning and stops when the page is full,
// whatever the size of the history: a view that is a union (a member who sees several teams) walks one index a part.
import { sql, type RawBuilder } from 'kysely'
import { memberOf, type Actor } from '#platform/actor'
import { decodeCursor, encodeCursor } from '#platform/contract/cursor'
import type { Page } from '#platform/contract/kernel'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { ConversationCounts, ConversationState, ConversationSummary } from '../contract.ts'
import { pictureColumn, toSummary } from './conversation-rows.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { seesAll, visibleTo, type ConversationRow } from './visibility.ts'

type Tables = InboxTables & InboxReads

export interface ListInput {
  readonly state?: ConversationState | undefined
  readonly sort?: 'activity' | 'priority' | undefined
  readonly assignee?: string | undefined
  readonly team?: string | undefined
  readonly label?: string | undefined
  readonly customer?: string | undefined
  readonly group?: string | undefined
  readonly grouped?: boolean | undefined
  readonly after?: string | undefined
  readonly limit?: number | undefined
}

const PAGE = 50
const NO_TEAM = '00000000-0000-0000-0000-000000000000'
const NOBODY = NO_TEAM
/** Counting stops here: "999+" says enough, and the cost stays flat. */
export const COUNT_CAP = 1000

type ListRow = ConversationRow & {
  readonly readSeq: number | null
  readonly at: string
  readonly copies: number | null
  readonly picture: string | null
}

/** One page of a view. Two statements at most, whatever the page. */
export async function listConversations(
  tx: Tx<Tables>,
  actor: Actor,
  input: ListInput,
): Promise<Page<ConversationSummary>> {
  const limit = input.limit ?? PAGE
  const order = orderOf(input.sort ?? 'activity')
  const cursor = input.after === undefined ? null : decodeCursor(input.after, ['moment', 'id'])
  const state = input.state ?? 'open'
  // Whoever looks at one label, customer or group wants to see each.
  const grouped = (input.grouped ?? false) && !input.label && !input.customer && !input.group
  const within = withinView(input)
  const parts = partsOf(actor, input).map((part) => (grouped ? firstOfGroup(actor, part, state, within) : part))
  const walks = parts.map((part) => walk(actor, part, state, order, cursor, limit + 1))
  const ids = sql.join(walks, sql` union `)
  const { rows } = await sql<ListRow>`
    select c.*, r.read_seq, ${pictureColumn} as picture, ${order.column('c')}::text as at,
      ${grouped ? copiesOf(actor, within) : sql`null::int`} as copies
    from (select id from (${ids}) parts order by ${order.by('parts')} limit ${limit + 1}) page
    join conversations c on c.workspace_id = ${actor.workspaceId}::uuid and c.id = page.id
    left join conversation_reads r on r.workspace_id = c.workspace_id and r.member_id = ${memberOf(actor)}::uuid and r.conversation_id = c.id
    order by ${order.by('c')}
  `.execute(tx)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    items: page.map((row) => ({
      ...toSummary(row, row.readSeq),
      ...(grouped && { copies: row.copies ?? 0 }),
    })),
    next: rows.length > limit && last ? encodeCursor(last.at, last.id) : null,
  }
}

interface Order {
  readonly column: (table: string) => RawBuilder<unknown>
  readonly by: (table: string, id?: string) => RawBuilder<unknown>
  readonly past: (table: string, id: string, cursor: readonly [string, string]) => RawBuilder<boolean>
}

function orderOf(sort: 'activity' | 'priority'): Order {
  const name = sort === 'activity' ? 'last_activity_at' : 'priority_at'
  const direction = sort === 'activity' ? 'desc' : 'asc'
  const compare = sort === 'activity' ? '<' : '>'
  const ref = (table: string, column: string) => sql.ref(`${table}.${column}`)
  return {
    column: (table) => sql.raw(`${table}.${name}`),
    by: (table, id = 'id') => sql.raw(`${table}.${name} ${direction}, ${table}.${id} ${direction}`),
    past: (table, id, [at, last]) =>
      sql<boolean>`(${sql.raw(`${table}.${name}`)}, ${ref(table, id)}) ${sql.raw(compare)} (${at}::timestamptz, ${last}::uuid)`,
  }
}

/** A condition that one index answers in order. */
interface Part {
  readonly from: 'conversations' | 'conversation_labels'
  readonly where: RawBuilder<boolean>
  /** What the index can't decide, checked row by row. */
  readonly filter: RawBuilder<boolean>
}

function partsOf(actor: Actor, input: ListInput): Part[] {
  const given = [input.assignee, input.team, input.label, input.customer, input.group].filter(
    (value) => value !== undefined,
  )
  if (given.length > 1)
    throw new Problem(400, 'invalid', 'Choose one of assignee, team, label, customer and group.', {
      fields: [{ path: 'query', message: 'takes one of them' }],
    })
  const visible = visibleTo(actor)
  const on = (where: RawBuilder<boolean>, filter = visible): Part => ({ from: 'conversations', where, filter })
  if (input.label)
    return [{ from: 'conversation_labels', where: sql<boolean>`l.label_id = ${input.label}::uuid`, filter: visible }]
  if (input.customer) return [on(sql<boolean>`c.customer_id = ${input.customer}::uuid`)]
  if (input.group) return [on(sql<boolean>`c.group_id = ${input.group}::uuid`)]
  if (input.team) return [on(sql<boolean>`c.team_key = ${input.team}::uuid`)]
  if (input.assignee === 'nobody') return [on(sql<boolean>`c.assignee_key = ${NOBODY}::uuid`)]
  if (input.assignee !== undefined) {
    const member = input.assignee === 'me' ? memberOf(actor) : input.assignee
    if (member !== null && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(member))
      throw new Problem(400, 'invalid', 'assignee is me, nobody or a member’s id.', {
        fields: [{ path: 'assignee', message: 'is me, nobody or an id' }],
      })
    return [on(sql<boolean>`c.assignee_key = ${member}::uuid`)]
  }
  return teamsOf(actor)
}

/** What else must be the same of `g` and `c`, so that one stands for the other in this view. */
const withinView = ({ assignee, team }: ListInput): RawBuilder<boolean> => {
  if (assignee !== undefined) return sql<boolean>`g.assignee_key = c.assignee_key`
  return team === undefined ? sql<boolean>`true` : sql<boolean>`g.team_key = c.team_key`
}

/** Of conversations that say the same, are in one state and are the actor's to see, the first stands for all. */
function firstOfGroup(actor: Actor, part: Part, state: string, within: RawBuilder<boolean>): Part {
  const isFirst = sql<boolean>`(c.group_id is null or not exists (
    select from conversations g where g.workspace_id = c.workspace_id and g.group_id = c.group_id and g.state = ${state}
      and g.id < c.id and ${within} and ${visibleTo(actor, 'g')}))`
  return { ...part, filter: sql<boolean>`${part.filter} and ${isFirst}` }
}

const copiesOf = (actor: Actor, within: RawBuilder<boolean>) => sql`case when c.group_id is not null then (
  select count(*)::int from (select from conversations g where g.workspace_id = c.workspace_id and g.group_id = c.group_id
    and g.state = c.state and g.id <> c.id and ${within} and ${visibleTo(actor, 'g')} limit 999) others) end`

/** Everything an actor sees, as parts that each walk one index. */
function teamsOf(actor: Actor): Part[] {
  const all = sql<boolean>`true`
  if (seesAll(actor)) return [{ from: 'conversations', where: all, filter: all }]
  const teams = [NO_TEAM, ...actor.teamIds].map((team): Part => ({
    from: 'conversations',
    where: sql<boolean>`c.team_key = ${team}::uuid`,
    filter: all,
  }))
  const member = memberOf(actor)
  return member === null
    ? teams
    : [...teams, { from: 'conversations', where: sql<boolean>`c.assignee_key = ${member}::uuid`, filter: all }]
}

function walk(
  actor: Actor,
  part: Part,
  state: string,
  order: Order,
  cursor: readonly [string, string] | null,
  limit: number,
): RawBuilder<unknown> {
  const table = part.from === 'conversations' ? 'c' : 'l'
  const id = part.from === 'conversations' ? 'id' : 'conversation_id'
  const past = cursor ? order.past(table, id, cursor) : sql<boolean>`true`
  if (part.from === 'conversations') {
    return sql`(select c.id, c.last_activity_at, c.priority_at from conversations c
      where c.workspace_id = ${actor.workspaceId}::uuid and c.state = ${state} and ${part.where} and ${part.filter} and ${past}
      order by ${order.by('c')} limit ${limit})`
  }
  return sql`(select c.id, c.last_activity_at, c.priority_at from conversation_labels l
    join conversations c on c.workspace_id = l.workspace_id and c.id = l.conversation_id
    where l.workspace_id = ${actor.workspaceId}::uuid and l.state = ${state} and ${part.where} and ${part.filter} and ${past}
    order by ${order.by('l', 'conversation_id')} limit ${limit})`
}

/** How many there are in each standing view, up to the cap. One statement that walks indexes, a part each. */
export async function countConversations(tx: Tx<Tables>, actor: Actor): Promise<ConversationCounts> {
  const capped = (parts: readonly Part[], state: string) => {
    // In order, though nobody asks for one: else the planner reads the table from its beginning, where all is long resolved.
    const walks = parts.map((part) => walk(actor, part, state, orderOf('activity'), null, COUNT_CAP))
    return sql`(select count(*)::int from (select id from (${sql.join(walks, sql` union `)}) parts limit ${COUNT_CAP}) capped)`
  }
  const all = teamsOf(actor)
  const { rows } = await sql<Omit<ConversationCounts, 'cap'>>`
    select ${capped(all, 'open')} as open, ${capped(partsOf(actor, { assignee: 'me' }), 'open')} as mine,
      ${capped(partsOf(actor, { assignee: 'nobody' }), 'open')} as unassigned, ${capped(all, 'waiting')} as waiting,
      ${capped(all, 'snoozed')} as snoozed
  `.execute(tx)
  return { ...rows[0]!, cap: COUNT_CAP }
}
