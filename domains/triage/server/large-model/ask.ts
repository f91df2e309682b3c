// The job that asks a large model about what the offline one was unsure of. Off unless the installation names one and the
// workspace switched it on. Whatever goes wrong, the offline answer stands, and what was asked is on record.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import type { KnownConnections } from '#connections/server'
import type { Actor } from '#platform/actor'
import type { Database, Tx } from '#platform/db/database'
import type { GuardedFetch } from '#platform/http/guarded-fetch'
import type { LargeModelUse } from '../../contract.ts'
import { ownWords } from '../own-words.ts'
import { usedToday } from '../settings.ts'
import { refreshConversations, tellChanged } from '../storing/refresh.ts'
import { readStanding } from '../storing/standing.ts'
import { mostTokens, readAnswer, requestBody, type Answered } from './protocol.ts'

export interface LargeModel {
  /** Where chat completions are asked for, without `/chat/completions`. */
  readonly url: string
  readonly model: string
  readonly key: string | null
  readonly timeoutMs: number
  /** May reach the host of `url`, wherever it lies. */
  readonly guarded: GuardedFetch
}

const BATCH = 20
/** What is older was answered by people long since. */
const LOOKED_BACK_MS = 3_600_000

interface Asked {
  readonly messageId: string
  readonly conversationId: string
  readonly text: string
  readonly subject: string | null
}

export async function askLargeModel(
  db: Database,
  actor: Actor,
  known: KnownConnections,
  model: LargeModel | null,
): Promise<void> {
  if (model === null) return
  const { settings, asked, used } = await db.read(actor, async (tx) => ({
    settings: (await readStanding(tx, actor)).settings,
    asked: await readUnsure(tx, actor),
    used: await usedToday(tx, actor),
  }))
  if (!settings.largeModel || asked.length === 0) return
  const body = requestBody(model.model, asked.map(ownWords))
  const most = mostTokens(body, asked.length)
  const use = { model: model.model, messages: asked.length, answered: 0, tokens: 0, milliseconds: 0 }
  if (used + most > settings.dailyTokens) {
    const reason = `${used} of ${settings.dailyTokens} tokens are used today, and this may take ${most}.`
    return db.write(actor, (tx) => record(tx, actor, { ...use, outcome: 'over_budget', reason }))
  }
  const began = performance.now()
  const answer = await request(model, body, asked.length)
  const milliseconds = Math.round(performance.now() - began)
  await db.write(actor, async (tx) => {
    if (typeof answer === 'string')
      // What a failed request took is not known; the worst is counted.
      return record(tx, actor, { ...use, tokens: most, milliseconds, outcome: 'failed', reason: answer })
    const answered = asked.flatMap((one, n) => {
      const sentiment = answer.labels.get(n)
      return sentiment ? [{ ...one, sentiment }] : []
    })
    await keep(tx, actor, answered)
    const ids = [...new Set(answered.map(({ conversationId }) => conversationId))]
    const changed = await refreshConversations(tx, actor, known, ids, 'messages')
    await tellChanged(tx, actor, changed, ['sentiment'])
    const tokens = answer.tokens ?? most
    return record(tx, actor, {
      ...use,
      answered: answered.length,
      tokens,
      milliseconds,
      outcome: 'answered',
      reason: null,
    })
  })
}

async function readUnsure(tx: Tx, actor: Actor): Promise<Asked[]> {
  const { rows } = await sql<Asked>`
    select a.message_id, m.conversation_id, left(m.body, 20000) as text, m.subject
    from (select * from message_assessments where workspace_id = ${actor.workspaceId}::uuid order by message_id desc limit 2000) a
    join messages m on m.workspace_id = a.workspace_id and m.id = a.message_id
    where a.sentiment = 'unsure' and a.source in ('shipped', 'workspace') and a.intent <> 'spam' and not 'sentiment' = any (a.corrected)
      and a.assessed_at > ${new Date(actor.at.getTime() - LOOKED_BACK_MS)} and m.deleted_at is null and m.body <> ''
    order by a.message_id desc limit ${BATCH}
  `.execute(tx)
  return rows
}

/** The answer, or in words why there is none. */
async function request(model: LargeModel, body: string, asked: number): Promise<Answered | string> {
  const outcome = await model.guarded.fetch(`${model.url.replace(/\/$/, '')}/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(model.key !== null && { authorization: `Bearer ${model.key}` }),
    },
    body,
    timeoutMs: model.timeoutMs,
    maxBytes: 1024 * 1024,
    redirects: 'none',
  })
  if (!outcome.ok) return `${outcome.reason}: ${outcome.detail}`.slice(0, 300)
  if (outcome.status !== 200) return `It answered ${outcome.status}.`
  return readAnswer(outcome.body.toString('utf8'), asked) ?? 'Its answer could not be read.'
}

async function keep(
  tx: Tx,
  actor: Actor,
  answered: readonly { readonly messageId: string; readonly sentiment: string }[],
): Promise<void> {
  if (answered.length === 0) return
  await sql`
    update message_assessments a set sentiment = n.sentiment, source = 'large-model'
    from unnest(${answered.map(({ messageId }) => messageId)}::uuid[], ${answered.map(({ sentiment }) => sentiment)}::text[]) as n (id, sentiment)
    where a.workspace_id = ${actor.workspaceId}::uuid and a.message_id = n.id and not 'sentiment' = any (a.corrected)
  `.execute(tx)
}

async function record(tx: Tx, actor: Actor, use: Omit<LargeModelUse, 'id' | 'at'>): Promise<void> {
  await tx
    .insertInto('largeModelUses')
    .values({ workspaceId: actor.workspaceId, id: randomUUIDv7(), at: actor.at, ...use })
    .execute()
}
