import { expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { createConnection, renewSecrets } from './connections.ts'
import { openKnownConnections } from './known.ts'
import { aKeyring, aTenant, findConnector, NOW, pager } from './testing/desk.ts'

const database = useDatabase()

test('of secrets that are made anew stays what the channel says, and only the new ones are shown', async () => {
  const keyring = aKeyring()
  const actor = await aTenant(database.db)
  const former = ({ pin }: Readonly<Record<string, string>>, now: Date) => ({ was: `${pin}@${now.toISOString()}` })
  const keys = { keyring, connectorOf: () => ({ ...pager, former }) }
  const input = { channel: 'pager', name: 'Night desk', settings: { url: 'https://pager.example/in' } }
  const { id, secrets } = await database.db.write(actor, (tx) => createConnection(tx, actor, input, keys))
  const shown = await database.db.write(actor, (tx) => renewSecrets(tx, actor, id, keys))
  expect(Object.keys(shown).toSorted()).toEqual(['pin', 'signingSecret'])
  expect(shown['pin']).not.toBe(secrets['pin'])
  const known = await openKnownConnections(database.db, keyring, findConnector).byId(actor.workspaceId, id)
  expect(known?.credentials).toEqual({ ...shown, was: `${secrets['pin']}@${NOW.toISOString()}` })
})

test('two nodes renew what a connection signs in with one after the other, and the second sees what the first kept', async () => {
  const keyring = aKeyring()
  const actor = await aTenant(database.db)
  const input = { channel: 'pager', name: 'Night desk', settings: { url: 'https://pager.example/in' } }
  const keys = { keyring, connectorOf: findConnector }
  const { id } = await database.db.write(actor, (tx) => createConnection(tx, actor, input, keys))
  await using one = openKnownConnections(database.db, keyring, findConnector)
  await using other = openKnownConnections(database.db, keyring, findConnector)
  let inside = 0
  const nodes = [await one.byId(actor.workspaceId, id), await other.byId(actor.workspaceId, id)]
  const seen = await Promise.all(
    nodes.map((node, n) =>
      node!.renewing!(async ({ pin }) => {
        inside += 1
        expect(inside).toBe(1)
        await new Promise((resolve) => setTimeout(resolve, 150))
        await node!.keep!({ pin: `renewed by ${n}` })
        inside -= 1
        return pin
      }),
    ),
  )
  expect(seen.filter((pin) => pin?.startsWith('renewed by'))).toHaveLength(1)
})
