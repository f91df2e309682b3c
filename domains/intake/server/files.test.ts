import pino from 'pino'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { connectorOf } from '#channels/all'
import type { InboundEvent } from '#channels/connector'
import { LANES } from '#connections/server'
import { testClock } from '#platform/clock'
import { readFile } from '#platform/files/keep'
import { laneOf } from '#platform/jobs'
import { aFileStore } from '#platform/testing/files'
import { useDatabase } from '#platform/testing/database'
import { aDelivery } from '../../connections/server/factories.ts'
import { aMessage, anInbox, minute } from '../../inbox/server/factories.ts'
import { workLanes } from './intake.ts'

const database = useDatabase()

test('files inside a delivery are stored with their message; what can not be kept says why, and nothing is lost by it', async () => {
  const picture = await sharp({ create: { width: 4, height: 3, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  const { receive } = connectorOf('api')!
  const inbox = await anInbox(database.db, {
    connector: {
      // As mail does it: the bytes stand in the delivery.
      receive: async (delivery, context): Promise<readonly InboundEvent[]> =>
        (await receive(delivery, context)).map((event) =>
          event.type !== 'message' || event.text !== 'with files'
            ? event
            : {
                ...event,
                media: [
                  { name: 'tag.png', mediaType: 'image/png', contentId: 'tag@mail', bytes: picture },
                  { name: 'empty.txt', mediaType: 'text/plain', bytes: Buffer.alloc(0) },
                  { name: 'words.txt', mediaType: 'text/plain', bytes: Buffer.from('hello') },
                ],
              },
        ),
    },
  })
  const files = await aFileStore()
  const log = pino({ level: 'silent' })
  const intake = { db: database.db, clock: testClock(minute(60)), log, known: inbox.known, files }
  const bodies = [aMessage(), { type: 'message', id: 7 }, aMessage({ text: 'with files' }), aMessage()]
  for (const body of bodies) await aDelivery(database.db, inbox.connection, { body: JSON.stringify(body) })
  expect(await workLanes(intake, inbox.workspaceId, [laneOf(inbox.connection.id, LANES)])).toBe(4)

  const kept = await database.db.read(inbox, (tx) =>
    tx.selectFrom('attachments').selectAll().orderBy('position').execute(),
  )
  expect(kept).toMatchObject([
    { name: 'tag.png', state: 'stored', kind: 'image', width: 4, height: 3, contentId: 'tag@mail' },
    { name: 'empty.txt', state: 'failed', stateReason: 'the file is empty', nextAt: null },
    { name: 'words.txt', state: 'stored', kind: 'text', size: 5 },
  ])
  expect((await readFile(files, kept[2]!.sha256!)).toString()).toBe('hello')
  const states = await database.db.read(inbox, (tx) =>
    tx.selectFrom('deliveries').select('state').orderBy('seq').execute(),
  )
  expect(states.map(({ state }) => state)).toEqual(['done', 'quarantined', 'done', 'done'])
  // Each of these deliveries is one message, and can be shown beside it.
  const messages = await database.db.read(inbox, (tx) => tx.selectFrom('messages').select('deliveryId').execute())
  expect(messages.every(({ deliveryId }) => deliveryId !== null)).toBe(true)
})
