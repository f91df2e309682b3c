// From stored delivery to finished message. One transaction a batch; a lane is held while it is worked on, so that a thread
// keeps its order, also with several nodes. What fails takes nobody with it: the batch is halved until the bad delivery is
// alone, and that one waits in quarantine with its reason.
import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { InboundEvent, InboundMessage, StoredDelivery } from '#channels/connector'
import { LANES, noteDeliveries, quarantine, type KnownConnection, type KnownConnections } from '#connections/server'
import { knowSpeakers, speakerKey, type Speaker } from '#customers/server'
import { applyChanges, storeInbound, type Change, type InboundItem } from '#inbox/server'
import { programActor, type Actor } from '#platform/actor'
import type { Clock } from '#platform/clock'
import { isPassing, type Database, type Tx } from '#platform/db/database'
import type { IntakeReads } from './tables.ts'

export interface Intake {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly known: KnownConnections
}

export interface Delivery extends StoredDelivery {
  readonly connectionId: string
}

export const BATCH = 256
/**
 * A delivery may hold hundreds of messages: bytes tell better than their number what a transaction will take. It has to stay
 * far from the time limits of the database, or the same batch would be begun again for ever.
 */
export const BATCH_BYTES = 128 * 1024

/** Lanes in which deliveries wait, the longest waiting first. */
export async function lanesWithWork(db: Database): Promise<number[]> {
  return db.system(async (tx) => {
    const { rows } = await sql<{ lane: number }>`
      select lane.n as lane from generate_series(0, ${LANES - 1}) as lane (n)
      cross join lateral (select seq from deliveries where state = 'pending' and lane = lane.n order by seq limit 1) first
      order by first.seq
    `.execute(tx)
    return rows.map(({ lane }) => lane)
  })
}

/**
 * Works off one batch of a lane. Answers how many deliveries were settled; 0 when the lane is empty or another worker holds it.
 * Throws only what passes (the database went away): then nothing was changed and the batch waits as it was.
 */
export async function workLane(intake: Intake, lane: number): Promise<number> {
  const workspaceId = await intake.db.system((tx) => firstWorkspace(tx, lane))
  if (workspaceId === null) return 0
  return workBatch(intake, lane, workspaceId, BATCH, null)
}

async function firstWorkspace(tx: Tx<IntakeReads>, lane: number): Promise<string | null> {
  const row = await tx
    .selectFrom('deliveries')
    .select('workspaceId')
    .where('state', '=', 'pending')
    .where('lane', '=', lane)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()
  return row?.workspaceId ?? null
}

async function workBatch(
  intake: Intake,
  lane: number,
  workspaceId: string,
  size: number,
  only: readonly string[] | null,
): Promise<number> {
  const actor = programActor(workspaceId, intake.clock.now())
  let taken: readonly Delivery[] = []
  try {
    return await intake.db.write(actor, async (tx) => {
      if (!(await holdLane(tx, lane))) return 0
      taken = await takeDeliveries(tx, actor, lane, size, only)
      if (taken.length > 0) await settle(tx, intake, actor, taken)
      return taken.length
    })
  } catch (error) {
    if (isPassing(error) || taken.length === 0) throw error
    if (taken.length === 1) return setAside(intake, actor, taken[0]!, error)
    const ids = taken.map(({ id }) => id)
    const middle = Math.ceil(ids.length / 2)
    const first = await workBatch(intake, lane, workspaceId, size, ids.slice(0, middle))
    return first + (await workBatch(intake, lane, workspaceId, size, ids.slice(middle)))
  }
}

async function holdLane(tx: Tx<IntakeReads>, lane: number): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`select pg_try_advisory_xact_lock(7305191, ${lane}) as held`.execute(tx)
  return rows[0]!.held
}

async function takeDeliveries(
  tx: Tx<IntakeReads>,
  actor: Actor,
  lane: number,
  size: number,
  only: readonly string[] | null,
): Promise<Delivery[]> {
  const { rows } = await sql<Delivery & { headers: unknown }>`
    with first as (
      select id, received_at, seq, octet_length(body) as bytes from deliveries
      where workspace_id = ${actor.workspaceId}::uuid and state = 'pending' and lane = ${lane}
        and ${only === null ? sql`true` : sql`id = any (${[...only]}::uuid[])`}
      order by seq limit ${size}
    ), fitting as (
      select id, received_at, sum(bytes) over (order by seq) - bytes as before from first
    )
    select d.id, d.connection_id, d.received_at, d.headers, d.body from fitting f
    join deliveries d on d.workspace_id = ${actor.workspaceId}::uuid and d.id = f.id and d.received_at = f.received_at
    where f.before < ${BATCH_BYTES}
    order by d.seq
  `.execute(tx)
  return rows.map(({ headers, ...row }) => ({ ...row, headers: headers as Record<string, string> }))
}

