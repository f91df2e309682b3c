// Loads the sample: furniture in one transaction, then the month in short ones, then what belongs to nobody's line.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import { LANES, quarantine, reportHealth, type KnownConnections } from '#connections/server'
import { createCustomer, writeNote } from '#customers/server'
import { programActor, type Actor } from '#platform/actor'
import type { Clock } from '#platform/clock'
import { Problem } from '#platform/contract/problem'
import type { Keyring } from '#platform/crypto'
import type { Database, Tx } from '#platform/db/database'
import { emitter } from '#platform/events/emit'
import type { FileStore } from '#platform/files/store'
import { laneOf } from '#platform/jobs'
import { assessLater } from '#triage/server'
import { workspacesEvents } from '#workspaces/contract'
import { customers, places, type PlaceKey } from './cast.ts'
import { DAYS } from './calendar.ts'
import { keyOf, SCOPE, speakerOf } from './deliveries.ts'
import { storeFiles } from './files.ts'
import { furnish, openConnections, pointAnswers, type Stage } from './furnish.ts'
import { live, type DoneDelivery, type Living } from './live.ts'
import { planMonth, type Month } from './plan.ts'
import { countSample, isLoaded, type Loaded } from './state.ts'

export type { Loaded }

export interface SampleDeps {
  readonly db: Database
  readonly clock: Clock
  readonly keyring: Keyring
  readonly known: KnownConnections
  readonly files: FileStore
}

const emit = emitter(workspacesEvents)
const everyone = { permission: null, memberId: null }
/** Steps of one transaction: short ones, because readers of events wait for the oldest. */
const AT_ONCE = 40

/**
 * Brings the sample into a workspace, as of now. `me` is the member in whose name some of it waits. Throws 409
 * `sample.already_loaded`; what broke off half-way counts as loaded, and can be removed. `onProgress` hears how much of the month
 * is told, from 0 to 1.
 */
export async function loadSample(
  deps: SampleDeps,
  workspaceId: string,
  me: string | null,
  onProgress?: (share: number) => void,
): Promise<Loaded> {
  const { db, keyring, known, clock } = deps
  const now = clock.now()
  const month = planMonth(now)
  const opened = new Date(now.getTime() - (DAYS + 3) * 86_400_000)
  const furniture = await db.write({ workspaceId }, async (tx) => {
    // Of two who press the button at once the second waits here, and finds it done.
    await tx.selectFrom('workspaces').select('id').where('id', '=', workspaceId).forUpdate().executeTakeFirstOrThrow()
    if (await isLoaded(tx, workspaceId))
      throw new Problem(409, 'sample.already_loaded', 'The sample is in this workspace already. Remove it first.')
    return furnish(tx, workspaceId, opened, keyring, me)
  })
  const stage: Stage = {
    workspaceId,
    ...furniture,
    connections: await openConnections(known, workspaceId, furniture.connections),
  }
  const living: Living = { now, stage, files: await storeFiles(deps.files), told: new Map(), deliveries: [] }
  await db.write({ workspaceId }, (tx) => enterCast(tx, stage, month))
  for (let from = 0; from < month.steps.length; from += AT_ONCE) {
    const some = month.steps.slice(from, from + AT_ONCE)
    await db.write({ workspaceId }, async (tx) => {
      for (const step of some) await live(tx, living, step)
    })
    onProgress?.(Math.min(1, (from + AT_ONCE) / month.steps.length))
  }
  await keepDeliveries(db, living.deliveries, stage, now)
  const actor: Actor = programActor(workspaceId, now)
  await pointAnswers(db, keyring, actor, null)
  return db.write(actor, async (tx) => {
    await mark(tx, workspaceId, me ?? null, now)
    const heard = [...living.told.values()].flatMap(({ said }) => said.filter(({ kind }) => kind === 'in'))
    await assessLater(
      tx,
      heard.map(({ id }) => id),
      `sample:${workspaceId}`,
    )
    await tellHealth(tx, stage, now)
    await emit(tx, actor, 'workspaces.sample_loaded', { subjectId: workspaceId, data: {}, visibility: everyone })
    const { conversations, messages } = await countSample(tx, workspaceId)
    return { conversations, messages }
  })
}

/** Those who speak in several places are one customer from the start, with the reason why that is believed. */
async function enterCast(tx: Tx, stage: Stage, { stories, steps }: Month): Promise<void> {
  const met = new Map<string, { first: Date; where: Set<PlaceKey> }>()
  for (const { kind, at, story, ...step } of steps) {
    const who = kind === 'in' && 'who' in step ? keyOf(story, step.who) : ''
    if (!customers[who]) continue
    const found = met.get(who) ?? { first: at, where: new Set() }
    found.where.add(story.place)
    met.set(who, found)
  }
  for (const [key, { first, where }] of met) {
    const given = customers[key]!
    const actor = programActor(stage.workspaceId, first)
    const { name, kind = 'customer', locale = null, tags = [], attributes = {}, email, phone } = given
    const facts = { ...attributes, ...(email && { email }), ...(phone && { phone }) }
    const customerId = await createCustomer(tx, actor, { name, kind, locale, tags, attributes: facts })
    const rows = [...where].map((place) => identityRow(stage, key, place, customerId, first, where.size > 1))
    await tx.insertInto('identities').values(rows).execute()
    const lead = stage.members.get('amara')!
    const by: Actor = { ...actor, kind: 'member', id: lead, at: new Date(first.getTime() + 3_600_000) }
    if (given.note) await writeNote(tx, by, customerId, given.note)
  }
  if (stories.length === 0) throw new Error('a sample without stories')
}

