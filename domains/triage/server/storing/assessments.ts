// Assessments as rows.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { laneOf } from '#platform/jobs'
import type { Assessed } from '../worker/assessed.ts'
import type { TriageTables } from '../tables.ts'

export interface NewAssessment {
  readonly messageId: string
  readonly assessed: Assessed
  readonly words: string
}

/** One message in so many is asked about by chance, so that the figures of the model are fair. */
const SAMPLED_IN = 50
const SAMPLE_USE = 0.8
/** Shorter texts say the same as too many others to be called the same. */
const LEAST_WORDS = 6
const LEAST_LENGTH = 20

export const isSampled = (messageId: string): boolean => laneOf(messageId, SAMPLED_IN) === 0

/** Long enough that equal words mean an equal matter. */
export const isTelling = (words: string): boolean =>
  words.length >= LEAST_LENGTH &&
  (words.split(/\s+/, LEAST_WORDS).length >= LEAST_WORDS || !/\s/.test(words.slice(0, 60)))

/** Stores assessments; one that is there already is replaced, but for what a member said. One statement. */
export async function storeAssessments(
  tx: Tx<Pick<TriageTables, 'messageAssessments'>>,
  actor: Actor,
  all: readonly NewAssessment[],
): Promise<void> {
  if (all.length === 0) return
  await sql`
    insert into message_assessments as a (workspace_id, message_id, language, sentiment, negative, neutral, positive, intent, complaint,
      emotions, topic, urgency, severity, severity_probabilities, needs_person, toxicity, toxic, spam, fault, sketch, usefulness, why, source, assessed_at)
    select ${actor.workspaceId}::uuid, n.*, ${actor.at}
    from json_to_recordset(${JSON.stringify(all.map(rowOf))}::json) as n (message_id uuid, language text, sentiment text, negative real, neutral real,
      positive real, intent text, complaint real, emotions text[], topic text, urgency real, severity text[], severity_probabilities real[],
      needs_person boolean, toxicity text, toxic real, spam real, fault text, sketch text, usefulness real, why text, source text)
    on conflict (workspace_id, message_id) do update set
      language = case when 'language' = any (a.corrected) then a.language else excluded.language end,
      sentiment = case when 'sentiment' = any (a.corrected) then a.sentiment else excluded.sentiment end,
      negative = excluded.negative, neutral = excluded.neutral, positive = excluded.positive,
      intent = case when 'intent' = any (a.corrected) then a.intent else excluded.intent end,
      topic = case when 'topic' = any (a.corrected) then a.topic else excluded.topic end,
      emotions = case when 'emotions' = any (a.corrected) then a.emotions else excluded.emotions end,
      severity = case when 'severity' = any (a.corrected) then a.severity else excluded.severity end,
      severity_probabilities = case when 'severity' = any (a.corrected) then a.severity_probabilities else excluded.severity_probabilities end,
      needs_person = case when 'severity' = any (a.corrected) then a.needs_person else excluded.needs_person end,
      toxicity = case when 'toxicity' = any (a.corrected) then a.toxicity else excluded.toxicity end,
      toxic = excluded.toxic, spam = excluded.spam, complaint = excluded.complaint, urgency = excluded.urgency, fault = excluded.fault,
      sketch = excluded.sketch, usefulness = excluded.usefulness, why = excluded.why, source = excluded.source, assessed_at = excluded.assessed_at
  `.execute(tx)
}

function rowOf({ messageId, assessed, words }: NewAssessment) {
  const { sentiment, severity, toxicity } = assessed
  return {
    message_id: messageId,
    language: assessed.language,
    sentiment: sentiment.label,
    ...sentiment.probabilities,
    intent: assessed.intent,
    complaint: assessed.complaint,
    emotions: assessed.emotions,
    topic: assessed.topic,
    urgency: assessed.urgency,
    severity: severity.map(({ kind }) => kind),
    severity_probabilities: severity.map(({ probability }) => probability),
    needs_person: assessed.needsPerson,
    toxicity: toxicity.label,
    toxic: toxicity.probability,
    spam: assessed.spam,
    fault: assessed.fault,
    sketch: isTelling(words) ? assessed.duplicateKey : '',
    source: assessed.source,
    ...questionOf(messageId, assessed),
  }
}

/** How much an answer would teach: as much as the model is torn, more where the words are new to the workspace. */
export function questionOf(
  messageId: string,
  { torn, novelty, intent }: Pick<Assessed, 'torn' | 'novelty' | 'intent'>,
): { usefulness: number; why: 'torn' | 'new' | 'sample' } {
  const usefulness = intent === 'spam' ? 0 : torn * (0.75 + 0.25 * novelty)
  if (isSampled(messageId) && usefulness < SAMPLE_USE) return { usefulness: SAMPLE_USE, why: 'sample' }
  return { usefulness, why: novelty > torn ? 'new' : 'torn' }
}
