// From stored delivery to finished message. One transaction a batch; a lane is held while it is worked on, so that a thread
// keeps its order, also with several nodes. What fails takes nobody with it: the batch is halved until the bad delivery is
// alone, and that one waits in quarantine with its reason.
import type { Logger } from 'pino'
import {
  NotUnderstood,
  type InboundEdit,
  type InboundEvent,
  type InboundIdentityChange,
  type InboundMessage,
} from '#channels/connector'
import {
  finishDeliveries,
  holdLanes,
  noteDeliveries,
  quarantine,
  takePending,
  type KnownConnection,
  type KnownConnections,
  type PendingDelivery,
} from '#connections/server'
import { knowSpeakers, speakerKey, type Speaker } from '#customers/server'
import { applyChanges, storeInbound, type Change, type InboundItem } from '#inbox/server'
import { findPersonalData, type Triage } from '#triage/server'
import { programActor, type Actor } from '#platform/actor'
import type { Clock } from '#platform/clock'
import { isPassing, type Database, type Tx } from '#platform/db/database'
import type { FileStore } from '#platform/files/store'
import { FilesToKeep, holdsBytes, keepFiles, type Understanding } from './files.ts'
import { storable } from './storable.ts'

export interface Intake {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly known: KnownConnections
  readonly files: FileStore
  /** Understands what is stored; without it messages are stored and nothing is said of them. */
  readonly triage?: Triage
}

/** What deliveries became, where that took work which no transaction may wait for; by delivery. */
type Prepared = ReadonlyMap<string, Understanding>

export const BATCH = 256

/**
 * Works off one batch of a workspace out of these lanes: where little waits in many lanes, one transaction does for all of it.
 * Answers how many deliveries were settled; 0 when the lanes are empty or other workers hold them.
 * Throws only what passes (the database went away): then nothing was changed and the batch waits as it was.
 */
export async function workLanes(intake: Intake, workspaceId: string, lanes: readonly number[]): Promise<number> {
  const settled = await workBatch(intake, lanes, workspaceId, null)
  return settled === 'held' ? 0 : settled
}

/** Works off a batch, or those of it that `only` names; `held`: other workers have the lanes, and nothing behind may be touched. */
async function workBatch(
  intake: Intake,
  lanes: readonly number[],
  workspaceId: string,
  only: readonly string[] | null,
  prepared: Prepared = new Map(),
): Promise<number | 'held'> {
  const actor = programActor(workspaceId, intake.clock.now())
  let taken: readonly PendingDelivery[] = []
  try {
    return await intake.db.writeBatch(actor, async (tx) => {
      const held = await holdLanes(tx, lanes)
      // Part of a batch needs all of its lanes: what is left of one would overtake what was taken of it.
      if (held.length === 0 || (only !== null && held.length < lanes.length)) return 'held'
      taken = await takePending(tx, actor, held, BATCH, only)
      if (taken.length > 0) await settle(tx, intake, actor, taken, prepared)
      return taken.length
    })
  } catch (error) {
    if (error instanceof FilesToKeep) {
      const ids = taken.map(({ id }) => id)
      return workBatch(intake, lanesOf(taken), workspaceId, ids, await prepare(intake, error.understood))
    }
    if (isPassing(error) || taken.length === 0) throw error
    if (taken.length === 1) return setAside(intake, actor, taken[0]!, error)
    const middle = Math.ceil(taken.length / 2)
    const first = await workPart(intake, workspaceId, taken.slice(0, middle))
    // Going on with the second half would let it overtake the first.
    if (first === 'held') return 'held'
    const second = await workPart(intake, workspaceId, taken.slice(middle))
    return second === 'held' ? first : first + second
  }
}

function workPart(intake: Intake, workspaceId: string, part: readonly PendingDelivery[]): Promise<number | 'held'> {
  return workBatch(
    intake,
    lanesOf(part),
    workspaceId,
    part.map(({ id }) => id),
  )
}

const lanesOf = (part: readonly PendingDelivery[]): number[] => [...new Set(part.map(({ lane }) => lane))]

