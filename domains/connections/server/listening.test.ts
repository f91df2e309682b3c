// Doors and addresses: what is addressed so comes in whole, to whom it belongs and to nobody else.
import { createServer, type Socket } from 'node:net'
import { beforeEach, expect, test } from 'vitest'
import { pino } from 'pino'
import type { Connector, ListenHost, ListenOptions } from '#channels/connector'
import { testClock } from '#platform/clock'
import { openDatabase } from '#platform/db/database'
import { useDatabase } from '#platform/testing/database'
import { openAccepting } from './accept.ts'
import { findByAddress } from './addresses.ts'
import { changeConnection, createConnection, pauseConnection, removeConnection } from './connections.ts'
import { openKnownConnections } from './known.ts'
import { openDoors, type Listening } from './listening.ts'
import { NOW, aKeyring, aTenant } from './testing/desk.ts'
import { aFeeder } from './testing/feeder.ts'

const database = useDatabase()
const keyring = aKeyring()

/** Says `ADDRESS words`, hears `ok` once it is stored. */
const line: Connector = { ...aFeeder().connector, listen }
const keys = { keyring, connectorOf: () => line }

async function listen({ port, host }: ListenOptions, desk: ListenHost) {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {})
    socket.on('data', async (data) => {
      const [address = '', ...words] = data.toString().trim().split(' ')
      const [connection] = await desk.find(address.toLowerCase())
      if (!connection) {
        desk.refused('No such address')
        return socket.end('unknown')
      }
      await desk.accept(connection, { headers: { to: address }, body: Buffer.from(words.join(' ')) }).then(
        () => socket.end('ok'),
        () => socket.end('later'),
      )
    })
  })
  await new Promise<void>((open, failed) => server.once('error', failed).listen(port, host, open))
  const { port: taken } = server.address() as { port: number }
  return { port: taken, close: () => new Promise<void>((closed) => server.close(() => closed())) }
}

async function say(port: number, words: string): Promise<string> {
  const { connect } = await import('node:net')
  return new Promise((resolve, reject) => {
    let heard = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(words))
    socket
      .on('data', (data) => (heard += data.toString()))
      .on('end', () => resolve(heard))
      .on('error', reject)
  })
}

const told: string[] = []
beforeEach(() => void (told.length = 0))

const listening = (given: Partial<Listening> = {}): Listening => ({
  db: database.db,
  known: openKnownConnections(database.db, keyring, () => line),
  accept: openAccepting(database.db),
  clock: testClock(NOW),
  log: pino({ level: 'silent' }),
  connectors: [line],
  doors: { smtp: { port: 0, host: '127.0.0.1', tls: null }, telex: { port: 0, host: '127.0.0.1', tls: null } },
  name: 'desk.example',
  metrics: {
    accepted: (channel, bytes) => told.push(`${channel} ${bytes}`),
    refused: (_, reason) => told.push(reason),
  },
  ...given,
})

const connect = async (address: string, who = aTenant(database.db)) => {
  const actor = await who
  const input = { channel: 'feeder', name: 'Line', settings: { address } }
  return { actor, ...(await database.db.write(actor, (tx) => createConnection(tx, actor, input, keys))) }
}

test('what is addressed to a connection is stored for it whole, in whatever case, also while it is paused', async () => {
  const { actor, id } = await connect('Help@one.example')
  await using doors = await openDoors(listening())
  expect(doors.open).toEqual([{ door: 'smtp', channel: 'feeder', host: '127.0.0.1', port: expect.any(Number) }])
  const { port } = doors.open[0]!
  expect(await say(port, 'HELP@ONE.example hello there')).toBe('ok')
  await database.db.write(actor, (tx) => pauseConnection(tx, actor, id))
  expect(await say(port, 'help@one.example again')).toBe('ok')
  expect(await say(port, 'nobody@one.example hello')).toBe('unknown')
  const rows = await database.db.read(actor, (tx) => tx.selectFrom('deliveries').selectAll().orderBy('seq').execute())
  expect(rows.map((row) => [row.connectionId, row.body.toString(), row.receivedAt])).toEqual([
    [id, 'hello there', NOW],
    [id, 'again', NOW],
  ])
  expect(told).toEqual(['feeder 11', 'feeder 5', 'no_such_address'])
})

test('whoever could not store it is told to come again', async () => {
  await connect('help@two.example')
  const gone = openDatabase({ url: database.url, size: 1 })
  await using doors = await openDoors(listening({ accept: openAccepting(gone) }))
  await gone.pool.end()
  expect(await say(doors.open[0]!.port, 'help@two.example hello')).toBe('later')
})

test('a door without a place stays shut, and one that can’t be opened stops the start by its name', async () => {
  await using closed = await openDoors(listening({ doors: { smtp: null } }))
  expect(closed.open).toEqual([])
  await using first = await openDoors(listening())
  const taken = { smtp: { port: first.open[0]!.port, host: '127.0.0.1', tls: null } }
  await expect(openDoors(listening({ doors: taken }))).rejects.toThrow(
    /door “smtp” can’t be opened at 127\.0\.0\.1:\d+: .*EADDRINUSE/,
  )
  const noFile = { smtp: { port: 0, host: '127.0.0.1', tls: { keyFile: '/none/key', certFile: '/none/cert' } } }
  await expect(openDoors(listening({ doors: noFile }))).rejects.toThrow(/\/none\/key/)
})

test('an address is claimed once, by whichever workspace; who is second learns no more than that', async () => {
  const { actor, id } = await connect('help@three.example')
  const taken = { status: 409, code: 'connections.address_taken' }
  await expect(connect('HELP@three.example')).rejects.toMatchObject(taken)
  await expect(connect('help@three.example', Promise.resolve(actor))).rejects.toMatchObject(taken)
  const other = await connect('sales@three.example')
  const refused: unknown = await database.db
    .write(other.actor, (tx) =>
      changeConnection(tx, other.actor, other.id, { settings: { address: 'help@three.example' } }, keys),
    )
    .catch((error: unknown) => error)
  expect(refused).toMatchObject({ ...taken, message: 'help@three.example is already in use by another connection.' })
  expect(JSON.stringify(refused)).not.toContain(actor.workspaceId)
  // Refused whole: it still has what it had.
  expect(await findByAddress(database.db, 'feeder', 'sales@three.example')).toEqual([
    { workspaceId: other.actor.workspaceId, connectionId: other.id },
  ])
  await database.db.write(actor, (tx) =>
    changeConnection(tx, actor, id, { settings: { address: 'new@three.example' } }, keys),
  )
  expect(await findByAddress(database.db, 'feeder', 'help@three.example')).toEqual([])
  await connect('help@three.example')
  await database.db.write(actor, (tx) => removeConnection(tx, actor, id))
  await connect('new@three.example')
})
