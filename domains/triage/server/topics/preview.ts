// What a topic would catch, before it is there: learned from the examples given and all that the other topics have, in a thread
// of its own, and looked up in the newest messages.
import { sql } from 'kysely'
import { cover, spansOf, visibleTo } from '#inbox/server'
import type { Actor } from '#platform/actor'
import type { Database, Tx } from '#platform/db/database'
import type { TopicPreview } from '../../contract.ts'
import { previewTopics } from '../learning/teacher.ts'
import { ownWords } from '../own-words.ts'
import type { TriageReads } from '../tables.ts'
import { readTopicExamples } from './examples.ts'

const MOST_LOOKED = 2_000
const MOST_SHOWN = 50
const MOST_TEXT = 2_000
/** No key of a topic is like it. */
const TRIED = '?'

interface Looked {
  readonly messageId: string
  readonly conversationId: string
  readonly text: string
  readonly subject: string | null
  readonly personal: unknown
}

/** `key`: a topic whose own examples count with those given. Nothing is stored. */
export async function previewTopic(
  db: Database,
  actor: Actor,
  { examples: given, key }: { readonly examples: readonly string[]; readonly key?: string | undefined },
): Promise<TopicPreview> {
  const { examples, looked } = await db.read(actor, async (tx) => ({
    examples: (await readTopicExamples(tx, actor)).examples,
    looked: await readNewest(tx, actor),
  }))
  const guesses = await previewTopics({
    kind: 'preview',
    topic: TRIED,
    examples: [
      ...examples.map((one) => (one.topic === key ? { ...one, topic: TRIED } : one)),
      ...given.map((text) => ({ text, topic: TRIED })),
    ],
    texts: looked.map(ownWords),
  })
  const caught = guesses
    .flatMap((probability, i) => (probability === null ? [] : [{ probability, one: looked[i]! }]))
    .sort((a, b) => b.probability - a.probability)
  return {
    looked: looked.length,
    count: caught.length,
    caught: caught.slice(0, MOST_SHOWN).map(({ probability, one }) => ({
      messageId: one.messageId,
      conversationId: one.conversationId,
      text: cover(one.text, spansOf(one.personal)),
      probability,
    })),
  }
}

/** Ids carry their time, so the newest messages are the end of the primary key. */
async function readNewest(tx: Tx<TriageReads>, actor: Actor): Promise<Looked[]> {
  const { rows } = await sql<Looked>`
    select m.id as message_id, m.conversation_id, left(m.body, ${MOST_TEXT}) as text, m.subject, m.personal
    from (select id, conversation_id, body, subject, personal from messages
      where workspace_id = ${actor.workspaceId}::uuid and kind = 'in' and not context and deleted_at is null
      order by id desc limit ${MOST_LOOKED}) m
    join conversations c on c.workspace_id = ${actor.workspaceId}::uuid and c.id = m.conversation_id
    where ${visibleTo(actor)} order by m.id desc
  `.execute(tx)
  return rows
}