/** Keeps the files in what was understood, so that nothing has to be understood twice. Outside any transaction. */
async function prepare(intake: Intake, understood: Prepared): Promise<Prepared> {
  const prepared = new Map<string, Understanding>()
  for (const [id, { events, reason }] of understood) {
    const kept = []
    for (const event of events) kept.push(holdsBytes(event) ? await keepFiles(intake.files, event) : event)
    prepared.set(id, { events: kept, reason })
  }
  return prepared
}

/** Understands and stores a batch, and marks every delivery of it as done or quarantined. */
async function settle(
  tx: Tx,
  intake: Intake,
  actor: Actor,
  deliveries: readonly PendingDelivery[],
  prepared: Prepared,
): Promise<void> {
  const connections = await knownOf(intake, actor, deliveries)
  // Pure work: what is async about it is a library's manner, not the world's.
  const understood = await Promise.all(
    deliveries.map(async (delivery) => {
      const ready = prepared.get(delivery.id) ?? (await understand(delivery, connections.get(delivery.connectionId)))
      return { delivery, ...ready }
    }),
  )
  if (understood.some(({ events }) => events.some(holdsBytes)))
    throw new FilesToKeep(new Map(understood.map(({ delivery, events, reason }) => [delivery.id, { events, reason }])))
  const good = understood.filter((entry) => entry.reason === null)
  const bad = understood.filter((entry) => entry.reason !== null)
  await storeEvents(
    tx,
    intake,
    actor,
    good.flatMap(({ delivery, events }) => {
      const alone = events.filter(({ type }) => type === 'message').length === 1
      return events.map((event) => ({ delivery, event, alone }))
    }),
    connections,
  )
  if (bad.length > 0)
    await quarantine(
      tx,
      actor,
      bad.map(({ delivery, reason }) => ({ ...delivery, reason: reason! })),
    )
  const done = good.map(({ delivery }) => delivery)
  if (done.length > 0) await finishDeliveries(tx, actor, done)
  await noteDeliveries(tx, actor, done)
}

async function knownOf(
  intake: Intake,
  actor: Actor,
  deliveries: readonly PendingDelivery[],
): Promise<Map<string, KnownConnection>> {
  const ids = [...new Set(deliveries.map(({ connectionId }) => connectionId))]
  const found = await Promise.all(ids.map((id) => intake.known.byId(actor.workspaceId, id)))
  return new Map(found.flatMap((connection) => (connection ? [[connection.id, connection] as const] : [])))
}

async function understand(delivery: PendingDelivery, connection: KnownConnection | undefined): Promise<Understanding> {
  if (!connection) return { events: [], reason: 'Its connection was removed before it was understood.' }
  try {
    const events = await connection.connector.receive(delivery, {
      connectionId: connection.id,
      settings: connection.settings,
    })
    return { events: events.map((event) => storable(event, delivery.receivedAt)), reason: null }
  } catch (error) {
    return {
      events: [],
      // What a connector says it did not understand is said for people; anything else is a fault and shows its kind.
      reason: (error instanceof NotUnderstood ? error.message : String(error)).slice(0, 500),
    }
  }
}

interface Understood {
  readonly delivery: PendingDelivery
  readonly event: InboundEvent
  /** Whether the delivery is one message: then it can be shown beside it, and shows nothing of anybody else. */
  readonly alone: boolean
}

