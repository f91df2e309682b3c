// Why a conversation stands where it stands, for the panel.
import { sql } from 'kysely'
import { findConversation } from '#inbox/server'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { ConversationPriority } from '../../contract.ts'
import { readFacts, type ThreadFacts } from '../storing/facts.ts'
import { readStanding } from '../storing/standing.ts'
import { summarise } from '../storing/summary.ts'
import { sharesOf, type Reason } from './priority.ts'

const DAY_MS = 86_400_000

export async function readPriority(tx: Tx, actor: Actor, id: string): Promise<ConversationPriority> {
  const row = await findConversation(tx, actor, id)
  const { policy, policyVersion, settings } = await readStanding(tx, actor)
  const step = await tx
    .selectFrom('prioritySteps')
    .select('at')
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', id)
    .executeTakeFirst()
  const [facts] = await readFacts(tx, actor, [id])
  const influence = facts && settings.showInfluence ? await readInfluence(tx, actor, facts, policy.reach.on) : null
  return {
    conversationId: id,
    priorityAt: row.priorityAt.toISOString(),
    waitingFrom: new Date(row.priorityAt.getTime() + row.priorityMinutes * 60_000).toISOString(),
    minutes: row.priorityMinutes,
    reasons: sharesOf(row.priorityReasons as unknown as Reason[]),
    policyVersion,
    nextStepAt: step && step.at > actor.at ? step.at.toISOString() : null,
    influence,
  }
}

type Influence = NonNullable<ConversationPriority['influence']>

async function readInfluence(tx: Tx, actor: Actor, facts: ThreadFacts, counted: boolean): Promise<Influence | null> {
  const { reach, gathered } = facts
  if (reach === null) return null
  const summary = summarise(gathered)
  const saidAt = summary.saidAt
  // What others did with what was said here, by the platform's own counts.
  const { rows } = await sql<{ engagement: number }>`
    select coalesce(sum((p.counts ->> k)::bigint), 0)::int as engagement
    from messages m join message_posts p on p.workspace_id = m.workspace_id and p.message_id = m.id,
      unnest(array['likes', 'reposts', 'quotes', 'replies']) as k
    where m.workspace_id = ${actor.workspaceId}::uuid and m.conversation_id = ${facts.id}::uuid and m.kind = 'in' and not m.context
  `.execute(tx)
  const told = (facts.topics ?? []).filter((one) => one !== null)
  const known = {
    reach,
    counted,
    engagement: rows[0]!.engagement,
    saidDaysAgo: saidAt === null ? null : Math.max(0, Math.floor((actor.at.getTime() - saidAt.getTime()) / DAY_MS)),
    // Of one conversation alone nothing is to be learned.
    topical:
      summary.topic !== null && told.length > 0
        ? { same: told.filter((one) => one === summary.topic).length + 1, of: told.length + 1 }
        : null,
  }
  return { ...known, sentence: influenceSentence(known) }
}

/** One sentence: how far they reach, what came of it, whether this is their matter, how long ago they spoke, whether it counts. */
export function influenceSentence(known: Omit<Influence, 'sentence'>): string {
  const { reach, engagement, topical, saidDaysAgo: days, counted } = known
  const number = new Intl.NumberFormat('en')
  const parts = [`Followed by ${number.format(reach)}`]
  if (engagement > 0) parts.push(`${number.format(engagement)} ${engagement === 1 ? 'reaction' : 'reactions'} to this`)
  if (topical) parts.push(`${topical.same} of their ${topical.of} matters with us are of this kind`)
  if (days !== null) parts.push(days === 0 ? 'spoke today' : `spoke ${days} ${days === 1 ? 'day' : 'days'} ago`)
  return `${parts.join(', ')}; by our policy this ${counted ? 'counts a little and fades' : 'counts nothing in the order'}.`
}
