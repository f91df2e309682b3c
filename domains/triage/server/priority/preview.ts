// What a policy would have changed: the conversations of the last month, put into both orders.
import { sql } from 'kysely'
import type { KnownConnections } from '#connections/server'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { visibleTo } from '#inbox/server'
import type { PolicyPreview, PriorityPolicy } from '../../contract.ts'
import { readFacts, understandThread, type ThreadFacts } from '../storing/facts.ts'
import { readPolicy } from './policies.ts'
import { sharesOf, type Priority } from './priority.ts'

const DAYS = 30
const MOST_LOOKED = 2_000
const MOST_MOVES = 50

interface Looked {
  readonly id: string
  readonly subject: string | null
  readonly customerName: string | null
  readonly state: string
  readonly waitingFrom: Date
}

/** Read only: nothing is moved. Conversations with an open question count since it was asked, others since they began. */
export async function previewPolicy(
  tx: Tx,
  actor: Actor,
  known: KnownConnections,
  policy: PriorityPolicy,
): Promise<PolicyPreview> {
  const present = await readPolicy(tx, actor)
  const { rows } = await sql<Looked>`
    select c.id, c.subject, c.customer_name, c.state, coalesce(c.waiting_since, c.first_message_at) as waiting_from
    from conversations c where c.workspace_id = ${actor.workspaceId}::uuid
      and c.last_activity_at > ${new Date(actor.at.getTime() - DAYS * 86_400_000)} and c.last_inbound_at is not null and ${visibleTo(actor)}
    order by c.last_activity_at desc limit ${MOST_LOOKED}
  `.execute(tx)
  const facts = new Map(
    (
      await readFacts(
        tx,
        actor,
        rows.map(({ id }) => id),
      )
    ).map((one) => [one.id, one]),
  )
  const looked = rows.filter(({ id }) => facts.has(id))
  const order = async (by: PriorityPolicy) => placesOf(known, actor, looked, facts, by)
  const [before, after] = [await order(present.policy), await order(policy)]
  const moves = looked.map((one) => ({ one, from: before.get(one.id)!, to: after.get(one.id)! }))
  const far = moves
    .filter(({ from, to }) => from.place !== to.place)
    .sort(
      (a, b) => Math.abs(b.from.place - b.to.place) - Math.abs(a.from.place - a.to.place) || a.to.place - b.to.place,
    )
  return {
    looked: looked.length,
    up: moves.filter(({ from, to }) => to.place < from.place).length,
    down: moves.filter(({ from, to }) => to.place > from.place).length,
    moves: far.slice(0, MOST_MOVES).map(({ one, from, to }) => ({
      conversationId: one.id,
      subject: one.subject,
      customerName: one.customerName,
      state: one.state,
      before: from.place,
      after: to.place,
      minutesBefore: from.priority.minutes,
      minutesAfter: to.priority.minutes,
      reasons: sharesOf(to.priority.reasons),
    })),
  }
}

async function placesOf(
  known: KnownConnections,
  actor: Actor,
  looked: readonly Looked[],
  facts: ReadonlyMap<string, ThreadFacts>,
  policy: PriorityPolicy,
): Promise<Map<string, { place: number; priority: Priority }>> {
  const standing = []
  for (const { id, waitingFrom } of looked) {
    const { priority } = await understandThread(known, actor, facts.get(id)!, policy, { asIfWaiting: true })
    standing.push({ id, priority, at: waitingFrom.getTime() - priority.minutes * 60_000 })
  }
  standing.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  return new Map(standing.map(({ id, priority }, i) => [id, { place: i + 1, priority }]))
}