// New messages first and then what happened to them: an edit in the same batch must find its message.
async function storeEvents(
  tx: Tx,
  { triage }: Intake,
  actor: Actor,
  all: readonly Understood[],
  connections: ReadonlyMap<string, KnownConnection>,
): Promise<void> {
  const messages = all.filter(
    (entry): entry is Understood & { event: InboundMessage } => entry.event.type === 'message',
  )
  // Its thread assesses while the database finds out who speaks, and where.
  const hearing = await triage?.begin(
    tx,
    actor,
    messages.map(({ event }) => event),
  )
  const people = all.flatMap(({ delivery, event }) =>
    event.type === 'message' || event.type === 'identity'
      ? [
          speakerOf(delivery, event, connections.get(delivery.connectionId)!),
          ...counterpartOf(delivery, event, connections.get(delivery.connectionId)!),
          ...nextSelfOf(delivery, event, connections.get(delivery.connectionId)!),
        ]
      : [],
  )
  const speakers = await knowSpeakers(tx, actor, people)
  // A deletion that stands before its message in the batch must win over it.
  const changes: Change[] = all.flatMap(({ delivery, event }) =>
    event.type === 'message' || event.type === 'identity'
      ? []
      : [{ connectionId: delivery.connectionId, event: event.type === 'edit' ? withPersonal(event) : event }],
  )
  await storeInbound(
    tx,
    actor,
    messages.map(({ delivery, event, alone }): InboundItem => {
      const connection = connections.get(delivery.connectionId)!
      const [counterpart] = counterpartOf(delivery, event, connection)
      return {
        source: {
          connectionId: connection.id,
          channel: connection.channel,
          teamId: connection.teamId,
          isSample: connection.isSample,
        },
        message: event,
        speaker: speakers.get(speakerKey(speakerOf(delivery, event, connection)))!,
        ...(counterpart && { counterpart: speakers.get(speakerKey(counterpart))! }),
        receivedAt: delivery.receivedAt,
        ...(alone && { deliveryId: delivery.id }),
      }
    }),
    hearing,
  )
  await applyChanges(tx, actor, changes)
}

const withPersonal = (event: InboundEdit) => ({ ...event, personal: findPersonalData(event.text) })

function speakerOf(
  delivery: PendingDelivery,
  event: Pick<InboundMessage, 'author' | 'at'> & Partial<Pick<InboundIdentityChange, 'gone' | 'movedTo'>>,
  { channel }: KnownConnection,
): Speaker {
  const { author, at, gone, movedTo } = event
  return {
    ...author,
    channel,
    at: at > delivery.receivedAt ? delivery.receivedAt : at,
    ...(gone !== undefined && { gone }),
    ...(movedTo && {
      movedTo: { channel, externalId: movedTo.externalId, ...(movedTo.scope && { scope: movedTo.scope }) },
    }),
  }
}

/** The account as which somebody goes on who moved to another server. */
function nextSelfOf(
  delivery: PendingDelivery,
  event: InboundMessage | InboundIdentityChange,
  connection: KnownConnection,
): Speaker[] {
  if (event.type !== 'identity' || !event.movedTo) return []
  return [speakerOf(delivery, { author: event.movedTo, at: event.at }, connection)]
}

/** Whom a message of our own account went to first: a conversation that it begins is with them. */
function counterpartOf(
  delivery: PendingDelivery,
  event: { readonly at: Date } & Partial<Pick<InboundMessage, 'ours' | 'addressees'>>,
  connection: KnownConnection,
): Speaker[] {
  const first = event.ours ? event.addressees?.to[0] : undefined
  if (!first || first.address === '' || first.address.length > 512) return []
  const { address, name } = first
  const at = event.at > delivery.receivedAt ? delivery.receivedAt : event.at
  const speaker = {
    channel: connection.channel,
    externalId: address.toLowerCase(),
    handle: address,
    email: address,
    at,
  }
  return [{ ...speaker, ...(name && { name }) }]
}

// The transaction that failed is over and with it the hold on the lane: somebody else may have settled it meanwhile.
async function setAside(
  intake: Intake,
  actor: Actor,
  delivery: PendingDelivery,
  error: unknown,
): Promise<number | 'held'> {
  intake.log.error({ err: error, delivery: delivery.id }, 'a delivery could not be stored')
  const reason = error instanceof Error ? error.message.slice(0, 500) : String(error)
  return intake.db.write(actor, async (tx) => {
    const held = await holdLanes(tx, [delivery.lane])
    if (held.length === 0) return 'held'
    const waiting = await takePending(tx, actor, held, 1, [delivery.id])
    await quarantine(
      tx,
      actor,
      waiting.map((one) => ({ ...one, reason })),
    )
    return 1
  })
}
