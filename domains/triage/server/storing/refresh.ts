// Labels and place of conversations made anew, after something that they are made of changed.
import type { KnownConnections } from '#connections/server'
import { lockConversations, setUnderstanding, type Understanding } from '#inbox/server'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { emit } from '../emit.ts'
import { rememberSteps } from '../priority/steps.ts'
import { readFacts, understandThread, type SaidFrom } from './facts.ts'
import { readStanding } from './standing.ts'

export interface Changed {
  readonly id: string
  readonly teamId: string | null
  readonly assigneeId: string | null
}

/**
 * Makes conversations anew and answers those whose row changed. Tells nobody. `from`: the row, where only the policy or the time
 * changed; the messages, where what is said of one of them did.
 */
export async function refreshConversations(
  tx: Tx,
  actor: Actor,
  known: KnownConnections,
  ids: readonly string[],
  from: SaidFrom = 'row',
): Promise<Changed[]> {
  // Before anything is read: what comes in meanwhile adds to what is gathered, and must not be written over.
  await lockConversations(tx, actor, ids)
  const { policy } = await readStanding(tx, actor)
  const understood = new Map<string, Understanding>()
  const steps = new Map<string, Date>()
  for (const facts of await readFacts(tx, actor, ids, () => ({ from }))) {
    const { understanding, priority } = await understandThread(known, actor, facts, policy)
    understood.set(facts.id, understanding)
    if (priority.nextStepAt) steps.set(facts.id, priority.nextStepAt)
  }
  await rememberSteps(tx, actor, steps)
  return setUnderstanding(tx, actor, understood)
}

/** Tells of conversations that changed, each to who may know of it. */
export async function tellChanged(tx: Tx, actor: Actor, changed: readonly Changed[], fields: string[]): Promise<void> {
  await emit(
    tx,
    actor,
    'triage.conversation_assessed',
    ...changed.map(({ id, teamId, assigneeId }) => ({
      subjectId: id,
      data: { conversationId: id, changed: fields },
      visibility: { teamId, assigneeId },
    })),
  )
}
