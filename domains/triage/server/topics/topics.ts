// Topics by name. The default set is everybody's until a workspace renames or retires one of it: only then it has a row.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import { memberOf, type Actor } from '#platform/actor'
import { notFound, Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import { EXAMPLES_NEEDED, type Topic, type TopicExample } from '../../contract.ts'
import { defaultTopicExamples } from '../default-topics.ts'
import { emit } from '../emit.ts'
import type { TriageTables } from '../tables.ts'
import { topicKey } from '../topics.ts'

type Tables = Pick<TriageTables, 'topics' | 'topicExamples' | 'labelCorrections'>

const MOST_TOPICS = 100
const MOST_EXAMPLES = 500

interface TopicRow {
  readonly key: string
  readonly name: string
  readonly origin: string
  readonly archivedAt: Date | null
}

/** The rows of a workspace, with the default topics that have none. */
async function readRows(tx: Tx<Tables>, actor: Actor): Promise<TopicRow[]> {
  const rows = await tx
    .selectFrom('topics')
    .select(['key', 'name', 'origin', 'archivedAt'])
    .where('workspaceId', '=', actor.workspaceId)
    .execute()
  const present = new Set(rows.map(({ key }) => key))
  const others = defaultTopicExamples()
    .map(({ name }): TopicRow => ({ key: topicKey(name), name: titled(name), origin: 'default', archivedAt: null }))
    .filter(({ key }) => !present.has(key))
  return [...rows, ...others]
}

const titled = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1)

/** In the order of their names. */
export async function readTopics(tx: Tx<Tables>, actor: Actor): Promise<Topic[]> {
  const { rows } = await sql<{ topic: string; count: number }>`
    select topic, sum(count)::int as count from (
      select topic, count(*) as count from topic_examples where workspace_id = ${actor.workspaceId}::uuid group by topic
      union all
      select value #>> '{}', count(*) from label_corrections where workspace_id = ${actor.workspaceId}::uuid and label = 'topic'
        and value <> 'null' group by 1
    ) each group by topic
  `.execute(tx)
  const counts = new Map(rows.map(({ topic, count }) => [topic, count]))
  const shipped = new Map(defaultTopicExamples().map(({ name, texts }) => [topicKey(name), texts.length]))
  return (await readRows(tx, actor))
    .filter(({ archivedAt }) => archivedAt === null)
    .map(({ key, name, origin }) => {
      const examples = (counts.get(key) ?? 0) + (shipped.get(key) ?? 0)
      return { key, name, origin: origin as Topic['origin'], examples, learned: examples >= EXAMPLES_NEEDED }
    })
    .sort((a, b) => a.name.localeCompare(b.name))
}

export async function createTopic(
  tx: Tx<Tables>,
  actor: Actor,
  { name, examples = [] }: { readonly name: string; readonly examples?: readonly string[] | undefined },
): Promise<Topic> {
  const present = await readRows(tx, actor)
  const called = requireName(name)
  if (present.filter(({ archivedAt }) => archivedAt === null).length >= MOST_TOPICS)
    throw new Problem(422, 'triage.too_many_topics', `A workspace has ${MOST_TOPICS} topics at most.`)
  refuseTaken(present, called, null)
  const key = freeKey(topicKey(called) || 'topic', new Set(present.map(({ key }) => key)))
  await tx
    .insertInto('topics')
    .values({ workspaceId: actor.workspaceId, key, name: called, origin: 'own', createdAt: actor.at })
    .execute()
  await insertExamples(tx, actor, key, examples)
  await emit(tx, actor, 'triage.topics_changed', { subjectId: null, data: { topic: key } })
  return findTopic(tx, actor, key)
}

function freeKey(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted
  for (let n = 2; ; n += 1) {
    const key = `${wanted.slice(0, 56)}-${n}`
    if (!taken.has(key)) return key
  }
}

function requireName(name: string): string {
  const called = name.trim()
  if (called !== '') return called
  throw new Problem(400, 'invalid', 'A topic needs a name.', { fields: [{ path: 'name', message: 'is empty' }] })
}

