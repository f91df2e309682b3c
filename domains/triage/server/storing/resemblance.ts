// New conversations that resemble ones of the last days: the same words are a pile-on and make one group, the same person on
// another channel is proposed as one matter. A fixed number of statements, whatever the batch; none without new conversations.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { areNearDuplicates } from '../duplicates.ts'
import type { TriageReads, TriageTables } from '../tables.ts'
import { kindOfMark, type Mark } from './marks.ts'
import type { NewProposal } from './proposals.ts'

/** A conversation that begins in this batch, by its first message. */
export interface Beginning {
  readonly messageId: string
  readonly conversationId: string
  readonly connectionId: string
  readonly customerId: string
  readonly customerName: string | null
  readonly sketch: string
  readonly marks: readonly Mark[]
}

export interface Resemblance {
  /** Of conversations of the batch and of others: the group that they are in from now on. */
  readonly groups: ReadonlyMap<string, string>
  readonly proposals: readonly NewProposal[]
}

type Tables = Pick<TriageTables, 'messageMarks' | 'messageAssessments'> & TriageReads

const LOOKED_BACK_MS = 7 * 86_400_000
/** Of messages that share one mark, so many newest ones are compared. */
const MOST_ALIKE = 8

interface Match {
  readonly asked: string
  readonly marks: readonly number[]
  readonly conversationId: string
  readonly groupId: string | null
  readonly customerId: string
  readonly customerName: string | null
  readonly connectionId: string
  readonly sketch: string
}

export async function findResemblance(
  tx: Tx<Tables>,
  actor: Actor,
  beginnings: readonly Beginning[],
): Promise<Resemblance> {
  const marked = beginnings.filter(({ marks }) => marks.length > 0)
  if (beginnings.length === 0) return { groups: new Map(), proposals: [] }
  const matches = marked.length === 0 ? [] : await findMatches(tx, actor, marked)
  const siblings = await findSiblings(tx, actor, beginnings)
  await storeMarks(tx, actor, marked)
  const within = matchesWithin(marked)
  const all = [...matches, ...within]
  const byAsked = new Map(beginnings.map((one) => [one.messageId, one]))
  return { groups: groupsOf(byAsked, all), proposals: proposalsOf(byAsked, [...all, ...siblings]) }
}

async function findMatches(tx: Tx<Tables>, actor: Actor, marked: readonly Beginning[]): Promise<Match[]> {
  const asked = marked.flatMap(({ messageId, marks }) => marks.map(({ mark }) => ({ messageId, mark })))
  const { rows } = await sql<Match>`
    select f.asked, f.marks, m.conversation_id, c.group_id, c.customer_id, c.customer_name, c.connection_id, a.sketch
    from (
      select w.asked, k.message_id, array_agg(w.mark) as marks
      from unnest(${asked.map(({ messageId }) => messageId)}::uuid[], ${asked.map(({ mark }) => mark)}::bigint[]) as w (asked, mark)
      cross join lateral (
        select message_id from message_marks where workspace_id = ${actor.workspaceId}::uuid and mark = w.mark and message_id <> w.asked
          and message_id > ${idAt(new Date(actor.at.getTime() - LOOKED_BACK_MS))}::uuid
        order by message_id desc limit ${MOST_ALIKE}
      ) k
      group by w.asked, k.message_id
    ) f
    join message_assessments a on a.workspace_id = ${actor.workspaceId}::uuid and a.message_id = f.message_id
    join messages m on m.workspace_id = a.workspace_id and m.id = f.message_id
    join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
  `.execute(tx)
  return rows
}

/** What the same customers have open elsewhere. */
async function findSiblings(tx: Tx<Tables>, actor: Actor, beginnings: readonly Beginning[]): Promise<Match[]> {
  const { rows } = await sql<Match>`
    select w.asked, array[]::bigint[] as marks, o.id as conversation_id, o.group_id, o.customer_id, o.customer_name, o.connection_id, '' as sketch
    from unnest(${beginnings.map(({ messageId }) => messageId)}::uuid[], ${beginnings.map(({ conversationId }) => conversationId)}::uuid[],
      ${beginnings.map(({ customerId }) => customerId)}::uuid[], ${beginnings.map(({ connectionId }) => connectionId)}::uuid[])
      as w (asked, conversation_id, customer_id, connection_id)
    cross join lateral (
      select c.* from conversations c where c.workspace_id = ${actor.workspaceId}::uuid and c.customer_id = w.customer_id
        and c.last_activity_at > ${new Date(actor.at.getTime() - LOOKED_BACK_MS)} and c.id <> w.conversation_id
        and c.connection_id <> w.connection_id and c.state <> 'resolved'
      order by c.last_activity_at desc limit 2
    ) o
  `.execute(tx)
  return rows
}

async function storeMarks(tx: Tx<Tables>, actor: Actor, marked: readonly Beginning[]): Promise<void> {
  const rows = marked.flatMap(({ messageId, marks }) => marks.map(({ mark }) => ({ messageId, mark })))
  if (rows.length === 0) return
  await sql`
    insert into message_marks (workspace_id, mark, message_id)
    select ${actor.workspaceId}::uuid, n.mark, n.id from unnest(${rows.map(({ mark }) => mark)}::bigint[], ${rows.map(({ messageId }) => messageId)}::uuid[]) as n (mark, id)
    on conflict do nothing
  `.execute(tx)
}