function identityRow(stage: Stage, key: string, place: PlaceKey, customerId: string, at: Date, several: boolean) {
  const isChat = places[place].channel === places.chat.channel
  const { id, name, reach, ...more } = speakerOf(place, { key, by: key, locale: customers[key]!.locale ?? 'en' }, key)
  return {
    workspaceId: stage.workspaceId,
    id: randomUUIDv7(),
    customerId,
    channel: places[place].channel,
    scope: isChat ? '' : SCOPE,
    externalId: isChat ? `visitor:${SCOPE}:${id}` : id,
    handle: more.handle ?? null,
    name,
    reach: reach ?? null,
    evidence: several ? 'gave the same booking reference in both places' : 'first contact',
    verified: false,
    firstSeenAt: at,
    lastSeenAt: at,
  }
}

/** The deliveries behind the messages, done, and three that nobody could read. */
async function keepDeliveries(db: Database, done: readonly DoneDelivery[], stage: Stage, now: Date): Promise<void> {
  const strange = [
    ['sms', '<sms><from>+351915550147</from><text>Is my flight</text></sms>', 'The body is not JSON', 5],
    [
      'murmur',
      '{"version":1,"type":"reaction","id":"r-88121","emoji":"🌋"}',
      'type: "reaction" is not one of message, edit, deletion, receipt, thread, identity',
      31,
    ],
    ['reviews', '{"version":2,"type":"message","id":"w-7","stars":1}', 'version: only 1 is understood', 76],
  ] as const
  const bad = strange.map(([place, body, reason, hours]) => {
    const connectionId = stage.connections.get(place)!.id
    const receivedAt = new Date(now.getTime() - hours * 3_600_000)
    const lane = laneOf(connectionId, LANES)
    return {
      workspaceId: stage.workspaceId,
      id: randomUUIDv7(),
      connectionId,
      lane,
      receivedAt,
      body: Buffer.from(body),
      reason,
    }
  })
  const rows = [...done, ...bad]
  await db.system(async (tx) => {
    for (let from = 0; from < rows.length; from += 500)
      await tx
        .insertInto('deliveries')
        .values(
          rows.slice(from, from + 500).map((row) => ({
            workspaceId: row.workspaceId,
            id: row.id,
            connectionId: row.connectionId,
            lane: row.lane,
            receivedAt: row.receivedAt,
            headers: JSON.stringify({ 'content-type': 'application/json' }),
            body: row.body,
            state: 'reason' in row ? 'quarantined' : 'done',
            settledAt: row.receivedAt,
          })),
        )
        .execute()
  })
  await db.write({ workspaceId: stage.workspaceId }, async (tx) => {
    for (const one of bad) await quarantine(tx, programActor(stage.workspaceId, one.receivedAt), [one])
  })
}

/** Marks what use cases don't mark by themselves, and what `me` has read: all but the last days. */
async function mark(tx: Tx, workspaceId: string, me: string | null, now: Date): Promise<void> {
  const own = sql`select id from conversations where workspace_id = ${workspaceId}::uuid and is_sample`
  await sql`update messages set is_sample = true
    where workspace_id = ${workspaceId}::uuid and conversation_id in (${own}) and not is_sample`.execute(tx)
  await sql`
    update customers set is_sample = true where workspace_id = ${workspaceId}::uuid and id in (
      select i.customer_id from conversation_participants p
      join identities i on i.workspace_id = p.workspace_id and i.id = p.identity_id
      where p.workspace_id = ${workspaceId}::uuid and p.conversation_id in (${own})
    )`.execute(tx)
  await sql`
    update connections c set last_delivery_at = d.at, last_sent_at = s.at, health = 'ok', health_at = ${now}
    from (select connection_id, max(last_inbound_at) as at from conversations where workspace_id = ${workspaceId}::uuid and is_sample group by 1) d
    left join lateral (
      select max(m.state_at) as at from messages m join conversations o on o.workspace_id = m.workspace_id and o.id = m.conversation_id
      where m.workspace_id = ${workspaceId}::uuid and o.connection_id = d.connection_id and m.state in ('sent', 'read')
    ) s on true
    where c.workspace_id = ${workspaceId}::uuid and c.id = d.connection_id`.execute(tx)
  if (me === null) return
  await sql`
    insert into conversation_reads (workspace_id, member_id, conversation_id, read_seq, read_at)
    select workspace_id, ${me}::uuid, id, last_seq, last_activity_at from conversations
    where workspace_id = ${workspaceId}::uuid and is_sample
      and (state <> 'open' or last_activity_at < ${new Date(now.getTime() - 30 * 3_600_000)})
    on conflict do nothing`.execute(tx)
}

async function tellHealth(tx: Tx, stage: Stage, now: Date): Promise<void> {
  const sms = stage.connections.get('sms')!
  await reportHealth(tx, programActor(stage.workspaceId, now), sms.id, {
    health: 'degraded',
    reason: 'One delivery in twenty is not understood: the gateway still sends its old form.',
  })
}