function refuseTaken(present: readonly TopicRow[], name: string, except: string | null): void {
  const taken = present.some(
    (one) => one.archivedAt === null && one.key !== except && one.name.toLowerCase() === name.toLowerCase(),
  )
  if (taken) throw new Problem(422, 'triage.topic_exists', 'There is a topic of that name already.')
}

async function findTopic(tx: Tx<Tables>, actor: Actor, key: string): Promise<Topic> {
  const topic = (await readTopics(tx, actor)).find((one) => one.key === key)
  if (!topic) throw notFound('topic')
  return topic
}

export async function changeTopic(tx: Tx<Tables>, actor: Actor, key: string, name: string): Promise<Topic> {
  await findTopic(tx, actor, key)
  const called = requireName(name)
  refuseTaken(await readRows(tx, actor), called, key)
  await writeRow(tx, actor, key, { name: called })
  return findTopic(tx, actor, key)
}

/** Retired topics are not guessed any more; what bears one keeps it. */
export async function archiveTopic(tx: Tx<Tables>, actor: Actor, key: string): Promise<void> {
  const { name } = await findTopic(tx, actor, key)
  await writeRow(tx, actor, key, { name, archivedAt: actor.at })
}

async function writeRow(
  tx: Tx<Tables>,
  actor: Actor,
  key: string,
  fields: { readonly name: string; readonly archivedAt?: Date },
): Promise<void> {
  await tx
    .insertInto('topics')
    .values({ workspaceId: actor.workspaceId, key, origin: 'default', createdAt: actor.at, ...fields })
    .onConflict((conflict) => conflict.columns(['workspaceId', 'key']).doUpdateSet(fields))
    .execute()
  await emit(tx, actor, 'triage.topics_changed', { subjectId: null, data: { topic: key } })
}

export async function listTopicExamples(tx: Tx<Tables>, actor: Actor, key: string): Promise<TopicExample[]> {
  await findTopic(tx, actor, key)
  const rows = await tx
    .selectFrom('topicExamples')
    .select(['id', 'text', 'addedAt'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('topic', '=', key)
    .orderBy('addedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(MOST_EXAMPLES)
    .execute()
  return rows.map(({ id, text, addedAt }) => ({ id, text, from: 'written', addedAt: addedAt.toISOString() }))
}

export async function addTopicExamples(
  tx: Tx<Tables>,
  actor: Actor,
  key: string,
  texts: readonly string[],
): Promise<Topic> {
  const { name } = await findTopic(tx, actor, key)
  const present = await listTopicExamples(tx, actor, key)
  if (present.length + texts.length > MOST_EXAMPLES)
    throw new Problem(422, 'triage.too_many_examples', `A topic has ${MOST_EXAMPLES} examples at most.`)
  // A default topic gets its row, so that examples can refer to it.
  await writeRow(tx, actor, key, { name })
  await insertExamples(tx, actor, key, texts)
  return findTopic(tx, actor, key)
}

async function insertExamples(tx: Tx<Tables>, actor: Actor, topic: string, texts: readonly string[]): Promise<void> {
  if (texts.length === 0) return
  await tx
    .insertInto('topicExamples')
    .values(
      texts.map((text) => ({
        workspaceId: actor.workspaceId,
        id: randomUUIDv7(),
        topic,
        text: text.replaceAll('\u0000', '').toWellFormed(),
        addedAt: actor.at,
        addedBy: memberOf(actor),
      })),
    )
    .execute()
}

export async function removeTopicExample(tx: Tx<Tables>, actor: Actor, key: string, id: string): Promise<void> {
  const gone = await tx
    .deleteFrom('topicExamples')
    .where('workspaceId', '=', actor.workspaceId)
    .where('topic', '=', key)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  if (!gone) throw notFound('example')
  await emit(tx, actor, 'triage.topics_changed', { subjectId: null, data: { topic: key } })
}
