// Versions of what the workspace taught: learned by a job, live only where better, kept so that any of them can come back.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import { notFound, Problem } from '#platform/contract/problem'
import type { Database, Tx } from '#platform/db/database'
import type { Layer } from '../../contract.ts'
import type { Sentiment } from '../assessment.ts'
import { emit } from '../emit.ts'
import { ownWords } from '../own-words.ts'
import type { TriageReads, TriageTables } from '../tables.ts'
import { readTopicExamples } from '../topics/examples.ts'
import type { Holdout, SentimentLesson } from './lesson.ts'
import { CORRECTIONS_NEEDED } from './tasks.ts'
import { teachSentiment, teachTopics } from './teacher.ts'

type Tables = Pick<TriageTables, 'triageLayers' | 'labelCorrections' | 'messageAssessments'> & TriageReads
type Kind = Layer['kind']

/** The newest so many are learned from. */
const MOST_CORRECTIONS = 5_000
/** Of the messages that nobody put right, so many are learned beside the corrections. */
const MOST_UNTOUCHED = 1_000
/** Older versions than this are forgotten, but for the one in use. */
const MOST_VERSIONS = 30

const columns = ['id', 'kind', 'version', 'state', 'lessons', 'holdout', 'reason', 'learnedAt', 'wentLiveAt'] as const

export async function listLayers(tx: Tx<Tables>, actor: Actor): Promise<Layer[]> {
  const rows = await tx
    .selectFrom('triageLayers')
    .select(columns)
    .where('workspaceId', '=', actor.workspaceId)
    .orderBy('learnedAt', 'desc')
    .orderBy('version', 'desc')
    .limit(MOST_VERSIONS * 2)
    .execute()
  return rows.map((row) => ({
    ...row,
    kind: row.kind as Kind,
    state: row.state as Layer['state'],
    holdout: row.holdout as Layer['holdout'],
    learnedAt: row.learnedAt.toISOString(),
    wentLiveAt: row.wentLiveAt?.toISOString() ?? null,
  }))
}

interface CorrectionText {
  readonly text: string
  readonly value: Sentiment
}

/** Corrections of sentiment with the words that they are about, the oldest first. */
export async function readCorrections(tx: Tx<Tables>, actor: Actor): Promise<{ text: string; sentiment: Sentiment }[]> {
  const { rows } = await sql<CorrectionText & { subject: string | null }>`
    select left(m.body, 20000) as text, m.subject, c.value #>> '{}' as value
    from label_corrections c join messages m on m.workspace_id = c.workspace_id and m.id = c.message_id
    where c.workspace_id = ${actor.workspaceId}::uuid and c.label = 'sentiment' and m.deleted_at is null
    order by c.corrected_at desc, c.message_id desc limit ${MOST_CORRECTIONS}
  `.execute(tx)
  return rows.toReversed().map(({ text, subject, value }) => ({ text: ownWords({ text, subject }), sentiment: value }))
}

/** Some of the newest messages of customers that nobody put right, not only of the last storm. */
async function readUntouched(tx: Tx<Tables>, actor: Actor): Promise<string[]> {
  const { rows } = await sql<{ text: string; subject: string | null }>`
    select left(m.body, 20000) as text, m.subject from (
      select message_id from (
        select message_id, corrected from message_assessments where workspace_id = ${actor.workspaceId}::uuid
        order by message_id desc limit ${MOST_UNTOUCHED * 10}
      ) newest
      where not 'sentiment' = any (corrected) order by md5(message_id::text) limit ${MOST_UNTOUCHED}
    ) picked
    join messages m on m.workspace_id = ${actor.workspaceId}::uuid and m.id = picked.message_id
    where m.deleted_at is null
    order by m.id
  `.execute(tx)
  return rows.map(ownWords)
}

/** The job: learns, outside of any transaction, and stores what came of it. Too few corrections: nothing. */
export async function learn(db: Database, actor: Actor, kind: Kind): Promise<void> {
  await (kind === 'sentiment' ? learnFromCorrections(db, actor) : learnFromExamples(db, actor))
}

/** Null where too little was corrected. */
async function readLesson(tx: Tx<Tables>, actor: Actor): Promise<SentimentLesson | null> {
  const corrections = await readCorrections(tx, actor)
  if (corrections.length < CORRECTIONS_NEEDED) return null
  const untouched = await readUntouched(tx, actor)
  const live = await readLive(tx, actor, 'sentiment')
  return { kind: 'sentiment', corrections, untouched, live: live?.toString('utf8') ?? null }
}

async function learnFromCorrections(db: Database, actor: Actor): Promise<void> {
  const lesson = await db.read(actor, (tx) => readLesson(tx, actor))
  if (lesson === null) return
  const learned = await teachSentiment(lesson)
  const { accuracy, before, n } = learned.holdout
  const percent = (share: number) => `${Math.round(share * 100)} %`
  const against = `${percent(accuracy)} of the newest ${n} corrections, against ${percent(before)} before`
  await db.write(actor, (tx) =>
    addVersion(tx, actor, {
      kind: 'sentiment',
      content: Buffer.from(learned.content),
      lessons: learned.lessons,
      holdout: learned.holdout,
      live: learned.better,
      reason: learned.better ? `Right in ${against}.` : `Not better: right in ${against}.`,
    }),
  )
}

