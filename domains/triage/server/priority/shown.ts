// Why a conversation stands where it stands, for the panel.
import { findConversation } from '#inbox/server'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { ConversationPriority } from '../../contract.ts'
import { readFacts } from '../storing/facts.ts'
import { readStanding } from '../storing/standing.ts'
import { sharesOf, type Reason } from './priority.ts'

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
  const reach = facts?.reach ?? null
  const saidAt = facts?.gathered.saidAt == null ? null : new Date(facts.gathered.saidAt)
  return {
    conversationId: id,
    priorityAt: row.priorityAt.toISOString(),
    waitingFrom: new Date(row.priorityAt.getTime() + row.priorityMinutes * 60_000).toISOString(),
    minutes: row.priorityMinutes,
    reasons: sharesOf(row.priorityReasons as unknown as Reason[]),
    policyVersion,
    nextStepAt: step && step.at > actor.at ? step.at.toISOString() : null,
    influence:
      settings.showInfluence && reach !== null
        ? { sentence: influenceSentence(reach, saidAt, actor.at, policy.reach.on), reach, counted: policy.reach.on }
        : null,
  }
}

/** One sentence: how far they reach, how long ago they spoke, whether it counts. */
export function influenceSentence(reach: number, saidAt: Date | null, now: Date, counted: boolean): string {
  const followers = `Followed by ${new Intl.NumberFormat('en').format(reach)}`
  const days = saidAt === null ? null : Math.max(0, Math.floor((now.getTime() - saidAt.getTime()) / 86_400_000))
  const when = days === null ? '' : days === 0 ? ', spoke today' : `, spoke ${days} ${days === 1 ? 'day' : 'days'} ago`
  return `${followers}${when}; by our policy this ${counted ? 'counts a little and fades' : 'counts nothing in the order'}.`
}
