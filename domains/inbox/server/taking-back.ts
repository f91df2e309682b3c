// A held answer taken back: gone as if never written, its words the draft again, and the turn whose it was.
import { sql } from 'kysely'
import { memberOf, type Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { Draft } from '../contract.ts'
import { forgetBody } from './bodies.ts'
import { chainOf, forgetParts } from './chains.ts'
import { readDraft, restoreDraft } from './drafts.ts'
import { emit } from './emit.ts'
import { forgetPost } from './posts.ts'
import { refreshPreview } from './previews.ts'
import { forgetWords } from './search.ts'
import { findOutbound, type TurnBefore } from './sending.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { closeEpisode, mirrorLabels, reopenEpisode } from './threads.ts'
import { findConversation, visibilityOf, type ConversationRow } from './visibility.ts'

type Tables = InboxTables & InboxReads

/** Answers the draft that it is again; tokens keep no drafts, and get the words all the same. */
export async function undoMessage(tx: Tx<Tables>, actor: Actor, messageId: string): Promise<Draft> {
  const message = await findOutbound(tx, actor, messageId)
  const conversation = await findConversation(tx, actor, message.conversationId, true, 'message')
  if (message.kind !== 'out' || message.memberId !== memberOf(actor))
    throw new Problem(422, 'inbox.not_yours', 'Only who sent an answer can take it back.')
  const parts = await chainOf(tx, actor, message)
  const taken = await tx
    .updateTable('outbound')
    .set({ state: 'settled' })
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', 'in', parts)
    .where('state', '=', 'held')
    .returning(['messageId', 'before'])
    .execute()
  // Of a chain all or nothing: half of it may be out.
  if (taken.length < parts.length) throw new Problem(409, 'inbox.already_sent', 'Too late: this answer has left.')
  const [first, ...rest] = parts
  const whole = await wholeOf(tx, actor, message, first!)
  await restoreDraft(tx, actor, whole)
  await tx
    .updateTable('messages')
    .set({ state: 'cancelled', stateAt: actor.at, body: '', attachmentCount: 0 })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', 'in', parts)
    .execute()
  await forgetWords(tx, actor, first!)
  await forgetPost(tx, actor, first!)
  for (const id of parts) await forgetBody(tx, actor, id)
  await forgetParts(tx, actor, conversation.id, rest)
  await giveTurnBack(
    tx,
    actor,
    conversation,
    whole,
    (taken.find((one) => one.messageId === first)?.before ?? null) as TurnBefore | null,
  )
  await emit(tx, actor, 'inbox.message_undone', {
    subjectId: conversation.id,
    data: { conversationId: conversation.id, messageId },
    visibility: visibilityOf(conversation),
  })
  const { body, parentId, subject } = whole
  return (
    (await readDraft(tx, actor, conversation.id)) ?? {
      conversationId: conversation.id,
      kind: 'out',
      body,
      parentId,
      attachments: [],
      addressees: null,
      subject,
      thread: whole.thread,
      warning: whole.warning,
      version: 0,
      updatedAt: actor.at.toISOString(),
    }
  )
}

/** What was written, before it was split, with where it would have gone and what it was hidden behind. */
async function wholeOf(tx: Tx<Tables>, actor: Actor, message: Awaited<ReturnType<typeof findOutbound>>, first: string) {
  const begun = message.id === first ? message : await findOutbound(tx, actor, first)
  const { rows } = await sql<{ chainText: string | null; warning: string | null; thread: string | null }>`
    select p.chain_text, p.warning, coalesce(t.id::text, case when exists (select from conversation_threads o
      where o.workspace_id = m.workspace_id and o.conversation_id = m.conversation_id) then 'first' end) as thread
    from messages m
    left join message_posts p on p.workspace_id = m.workspace_id and p.message_id = m.id
    left join conversation_threads t on m.thread_key is not null and t.workspace_id = m.workspace_id
      and t.conversation_id = m.conversation_id and t.thread_key = m.thread_key
    where m.workspace_id = ${actor.workspaceId}::uuid and m.id = ${first}::uuid
  `.execute(tx)
  const { chainText, warning, thread } = rows[0]!
  return { ...begun, body: chainText ?? begun.body, warning, thread }
}

/**
 * Gives the turn back to whose it was before an answer that is none. Other things may have happened meanwhile: what came since
 * keeps its say, and who waits since when is found again from the thread, not remembered.
 */
export async function giveTurnBack(
  tx: Tx<Tables>,
  actor: Actor,
  conversation: ConversationRow,
  message: { readonly id: string; readonly seq: number; readonly occurredAt: Date },
  before: TurnBefore | null,
): Promise<void> {
  const { rows } = await sql<{
    since: boolean
    isEmpty: boolean
    waits: Date | null
    firstAnswerAt: Date | null
    firstAnswerBy: string | null
  }>`
    with thread as (
      select seq, kind, context, automatic, occurred_at, member_id, episode from messages where workspace_id = ${actor.workspaceId}::uuid
        and conversation_id = ${conversation.id}::uuid and state is distinct from 'cancelled' and kind in ('in', 'out')
    ), first as (select occurred_at, member_id from thread where kind = 'out' and episode = ${conversation.episode} order by seq limit 1)
    select exists (select from thread where seq > ${message.seq}) as since, not exists (select from thread) as is_empty,
      (select min(occurred_at) from thread where kind = 'in' and not context and (automatic is null or automatic = 'report') and seq > (select coalesce(max(seq), 0) from thread where kind = 'out')) as waits,
      (select occurred_at from first) as first_answer_at, (select member_id from first) as first_answer_by
  `.execute(tx)
  const { since, isEmpty, waits, firstAnswerAt, firstAnswerBy } = rows[0]!
  const then = since ? null : before
  // What one of ours began and took back is nothing that anybody waits for; writing it again begins it anew.
  const state = isEmpty ? 'resolved' : then === null ? conversation.state : then.state
  const snoozedUntil = state === 'snoozed' ? (then ? asDate(then.snoozedUntil) : conversation.snoozedUntil) : null
  const resolvedThen = then && !isEmpty ? asDate(then.resolvedAt) : conversation.resolvedAt
  const resolvedAt = state === 'resolved' ? (resolvedThen ?? actor.at) : null
  const assigned = conversation.assigneeId === memberOf(actor) && before !== null && before.assigneeId === null
  await tx
    .updateTable('conversations')
    .set((eb) => ({
      state: state === 'snoozed' && (snoozedUntil === null || snoozedUntil <= actor.at) ? 'open' : state,
      snoozedUntil,
      resolvedAt,
      // Answering had made it theirs; unless they took it up otherwise, it is nobody's again.
      ...(assigned && !since && { assigneeId: null }),
      messageCount: eb('messageCount', '-', 1),
      waitingSince: state === 'resolved' || state === 'waiting' ? null : waits,
      priorityAt: sql<Date>`coalesce(${state === 'resolved' || state === 'waiting' ? null : waits}::timestamptz, last_activity_at) - make_interval(mins => priority_minutes)`,
    }))
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', conversation.id)
    .execute()
  await refreshPreview(tx, actor, conversation.id)
  await tx
    .updateTable('episodes')
    .set({ firstAnswerAt, firstAnswerBy })
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', conversation.id)
    .where('episode', '=', conversation.episode)
    .where('firstAnswerAt', '=', message.occurredAt)
    .execute()
  if (state !== 'resolved') await reopenEpisode(tx, actor, conversation)
  else if (conversation.state !== 'resolved') await closeEpisode(tx, actor, conversation)
  await mirrorLabels(tx, actor, [conversation.id])
}

const asDate = (stored: Date | string | null): Date | null => (stored === null ? null : new Date(stored))
