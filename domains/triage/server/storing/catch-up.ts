// Messages assessed later than they came: what could not be assessed then, and what was edited since.
import { sql } from 'kysely'
import type { KnownConnections } from '#connections/server'
import { setPersonal } from '#inbox/server'
import type { Actor } from '#platform/actor'
import type { Database, Tx } from '#platform/db/database'
import { enqueue } from '#platform/jobs'
import { findPersonalData } from '../personal-data/find.ts'
import { opened } from '../personal-data/opened.ts'
import { ownWords } from '../own-words.ts'
import type { Assessor } from '../worker/assessor.ts'
import { storeAssessments } from './assessments.ts'
import { refreshConversations, tellChanged } from './refresh.ts'
import { forgetOldMarks } from './resemblance.ts'
import { readStanding, taughtOf } from './standing.ts'
import { ASSESS_TASK, spansOf } from './understand.ts'

interface MissedRow {
  readonly id: string
  readonly conversationId: string
  readonly text: string
  readonly subject: string | null
  readonly quoted: string | null
  /** Addresses by which its writer is known. */
  readonly own: readonly (string | null)[]
}

/** Assesses messages by their ids. Throws where the thread could not, so that the job comes again. */
export async function assessMessages(
  db: Database,
  actor: Actor,
  { assessor, known }: { readonly assessor: Assessor; readonly known: KnownConnections },
  messageIds: readonly string[],
): Promise<void> {
  const { standing, messages } = await db.read(actor, async (tx) => ({
    standing: await readStanding(tx, actor),
    messages: (
      await sql<MissedRow>`
        select m.id, m.conversation_id, m.body as text, m.subject, b.quoted, array(
          select unnest(array[i.handle, i.external_id]) from identities w
          join identities i on i.workspace_id = w.workspace_id and i.customer_id = w.customer_id
          where w.workspace_id = m.workspace_id and w.id = m.identity_id) as own
        from messages m
        left join message_bodies b on b.workspace_id = m.workspace_id and b.message_id = m.id
        where m.workspace_id = ${actor.workspaceId}::uuid and m.id = any (${[...messageIds]}::uuid[]) and m.kind = 'in' and not m.context and m.deleted_at is null
      `.execute(tx)
    ).rows,
  }))
  if (messages.length === 0) return
  const words = messages.map(ownWords)
  const assessed = await assessor.assess(words, taughtOf(db, actor, standing))
  if (assessed === null) throw new Error('the messages could not be assessed')
  await db.write(actor, async (tx) => {
    await storeAssessments(
      tx,
      actor,
      messages.map(({ id }, i) => ({ messageId: id, assessed: assessed[i]!, words: words[i]! })),
    )
    const { covered } = standing.settings
    const personal = messages.map((one) => opened(one, spansOf(one, findPersonalData(one.text)), covered, one.own))
    await setPersonal(tx, actor, new Map(messages.map(({ id }, i) => [id, personal[i]!])))
    const ids = [...new Set(messages.map(({ conversationId }) => conversationId))]
    await tellChanged(tx, actor, await refreshConversations(tx, actor, known, ids, 'messages'), ['understood'])
  })
}

const CHUNK = 200
/** Conversations looked through at once, and of each so many newest messages. */
const LOOKED_THROUGH = 500
const MOST_OF_EACH = 50

/** Has messages assessed by jobs, in chunks. `key` names the jobs, so that they can be found again. */
export async function assessLater(tx: Tx, messageIds: readonly string[], key?: string): Promise<void> {
  for (let from = 0; from < messageIds.length; from += CHUNK)
    await enqueue(
      tx,
      ASSESS_TASK,
      { messageIds: messageIds.slice(from, from + CHUNK) },
      key === undefined ? {} : { key: `${ASSESS_TASK}:${key}:${from}` },
    )
}

/**
 * Has everything assessed that waits for an answer and was never understood: from before triage, or from a bad hour. As dear as
 * there is much of it, and an index knows where; short transactions. Answers how many messages that is.
 */
export async function assessMissing(db: Database, actor: Actor): Promise<number> {
  let found = 0
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await db.read(actor, async (tx) => {
      const { rows } = await sql<{ id: string; messageIds: string[] }>`
        select c.id, array(select m.id from messages m where m.workspace_id = c.workspace_id and m.conversation_id = c.id and m.kind = 'in'
          and not m.context and m.deleted_at is null and m.episode = c.episode
          order by m.occurred_at desc, m.seq desc limit ${MOST_OF_EACH}) as message_ids
        from conversations c where c.workspace_id = ${actor.workspaceId}::uuid and c.id > ${after}::uuid
          and c.understood_from is null and c.state <> 'resolved' and c.last_inbound_seq > 0
        order by c.id limit ${LOOKED_THROUGH}
      `.execute(tx)
      return rows
    })
    const ids = rows.flatMap(({ messageIds }) => messageIds)
    if (ids.length > 0) await db.write(actor, (tx) => assessLater(tx, ids))
    found += ids.length
    if (rows.length < LOOKED_THROUGH) return found
    after = rows.at(-1)!.id
  }
}

/** Of what the rules alone assessed, so many newest messages are looked at again. */
const MOST_BY_RULES = 10_000

/** Has assessed again what came while the models could not be used. Answers how many messages that is. */
export async function assessByModels(db: Database, actor: Actor): Promise<number> {
  const ids = await db.read(actor, (tx) =>
    tx
      .selectFrom('messageAssessments')
      .select('messageId')
      .where('workspaceId', '=', actor.workspaceId)
      .where('source', '=', 'rules')
      .orderBy('messageId', 'desc')
      .limit(MOST_BY_RULES)
      .execute(),
  )
  const messageIds = ids.map(({ messageId }) => messageId)
  if (messageIds.length > 0) await db.write(actor, (tx) => assessLater(tx, messageIds, 'rules'))
  return messageIds.length
}

/** What has to be done now and then for a workspace, and once after a start. */
export async function tidyTriage(db: Database, actor: Actor): Promise<void> {
  await db.write(actor, (tx) => forgetOldMarks(tx, actor))
  await assessMissing(db, actor)
  await assessByModels(db, actor)
}
