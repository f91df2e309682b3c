// Doors: what channels listen at themselves, beside HTTP. The program knows a door by its name and where it stands; which channel
// opens it, the channel's capabilities say. What comes in is stored whole on the accepting path, and thanked for after commit.
import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { Connector, Listener, ListeningConnection, ListenHost } from '#channels/connector'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/db/database'
import type { AcceptDelivery } from './accept.ts'
import { findByAddress } from './addresses.ts'
import type { KnownConnection, KnownConnections } from './known.ts'

/** Where a door stands. `tls` names PEM files. */
export interface DoorPlace {
  readonly port: number
  readonly host: string
  readonly tls: { readonly keyFile: string; readonly certFile: string } | null
}

/** What is counted; reasons are the channel's fixed words, never addresses. */
export interface DoorMetrics {
  accepted(channel: string, bytes: number): void
  refused(channel: string, reason: string): void
}

export interface Listening {
  readonly db: Database
  readonly known: KnownConnections
  readonly accept: AcceptDelivery
  readonly clock: Clock
  readonly log: Logger
  readonly connectors: readonly Connector[]
  /** By the name under which a channel's capabilities list it; null: not to be opened. */
  readonly doors: Readonly<Record<string, DoorPlace | null>>
  /** What is said of it in greetings. */
  readonly name: string
  readonly metrics?: DoorMetrics
}

export interface OpenDoor {
  readonly door: string
  readonly channel: string
  readonly host: string
  readonly port: number
}

export interface Doors extends AsyncDisposable {
  readonly open: readonly OpenDoor[]
}

const REASON = /[^a-z0-9_]+/g

/** Opens every door that has a place and a channel. Throws an Error that names the door when it can't be opened. */
export async function openDoors(listening: Listening): Promise<Doors> {
  const listeners: Listener[] = []
  const open: OpenDoor[] = []
  const close = async (): Promise<void> => {
    for (const listener of listeners.splice(0)) await listener.close()
  }
  for (const [door, place] of Object.entries(listening.doors)) {
    if (place === null) continue
    const connector = listening.connectors.find(
      ({ listen, capabilities }) => listen && (capabilities.receives as readonly string[]).includes(door),
    )
    if (!connector) continue
    try {
      const tls = place.tls && { key: await readPem(place.tls.keyFile), cert: await readPem(place.tls.certFile) }
      const options = { port: place.port, host: place.host, name: listening.name, ...(tls && { tls }) }
      const listener = await connector.listen!(options, hostFor(listening, connector))
      listeners.push(listener)
      open.push({ door, channel: connector.id, host: place.host, port: listener.port })
      listening.log.info({ door, port: listener.port }, 'a door is open')
    } catch (error) {
      await close()
      const words = error instanceof Error ? error.message : String(error)
      throw new Error(`The door “${door}” can’t be opened at ${place.host}:${place.port}: ${words}`, { cause: error })
    }
  }
  return { open, [Symbol.asyncDispose]: close }
}

async function readPem(path: string): Promise<string> {
  return readFile(path, 'utf8')
}

function hostFor({ db, known, accept, clock, metrics }: Listening, connector: Connector): ListenHost {
  const handed = new WeakMap<ListeningConnection, KnownConnection>()
  return {
    async find(address) {
      const claims = await findByAddress(db, connector.id, address)
      const found = await Promise.all(claims.map((one) => known.byId(one.workspaceId, one.connectionId)))
      return found.flatMap((connection) => {
        if (!connection) return []
        const { id, settings, credentials } = connection
        const shown: ListeningConnection = { id, settings, credentials }
        handed.set(shown, connection)
        return [shown]
      })
    },
    async accept(connection, { headers, body }) {
      const to = handed.get(connection)
      if (!to) throw new TypeError('a delivery is for a connection that was found by its address')
      await accept({ workspaceId: to.workspaceId, connectionId: to.id, headers, body, receivedAt: clock.now() })
      metrics?.accepted(connector.id, body.length)
    },
    refused: (reason) => metrics?.refused(connector.id, reason.toLowerCase().replace(REASON, '_').slice(0, 40)),
    now: () => clock.now(),
  }
}
