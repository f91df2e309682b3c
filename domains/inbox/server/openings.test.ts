import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { expectRealtimeConsistent } from '#platform/testing/realtime'
import { aMember } from '../../workspaces/server/factories.ts'
import { inboxEvents } from '../contract.ts'
import { at, minute, type MadeInbox } from './factories.ts'
import { getOpening, saveOpening, type OpeningInput } from './openings.ts'
import { startConversation } from './starting.ts'
import { aMailbox } from './testing/mail.ts'
import { addUpload } from './uploads.ts'

const database = useDatabase()
let inbox: MadeInbox
beforeEach(async () => {
  inbox = await aMailbox(database.db)
})

const opening = (given: Partial<OpeningInput> = {}): OpeningInput => ({
  connectionId: inbox.connection.id,
  addressees: { to: [{ address: 'grace@example.org', name: 'Grace' }], cc: [], bcc: [] },
  subject: 'Thursday',
  body: 'Is it still right?',
  attachmentIds: [],
  version: 0,
  ...given,
})
const save = (given: Partial<OpeningInput> = {}, actor = at(inbox.owner, minute(1))) =>
  database.db.write(actor, (tx) => saveOpening(tx, actor, opening(given)))
const read = (actor = inbox.owner) => database.db.read(actor, (tx) => getOpening(tx, actor))
const upload = () =>
  database.db.write(inbox.owner, (tx) =>
    addUpload(tx, inbox.owner, {
      sha256: 'a'.repeat(64),
      size: 3,
      name: 'plan.txt',
      mediaType: 'text/plain',
      kind: 'text',
      width: null,
      height: null,
    }),
  )

test('what somebody begins to write is there again, with its files, and for nobody else', async () => {
  const file = await upload()
  await save({ attachmentIds: [file.id] })
  expect(await read()).toMatchObject({
    ...{ subject: 'Thursday', body: 'Is it still right?', version: 1, connectionId: inbox.connection.id },
    addressees: { to: [{ address: 'grace@example.org', name: 'Grace' }] },
    attachments: [{ name: 'plan.txt' }],
  })
  expect(await read(await aMember(database.db, inbox.workspaceId, 'admin'))).toBeNull()
})

test('the older of two windows is told, and overwrites nothing', async () => {
  await save()
  await save({ body: 'Newer', version: 1 })
  await expect(save({ body: 'Older', version: 1 })).rejects.toMatchObject({ code: 'inbox.changed_meanwhile' })
  expect((await read())!.body).toBe('Newer')
})

test('emptied it is gone, and sent it is gone; other windows hear of each', async () => {
  const told = (act: () => Promise<unknown>) =>
    expectRealtimeConsistent(
      {
        db: database.db,
        actor: inbox.owner,
        tables: [inboxEvents],
        queries: [{ key: ['opening'], fetch: () => read() }],
      },
      act,
    )
  await told(() => save())
  await told(() => save({ addressees: { to: [], cc: [], bcc: [] }, subject: ' ', body: '', version: 1 }))
  expect(await read()).toBeNull()
  await save()
  await told(async () => {
    const actor = at(inbox.owner, minute(5))
    const { addressees, subject, body } = opening()
    const input = { ...addressees, subject, body, clientId: randomUUID() }
    await database.db.write(actor, (tx) => startConversation(tx, actor, inbox.connection, input))
  })
  expect(await read()).toBeNull()
})

test('a file of somebody else is taken by nobody', async () => {
  const file = await upload()
  const other = await aMember(database.db, inbox.workspaceId, 'agent')
  await expect(save({ attachmentIds: [file.id] }, at(other, minute(2)))).rejects.toMatchObject({
    code: 'inbox.no_such_attachment',
  })
})
