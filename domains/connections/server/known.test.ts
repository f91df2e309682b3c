import { expect, test, vi } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { aConnection } from './factories.ts'
import { openKnownConnections } from './known.ts'
import { aKeyring, aTenant, findConnector } from './testing/desk.ts'

const database = useDatabase()

test('what a platform exchanged is kept sealed beside the other secrets, and known at once', async () => {
  const { workspaceId } = await aTenant(database.db)
  const keyring = aKeyring()
  const credentials = { apiKey: 'old', webhookSecret: 'stays' }
  const { id } = await aConnection(database.db, workspaceId, 'pager', { credentials, keyring })
  const known = openKnownConnections(database.db, keyring, findConnector)
  const before = await known.byId(workspaceId, id)
  await before!.keep!({ apiKey: 'new' })
  await vi.waitFor(async () =>
    expect((await known.byId(workspaceId, id))?.credentials).toEqual({ apiKey: 'new', webhookSecret: 'stays' }),
  )
  const row = await database.db.read({ workspaceId }, (tx) =>
    tx.selectFrom('connections').select('credentials').where('id', '=', id).executeTakeFirstOrThrow(),
  )
  expect(row.credentials).not.toMatch(/new|stays/)
})