/** Understands and stores a batch, and marks every delivery of it as done or quarantined. */
async function settle(tx: Tx, intake: Intake, actor: Actor, deliveries: readonly Delivery[]): Promise<void> {
  const connections = await knownOf(intake, actor, deliveries)
  const understood = deliveries.map((delivery) => ({
    delivery,
    ...understand(delivery, connections.get(delivery.connectionId)),
  }))
  const good = understood.filter((entry) => entry.reason === null)
  const bad = understood.filter((entry) => entry.reason !== null)
  await storeEvents(
    tx,
    actor,
    good.flatMap(({ delivery, events }) => events.map((event) => ({ delivery, event }))),
    connections,
  )
  if (bad.length > 0)
    await quarantine(
      tx,
      actor,
      bad.map(({ delivery, reason }) => ({ ...delivery, reason: reason! })),
    )
  const done = good.map(({ delivery }) => delivery)
  if (done.length > 0) await markDone(tx, actor, done)
  await noteDeliveries(tx, actor, done)
}

async function knownOf(
  intake: Intake,
  actor: Actor,
  deliveries: readonly Delivery[],
): Promise<Map<string, KnownConnection>> {
  const ids = [...new Set(deliveries.map(({ connectionId }) => connectionId))]
  const found = await Promise.all(ids.map((id) => intake.known.byId(actor.workspaceId, id)))
  return new Map(found.flatMap((connection) => (connection ? [[connection.id, connection] as const] : [])))
}

function understand(
  delivery: Delivery,
  connection: KnownConnection | undefined,
): { events: readonly InboundEvent[]; reason: string | null } {
  if (!connection) return { events: [], reason: 'Its connection was removed before it was understood.' }
  try {
    const events = connection.connector.receive(delivery, {
      connectionId: connection.id,
      settings: connection.settings,
    })
    return { events, reason: null }
  } catch (error) {
    return {
      events: [],
      reason: error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 500) : String(error),
    }
  }
}

interface Understood {
  readonly delivery: Delivery
  readonly event: InboundEvent
}

// New messages first and then what happened to them: an edit in the same batch must find its message.
async function storeEvents(
  tx: Tx,
  actor: Actor,
  all: readonly Understood[],
  connections: ReadonlyMap<string, KnownConnection>,
): Promise<void> {
  const messages = all.filter(
    (entry): entry is Understood & { event: InboundMessage } => entry.event.type === 'message',
  )
  const people = all.flatMap(({ delivery, event }) =>
    event.type === 'message' || event.type === 'identity'
      ? [speakerOf(delivery, event, connections.get(delivery.connectionId)!)]
      : [],
  )
  const speakers = await knowSpeakers(tx, actor, people)
  // A deletion that stands before its message in the batch must win over it.
  const changes: Change[] = all.flatMap(({ delivery, event }) =>
    event.type === 'message' || event.type === 'identity' ? [] : [{ connectionId: delivery.connectionId, event }],
  )
  await storeInbound(
    tx,
    actor,
    messages.map(({ delivery, event }): InboundItem => {
      const connection = connections.get(delivery.connectionId)!
      return {
        source: {
          connectionId: connection.id,
          channel: connection.channel,
          teamId: connection.teamId,
          isSample: connection.isSample,
        },
        message: event,
        speaker: speakers.get(speakerKey(speakerOf(delivery, event, connection)))!,
        receivedAt: delivery.receivedAt,
      }
    }),
  )
  await applyChanges(tx, actor, changes)
}

function speakerOf(
  delivery: Delivery,
  { author, at }: { author: InboundMessage['author']; at: Date },
  connection: KnownConnection,
): Speaker {
  const seen = Number.isNaN(at.getTime()) || at > delivery.receivedAt ? delivery.receivedAt : at
  return { ...author, channel: connection.channel, at: seen }
}

async function markDone(tx: Tx, actor: Actor, deliveries: readonly Delivery[]): Promise<void> {
  await sql`
    update deliveries d set state = 'done', settled_at = ${actor.at}
    from unnest(${deliveries.map(({ id }) => id)}::uuid[], ${deliveries.map(({ receivedAt }) => receivedAt)}::timestamptz[]) as n (id, received_at)
    where d.workspace_id = ${actor.workspaceId}::uuid and d.id = n.id and d.received_at = n.received_at
  `.execute(tx)
}

async function setAside(intake: Intake, actor: Actor, delivery: Delivery, error: unknown): Promise<number> {
  intake.log.error({ err: error, delivery: delivery.id }, 'a delivery could not be stored')
  const reason = error instanceof Error ? error.message.slice(0, 500) : String(error)
  await intake.db.write(actor, (tx) => quarantine(tx, actor, [{ ...delivery, reason }]))
  return 1
}