async function learnFromExamples(db: Database, actor: Actor): Promise<void> {
  const { examples, topics } = await db.read(actor, (tx) => readTopicExamples(tx, actor))
  const content = await teachTopics({ kind: 'topics', examples })
  await db.write(actor, (tx) =>
    addVersion(tx, actor, {
      kind: 'topics',
      content,
      lessons: examples.length,
      holdout: null,
      live: true,
      reason: `Learned ${topics} topics from their examples.`,
    }),
  )
}

async function readLive(tx: Tx<Tables>, actor: Actor, kind: Kind): Promise<Buffer | null> {
  const row = await tx
    .selectFrom('triageLayers')
    .select('content')
    .where('workspaceId', '=', actor.workspaceId)
    .where('kind', '=', kind)
    .where('state', '=', 'live')
    .executeTakeFirst()
  return row?.content ?? null
}

interface NewVersion {
  readonly kind: Kind
  readonly content: Buffer
  readonly lessons: number
  readonly holdout: Holdout | null
  readonly live: boolean
  readonly reason: string
}

async function addVersion(tx: Tx<Tables>, actor: Actor, given: NewVersion): Promise<void> {
  await lockKind(tx, actor, given.kind)
  if (given.live) await retire(tx, actor, given.kind)
  const { rows } = await sql<{ version: number }>`
    insert into triage_layers (workspace_id, id, kind, version, state, lessons, holdout, reason, content, learned_at, went_live_at)
    select ${actor.workspaceId}::uuid, ${randomUUIDv7()}::uuid, ${given.kind}, coalesce(max(version), 0) + 1, ${given.live ? 'live' : 'refused'},
      ${given.lessons}, ${given.holdout && JSON.stringify(given.holdout)}::jsonb, ${given.reason}, ${given.content}::bytea, ${actor.at},
      ${given.live ? actor.at : null}::timestamptz
    from triage_layers where workspace_id = ${actor.workspaceId}::uuid and kind = ${given.kind}
    returning version
  `.execute(tx)
  const { version } = rows[0]!
  await tx
    .deleteFrom('triageLayers')
    .where('workspaceId', '=', actor.workspaceId)
    .where('kind', '=', given.kind)
    .where('version', '<=', version - MOST_VERSIONS)
    .where('state', '<>', 'live')
    .execute()
  await tell(tx, actor, given.kind, version)
}

/** One version at a time, whoever makes it. */
const lockKind = (tx: Tx<Tables>, actor: Actor, kind: Kind) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`triage ${actor.workspaceId} ${kind}`}, 0))`.execute(tx)

const tell = (tx: Tx<Tables>, actor: Actor, kind: Kind, version: number) =>
  emit(tx, actor, 'triage.layer_changed', { subjectId: null, data: { kind, version } })

async function retire(tx: Tx<Tables>, actor: Actor, kind: Kind): Promise<void> {
  await tx
    .updateTable('triageLayers')
    .set({ state: 'kept' })
    .where('workspaceId', '=', actor.workspaceId)
    .where('kind', '=', kind)
    .where('state', '=', 'live')
    .execute()
}

/** Puts a version back into use, whatever became of it: a person decided. */
export async function restoreLayer(tx: Tx<Tables>, actor: Actor, id: string): Promise<Layer> {
  const row = await findLayer(tx, actor, id)
  await lockKind(tx, actor, row.kind as Kind)
  await retire(tx, actor, row.kind as Kind)
  await tx
    .updateTable('triageLayers')
    .set({ state: 'live', wentLiveAt: actor.at })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .execute()
  await tell(tx, actor, row.kind as Kind, row.version)
  return (await listLayers(tx, actor)).find((layer) => layer.id === id)!
}

async function findLayer(tx: Tx<Tables>, actor: Actor, id: string) {
  const row = await tx
    .selectFrom('triageLayers')
    .select(['kind', 'version', 'content'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw notFound('version')
  return row
}

export const readLayerFile = findLayer

/** Back to the shipped models. What was taught is kept. */
export async function resetLayers(tx: Tx<Tables>, actor: Actor): Promise<void> {
  await lockKind(tx, actor, 'sentiment')
  await retire(tx, actor, 'sentiment')
  await tell(tx, actor, 'sentiment', 0)
}

export async function countCorrections(tx: Tx<Tables>, actor: Actor): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from label_corrections where workspace_id = ${actor.workspaceId}::uuid and label = 'sentiment'
  `.execute(tx)
  return rows[0]!.count
}

/** Refuses to learn from next to nothing. */
export async function requireEnough(tx: Tx<Tables>, actor: Actor): Promise<void> {
  const count = await countCorrections(tx, actor)
  if (count < CORRECTIONS_NEEDED)
    throw new Problem(
      422,
      'triage.too_few_corrections',
      `There are ${count} corrections of sentiment; ${CORRECTIONS_NEEDED} are needed.`,
      { details: { corrections: count, needed: CORRECTIONS_NEEDED } },
    )
}
