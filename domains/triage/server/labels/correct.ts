// Labels put right by members: what they say is a fact from then on, and what the workspace learns from.
import { sql } from 'kysely'
import type { KnownConnections } from '#connections/server'
import { visibilityOf } from '#inbox/server'
import { memberOf, type Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import { enqueue } from '#platform/jobs'
import {
  intentNames,
  severityNames,
  toxicityNames,
  type CorrectableLabel,
  type CorrectionInput,
  type MessageAssessment,
} from '../../contract.ts'
import { emotionNames } from '../training/emotions.ts'
import { emit } from '../emit.ts'
import { LEARN_DELAY_MS, LEARN_TASK } from '../learning/tasks.ts'
import { isSampled } from '../storing/assessments.ts'
import { refreshConversations } from '../storing/refresh.ts'
import { readTopics } from '../topics/topics.ts'
import { findAssessment, requireMessage, toAssessment, type AssessmentRow } from './read.ts'

type Value = string | readonly string[] | null

/** Stores a member's word, puts the conversation where it belongs by it, and has the workspace learn. Answers what is said now. */
export async function correctMessage(
  tx: Tx,
  actor: Actor,
  known: KnownConnections,
  { messageId, label, value, from = 'thread' }: CorrectionInput & { readonly messageId: string },
): Promise<MessageAssessment> {
  const row = await findAssessment(tx, actor, messageId, true)
  await requireValue(tx, actor, label, value)
  const corrected = [...new Set([...row.corrected, label])]
  await tx
    .updateTable('messageAssessments')
    .set({ ...fieldsOf(label, value), corrected, reviewed: true })
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', messageId)
    .execute()
  // What the model had said stays, also when somebody changes their mind.
  await sql`
    insert into label_corrections as c (workspace_id, message_id, label, said, said_probabilities, value, origin, sampled, corrected_at, corrected_by)
    values (${actor.workspaceId}::uuid, ${messageId}::uuid, ${label}, ${JSON.stringify(saidOf(row, label))}::jsonb,
      ${label === 'severity' ? row.severityProbabilities : null}::real[], ${JSON.stringify(value)}::jsonb,
      ${from}, ${isSampled(messageId)}, ${actor.at}, ${memberOf(actor)}::uuid)
    on conflict (workspace_id, message_id, label) do update set value = excluded.value, origin = excluded.origin,
      corrected_at = excluded.corrected_at, corrected_by = excluded.corrected_by
  `.execute(tx)
  return tellOf(tx, actor, known, 'triage.message_corrected', row, label)
}

interface WithdrawnRow {
  readonly said: Value
  readonly saidProbabilities: readonly number[] | null
}

/**
 * Takes a member's word back: the label is what the model had said, and nothing counts or learns from the word. Where nobody
 * said anything it stays as it is.
 */
export async function withdrawCorrection(
  tx: Tx,
  actor: Actor,
  known: KnownConnections,
  { messageId, label }: { readonly messageId: string; readonly label: CorrectableLabel },
): Promise<MessageAssessment> {
  const row = await findAssessment(tx, actor, messageId, true)
  const { rows } = await sql<WithdrawnRow>`
    delete from label_corrections where workspace_id = ${actor.workspaceId}::uuid and message_id = ${messageId}::uuid and label = ${label}
    returning said, said_probabilities
  `.execute(tx)
  const [withdrawn] = rows
  if (!withdrawn) return toAssessment(row)
  const corrected = row.corrected.filter((one) => one !== label)
  await tx
    .updateTable('messageAssessments')
    // With the last word gone, the question is open again.
    .set({ ...fieldsOf(label, withdrawn.said, withdrawn.saidProbabilities), corrected, reviewed: corrected.length > 0 })
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', messageId)
    .execute()
  return tellOf(tx, actor, known, 'triage.correction_withdrawn', row, label)
}

/** What follows from another word on a label: the row and its place, the event, another lesson. */
async function tellOf(
  tx: Tx,
  actor: Actor,
  known: KnownConnections,
  event: 'triage.message_corrected' | 'triage.correction_withdrawn',
  { conversationId, messageId }: AssessmentRow,
  label: CorrectableLabel,
): Promise<MessageAssessment> {
  await refreshConversations(tx, actor, known, [conversationId], 'messages')
  const { conversation } = await requireMessage(tx, actor, messageId)
  await emit(tx, actor, event, {
    subjectId: conversationId,
    data: { conversationId, messageId, label },
    visibility: visibilityOf(conversation),
  })
  const kind = label === 'sentiment' ? 'sentiment' : label === 'topic' ? 'topics' : null
  if (kind) await learnSoon(tx, actor, kind)
  return toAssessment(await findAssessment(tx, actor, messageId))
}

/** Some seconds after the last of a row of corrections. */
export async function learnSoon(tx: Tx, actor: Actor, kind: 'sentiment' | 'topics', delayMs = LEARN_DELAY_MS) {
  const runAt = new Date(actor.at.getTime() + delayMs)
  await enqueue(tx, LEARN_TASK, { kind }, { key: `${LEARN_TASK}:${kind}:${actor.workspaceId}`, runAt })
}

function saidOf(row: AssessmentRow, label: CorrectableLabel): Value {
  return label === 'severity' ? row.severity : row[label]
}

function fieldsOf(label: CorrectableLabel, value: Value, probabilities: readonly number[] | null = null) {
  if (label !== 'severity') return { [label]: value }
  const kinds = value as string[]
  return {
    severity: kinds,
    severityProbabilities: kinds.map((_, i) => probabilities?.[i] ?? 1),
    needsPerson: kinds.includes('self-harm'),
  }
}

async function requireValue(tx: Tx, actor: Actor, label: CorrectableLabel, value: Value): Promise<void> {
  const one = (known: readonly string[]) => typeof value === 'string' && known.includes(value)
  const several = (known: readonly string[]) =>
    Array.isArray(value) && value.every((each) => known.includes(each)) && new Set(value).size === value.length
  const fits: Readonly<Record<CorrectableLabel, () => boolean | Promise<boolean>>> = {
    language: () => typeof value === 'string' && /^[a-z]{2,3}$/.test(value),
    // Nobody corrects to "unsure": who does not know skips.
    sentiment: () => one(['negative', 'neutral', 'positive']),
    intent: () => one(intentNames),
    toxicity: () => one(toxicityNames),
    severity: () => several(severityNames),
    emotions: () => several(emotionNames),
    topic: async () => value === null || (await readTopics(tx, actor)).some(({ key }) => key === value),
  }
  if (!(await fits[label]()))
    throw new Problem(422, 'triage.no_such_value', `That is no value of ${label}.`, { details: { label } })
}
