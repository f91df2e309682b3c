import type { FastifyInstance, FastifyRequest } from 'fastify'
import { connectors as allConnectors } from '#channels/all'
import type { Connector } from '#channels/connector'
import type { Clock } from '#platform/clock'
import { implement } from '#platform/contract/implement'
import type { Keyring } from '#platform/crypto'
import type { Actor } from '#platform/actor'
import type { Database } from '#platform/db/database'
import { notFound } from '#platform/contract/problem'
import type { Network } from '#platform/http/network'
import type { ReadLog } from '#platform/read-log'
import { connectionRoutes, type Channel } from '../contract.ts'
import {
  changeConnection,
  createConnection,
  pauseConnection,
  removeConnection,
  renewSecrets,
  requireConnector,
  resumeConnection,
} from './connections.ts'
import { reportHealth } from './health.ts'
import type { KnownConnection, KnownConnections } from './known.ts'
import { askAdvice, askDiscovery, askTest, triedOf, trySettings, type Asking, type Tried } from './asking.ts'
import { backfillConnection } from './backfill.ts'
import { hurryFeed } from './feeds.ts'
import { keepLearned } from './learned.ts'
import { leavePlugin } from './leave-routes.ts'
import { getConnection, listConnections } from './present.ts'
import { dismissQuarantine, listQuarantine, retryQuarantine } from './quarantine.ts'

export interface ConnectionsDeps {
  readonly db: Database
  readonly keyring: Keyring
  readonly known: KnownConnections
  readonly network: Network
  readonly clock: Clock
  /** Every channel there is; those of channels/all but in tests. */
  readonly connectors?: readonly Connector[]
  /** Hears who looked at what came in but was not understood: it is private until somebody knows better. */
  readonly reads?: Pick<ReadLog, 'note'>
  /** The program's address as others reach it; where platforms send people back to. */
  readonly origin?: () => string
  /** In which log-in a request is made: a return from a platform counts only there. */
  readonly loginOf?: (request: FastifyRequest) => string
}

const RETRY_CHUNK = 1000
const MOST_CHUNKS = 100

export const connectionsPlugin = ({
  db,
  keyring,
  known,
  network,
  clock,
  connectors = allConnectors,
  reads,
  origin = () => '',
  loginOf = () => '',
}: ConnectionsDeps) => {
  const keys = { keyring, connectorOf: (channel: string) => connectors.find(({ id }) => id === channel) }
  const asking = { network, clock }
  const show = (actor: Actor, id: string) =>
    db.read(actor, (tx) => getConnection(tx, actor, id, keyring, keys.connectorOf))

  const leave = leavePlugin({ db, keys, asking, origin, loginOf })
  const own = implement(connectionRoutes)({
    listChannels: async () => ({ items: connectors.map(channelOf) }),
    listConnections: async (_, { actor }) => ({
      items: await db.read(actor, (tx) => listConnections(tx, actor, keyring, keys.connectorOf)),
    }),
    getConnection: ({ params: { id } }, { actor }) => show(actor, id),
    createConnection: async ({ body }, { actor }) => {
      const { id, secrets } = await db.write(actor, (tx) => createConnection(tx, actor, body, keys))
      return { connection: await show(actor, id), secrets }
    },
    changeConnection: async ({ params: { id }, body }, { actor }) => {
      await db.write(actor, (tx) => changeConnection(tx, actor, id, body, keys))
      return show(actor, id)
    },
    testConnection: async ({ params: { id } }, { actor }) => {
      const connection = await known.byId(actor.workspaceId, id)
      if (!connection) throw notFound('connection')
      return tryConnection(db, actor, connection, asking)
    },
    trySettings: async ({ params: { channel }, body: { settings } }) =>
      trySettings(asking, requireConnector(channel, keys), settings),
    discoverSettings: async ({ params: { channel }, body: { address } }) => ({
      settings: await askDiscovery(asking, requireConnector(channel, keys), address.trim()),
    }),
    getAdvice: async ({ params: { id } }, { actor }) => {
      const connection = await known.byId(actor.workspaceId, id)
      if (!connection) throw notFound('connection')
      return { items: await askAdvice(asking, connection) }
    },
    backfillConnection: async ({ params: { id }, body: { from } }, { actor }) => {
      await db.write(actor, (tx) => backfillConnection(tx, actor, id, new Date(from), keys.connectorOf))
      return show(actor, id)
    },
    pauseConnection: async ({ params: { id } }, { actor }) => {
      await db.write(actor, (tx) => pauseConnection(tx, actor, id))
      return show(actor, id)
    },
    resumeConnection: async ({ params: { id } }, { actor }) => {
      await db.write(actor, (tx) => resumeConnection(tx, actor, id))
      return show(actor, id)
    },
    removeConnection: ({ params: { id } }, { actor }) => db.write(actor, (tx) => removeConnection(tx, actor, id)),
    revealSecrets: async ({ params: { id } }, { actor }) => ({
      secrets: await db.write(actor, (tx) => renewSecrets(tx, actor, id, keys)),
    }),
    listQuarantine: async ({ query }, { actor, request }) => {
      const page = await db.read(actor, (tx) => listQuarantine(tx, actor, query))
      reads?.note(
        actor,
        'connections.delivery_read',
        page.items.map(({ id }) => id),
        request,
      )
      return page
    },
    retryQuarantine: async ({ body: { ids } }, { actor }) => {
      if (ids) return { count: await db.write(actor, (tx) => retryQuarantine(tx, actor, { ids })) }
      let count = 0
      // In chunks, so that no transaction keeps readers of events waiting.
      for (let chunk = 0; chunk < MOST_CHUNKS; chunk++) {
        const retried = await db.write(actor, (tx) => retryQuarantine(tx, actor, { most: RETRY_CHUNK }))
        count += retried
        if (retried < RETRY_CHUNK) break
      }
      return { count }
    },
    dismissQuarantine: async ({ body }, { actor }) => ({
      count: await db.write(actor, (tx) => dismissQuarantine(tx, actor, body)),
    }),
  })
  return async (app: FastifyInstance): Promise<void> => {
    await own(app)
    await leave(app)
  }
}

function channelOf({ id, name, summary, capabilities, settings, ...connector }: Connector): Channel {
  const offers = {
    test: connector.test,
    advice: connector.advise,
    discover: connector.discover,
    backfill: connector.backfill,
    authorization: connector.authorization,
  }
  return {
    id,
    name,
    summary,
    capabilities: { ...capabilities },
    settings: { ...settings },
    offers: Object.entries(offers).flatMap(([what, how]) => (how ? [what as keyof typeof offers] : [])),
  }
}

/** Asks the platform, outside any transaction, and keeps what it said as the connection's health. */
async function tryConnection(db: Database, actor: Actor, connection: KnownConnection, asking: Asking): Promise<Tried> {
  const { id, connector } = connection
  const outcome = await askTest(asking, connector, connection)
  if (outcome) {
    const report = outcome.ok
      ? ({ health: 'ok', reason: null } as const)
      : ({ health: 'broken', reason: outcome.reason } as const)
    await db.write(actor, async (tx) => {
      await reportHealth(tx, actor, id, report)
      if (outcome.ok) await keepLearned(tx, connection, outcome.learned)
      if (outcome.ok) await hurryFeed(tx, actor, id)
    })
  }
  return triedOf(connector, outcome)
}