/** Those of the batch that resemble an earlier one of it. */
function matchesWithin(marked: readonly Beginning[]): Match[] {
  const seen = new Map<number, Beginning[]>()
  const found = new Map<string, Match & { marks: number[] }>()
  for (const one of marked) {
    for (const { mark } of one.marks) {
      const others = seen.get(mark) ?? []
      for (const { messageId, ...other } of others.slice(-MOST_ALIKE)) {
        if (other.conversationId === one.conversationId) continue
        const key = `${one.messageId} ${messageId}`
        const match = found.get(key) ?? { ...other, asked: one.messageId, groupId: null, marks: [] }
        match.marks.push(mark)
        found.set(key, match)
      }
      seen.set(mark, [...others, one])
    }
  }
  return [...found.values()]
}

/** One group for all that say the same, by the smallest name among them, so that batches in any order agree in the end. */
function groupsOf(beginnings: ReadonlyMap<string, Beginning>, matches: readonly Match[]): Map<string, string> {
  const parent = new Map<string, string>()
  const find = (name: string): string => {
    let at = name
    for (let up = parent.get(at); up !== undefined; up = parent.get(at)) at = up
    return at
  }
  const join = (a: string, b: string): void => {
    const [low, high] = [find(a), find(b)].sort() as [string, string]
    if (low !== high) parent.set(high, low)
  }
  const groupOf = new Map<string, string | null>()
  for (const match of matches) {
    const { conversationId, sketch } = beginnings.get(match.asked)!
    if (!areNearDuplicates(sketch, match.sketch)) continue
    groupOf.set(conversationId, groupOf.get(conversationId) ?? null)
    groupOf.set(match.conversationId, match.groupId)
    join(conversationId, match.conversationId)
    if (match.groupId) join(match.conversationId, match.groupId)
  }
  return new Map(
    [...groupOf].flatMap(([id, group]) => {
      const now = find(id)
      return now === group ? [] : [[id, now] as const]
    }),
  )
}

const STRENGTH = {
  same_customer: 0.6,
  same_email: 0.6,
  same_phone: 0.5,
  same_number: 0.4,
  same_words: 0.5,
  same_name: 0.3,
} as const
const PROPOSED_FROM = 0.6
type Evidence = keyof typeof STRENGTH

function proposalsOf(beginnings: ReadonlyMap<string, Beginning>, matches: readonly Match[]): NewProposal[] {
  const pairs = new Map<string, { later: string; earlier: string; evidence: Set<Evidence> }>()
  for (const match of matches) {
    const one = beginnings.get(match.asked)!
    // On one channel the same person has one conversation or chose to begin another.
    if (match.connectionId === one.connectionId) continue
    const key = [one.conversationId, match.conversationId].sort().join(' ')
    const pair = pairs.get(key) ?? { later: one.conversationId, earlier: match.conversationId, evidence: new Set() }
    for (const piece of evidenceOf(one, match)) pair.evidence.add(piece)
    pairs.set(key, pair)
  }
  return [...pairs.values()].flatMap(({ later, earlier, evidence }) => {
    const strength = 1 - [...evidence].reduce((doubt, piece) => doubt * (1 - STRENGTH[piece]), 1)
    return strength >= PROPOSED_FROM - 1e-9 ? [{ later, earlier, evidence: [...evidence].sort(), strength }] : []
  })
}

function evidenceOf(one: Beginning, match: Match): Evidence[] {
  const kinds = new Set(match.marks.map((mark) => kindOfMark(Number(mark))))
  return [
    ...(one.customerId === match.customerId ? (['same_customer'] as const) : []),
    ...(kinds.has('email') ? (['same_email'] as const) : []),
    ...(kinds.has('phone') ? (['same_phone'] as const) : []),
    ...(kinds.has('number') ? (['same_number'] as const) : []),
    ...(areNearDuplicates(one.sketch, match.sketch) ? (['same_words'] as const) : []),
    ...(isSameName(one.customerName, match.customerName) ? (['same_name'] as const) : []),
  ]
}

/** A first name alone is nobody in particular. */
function isSameName(a: string | null, b: string | null): boolean {
  const fold = (name: string | null) => name?.trim().toLowerCase().normalize('NFKD') ?? ''
  return fold(a) === fold(b) && /\S\s+\S/.test(fold(a))
}

/** The smallest id that could have been made at a moment. */
const idAt = (at: Date): string => {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`
}

/** Marks older than anybody looks back. */
export async function forgetOldMarks(tx: Tx<Pick<TriageTables, 'messageMarks'>>, actor: Actor): Promise<void> {
  await sql`
    delete from message_marks where workspace_id = ${actor.workspaceId}::uuid
      and message_id < ${idAt(new Date(actor.at.getTime() - 2 * LOOKED_BACK_MS))}::uuid
  `.execute(tx)
}
