// What topics are learned from: the default examples, what was written for them, and what members said of messages.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { defaultTopicExamples } from '../default-topics.ts'
import { ownWords } from '../own-words.ts'
import type { TriageReads, TriageTables } from '../tables.ts'
import { topicKey, type TopicExample } from '../topics.ts'
import { readTopics } from './topics.ts'

type Tables = Pick<TriageTables, 'topics' | 'topicExamples' | 'labelCorrections'> & TriageReads

const MOST_CORRECTIONS = 5_000

/** Examples of all topics that have enough of them, and of what belongs to none. */
export async function readTopicExamples(
  tx: Tx<Tables>,
  actor: Actor,
): Promise<{ examples: TopicExample[]; topics: number }> {
  const learned = new Set((await readTopics(tx, actor)).filter(({ learned }) => learned).map(({ key }) => key))
  const { rows } = await sql<{ topic: string | null; text: string; subject: string | null }>`
    select topic, text, null as subject from topic_examples where workspace_id = ${actor.workspaceId}::uuid
    union all
    select * from (
      select c.value #>> '{}', left(m.body, 20000), m.subject from label_corrections c
      join messages m on m.workspace_id = c.workspace_id and m.id = c.message_id
      where c.workspace_id = ${actor.workspaceId}::uuid and c.label = 'topic' and m.deleted_at is null
      order by c.corrected_at desc limit ${MOST_CORRECTIONS}
    ) corrected
  `.execute(tx)
  const shipped = defaultTopicExamples().flatMap(({ name, texts }) =>
    texts.map((text) => ({ topic: topicKey(name), text })),
  )
  const taught = rows.map(({ topic, ...words }) => ({ topic, text: ownWords(words) }))
  return {
    examples: [...shipped, ...taught].filter(({ topic }) => topic === null || learned.has(topic)),
    topics: learned.size,
  }
}
