// What became of a claimed message, written down: the second of the two transactions around a send.
import { sql } from 'kysely'
import type { LookUpOutcome, SendOutcome } from '#channels/connector'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { applyEarly } from './changes.ts'
import { emit } from './emit.ts'
import { countFailure } from './failures.ts'
import { adoptChildren } from './follows.ts'
import { FOREVER, type Claim } from './leaving.ts'
import { afterPart } from './chains.ts'
import { keepUrl } from './posts.ts'
import { refreshPreview } from './previews.ts'
import { forgetWords } from './search.ts'
import type { InboxReads, InboxTables } from './tables.ts'

type Tables = InboxTables & InboxReads

/** Waits between tries, in seconds; after the last one the message has failed. */
export const BACK_OFF_SECONDS = [2, 10, 30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600] as const
/** How often the platform is asked before a person has to decide. */
const MOST_QUESTIONS = 5

/** What a look-up on doubt means for the message: it is there; it surely is not, so it may be sent; or nobody can tell. */
export function outcomeOfLookUp(found: LookUpOutcome): SendOutcome | 'send' {
  if (found.state === 'found') {
    const { externalId, url } = found
    return { state: 'sent', externalId, ...(url !== undefined && { url }) }
  }
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
  const arrived = outcome.state === 'sent' || outcome.state === 'pending'
  const ours = await tx
    .updateTable('outbound')
    .set({
      state: next.outbound,
      nextAt: next.at ?? FOREVER,
      // Waiting for a person to sign in again uses up no tries.
      attempts: outcome.state === 'reauthorize' ? claim.attempt - 1 : claim.attempt,
    })
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', claim.messageId)
    // That it arrived is true whoever says it. Anything else counts only from the claim that still holds: meanwhile a receipt,
    // a person or a later claim may have settled it, and undoing that would send it twice.
    .$if(!arrived, (query) => query.where('state', '=', 'sending').where('attempts', '=', claim.attempt))
    .returning('messageId')
    .executeTakeFirst()
  if (!ours) return
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
  const receipted = before.state !== 'sending' && before.state !== 'unknown' && !(arrived && before.state === 'queued')
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
  if (externalId !== null) {
    await adoptChildren(tx, actor, [{ connectionId, externalId, messageId: claim.messageId, ours: true }])
    await applyEarly(tx, actor, [[connectionId, externalId]], [])
  }
  if (outcome.state === 'sent') await keepUrl(tx, actor, claim.messageId, outcome.url)
  if (arrived || next.outbound !== 'queued') await afterPart(tx, actor, claim.messageId, arrived)
  if (receipted || before.state === next.message) return
  await countFailure(tx, actor, claim.conversationId, before.state, next.message)
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
export function nextOf(
  now: Date,
  { attempt, doubtful }: Pick<Claim, 'attempt' | 'doubtful'>,
  outcome: SendOutcome,
  canAsk: boolean,
): Next {
  const in_ = (seconds: number): Date => new Date(now.getTime() + seconds * 1000)
  switch (outcome.state) {
    case 'sent':
    case 'pending':
      return { outbound: 'settled', message: 'sent', at: null, reason: null }
    case 'rejected':
      return { outbound: 'settled', message: 'failed', at: null, reason: outcome.reason }
    case 'unknown': {
      // A fresh doubt is asked about at least once, however many tries came before it.
      const ask = canAsk && (!doubtful || attempt <= MOST_QUESTIONS)
      const wait = doubtful ? BACK_OFF_SECONDS[attempt - 1]! : BACK_OFF_SECONDS[0]
      return { outbound: 'unknown', message: 'unknown', at: ask ? in_(wait) : null, reason: outcome.reason }
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
      insert into message_keys (workspace_id, connection_id, external_id, message_id, conversation_id, ours)
      values (${actor.workspaceId}::uuid, ${connectionId}::uuid, ${externalId}, ${claim.messageId}::uuid, ${claim.conversationId}::uuid, true)
      on conflict (workspace_id, connection_id, external_id) do update
        set message_id = excluded.message_id, conversation_id = excluded.conversation_id, ours = true
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
    .updateTable('messages')
    .set({ parentId: claim.messageId })
    .where('workspaceId', '=', actor.workspaceId)
    .where('parentId', '=', echo)
    .execute()
  await forgetWords(tx, actor, echo)
  await tx
    .updateTable('conversations')
    .set((eb) => ({ messageCount: eb('messageCount', '-', 1) }))
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', gone.conversationId)
    .execute()
  await refreshPreview(tx, actor, gone.conversationId)
}
