import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { programActor } from '#platform/actor'
import { readConfig } from '#platform/config'
import { derive, type Keyring } from '#platform/crypto'
import { openKeyring } from '#platform/keyring'
import { useDatabase } from '#platform/testing/database'
import { createConnection, openKnownConnections } from '#connections/server'
import { randomUUIDv7 } from 'node:crypto'
import { rootIn } from './database.ts'
import { followKeyring } from './live-keyring.ts'
import { rotateKey, sealedColumns } from './rotation.ts'

const NOW = new Date('2026-11-21T10:00:00Z')
const database = useDatabase()

async function anInstallation() {
  const directory = await mkdtemp(join(tmpdir(), 'rapport-keys-'))
  const owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
  onTestFinished(async () => {
    await owner.end()
    await rm(directory, { recursive: true, force: true })
  })
  await owner.query('delete from keyring_root')
  await owner.query('delete from connections')
  const open = (): Promise<Keyring> => openKeyring({ directory, rootStore: rootIn(owner) })
  const workspaceId = randomUUIDv7()
  await owner.query('insert into workspaces (id, slug, name, created_at) values ($1, $2, $2, $3)', [
    workspaceId,
    `w-${workspaceId.slice(-12)}`,
    NOW,
  ])
  const actor = programActor(workspaceId, NOW)
  const connect = async (keyring: Keyring) =>
    database.db.write(actor, (tx) => createConnection(tx, actor, { channel: 'api', name: 'Shop' }, { keyring }))
  const keysInFile = async (): Promise<number> =>
    (JSON.parse(await readFile(join(directory, 'keyring.json'), 'utf8')) as { keys: [] }).keys.length
  return { directory, owner, open, workspaceId, connect, keysInFile, config: readConfig({ DATA_DIR: directory }) }
}

test('after a rotation everything opens with the new key alone, what is derived stays, and a second one rotates again', async () => {
  const { open, connect, owner, config, workspaceId, keysInFile } = await anInstallation()
  const before = await open()
  const { id, secrets } = await connect(before)
  const first = await rotateKey(owner, config)
  expect(first).toMatchObject({ rewrapped: 1, unreadable: [], dropped: true })
  expect(first.keyId).not.toBe(before.currentId)
  expect(await keysInFile()).toBe(1)
  const after = await open()
  expect([...after.keys.keys()]).toEqual([first.keyId])
  expect(derive(after, 'visitors', 16)).toEqual(derive(before, 'visitors', 16))
  const known = await openKnownConnections(database.db, after).byId(workspaceId, id)
  expect(known?.credentials).toEqual(secrets)
  const second = await rotateKey(owner, config)
  expect(second).toMatchObject({ rewrapped: 1, dropped: true })
  expect((await openKnownConnections(database.db, await open()).byId(workspaceId, id))?.credentials).toEqual(secrets)
})

test('a value that no key opens keeps the old keys, and the next run goes on without another new one', async () => {
  const { open, connect, owner, config, keysInFile } = await anInstallation()
  await connect(await open())
  const stranger = 'v1.0123456789abcdef.' + 'A'.repeat(80) + '.' + 'A'.repeat(40)
  await owner.query(`insert into connections (workspace_id, id, channel, name, public_key, created_at, credentials)
    select workspace_id, gen_random_uuid(), channel, 'odd', 'odd', created_at, '${stranger}' from connections`)
  const first = await rotateKey(owner, config)
  expect(first).toMatchObject({ rewrapped: 1, unreadable: ['public.connections.credentials'], dropped: false })
  expect(await keysInFile()).toBe(2)
  await owner.query(`delete from connections where name = 'odd'`)
  expect(await rotateKey(owner, config)).toMatchObject({ keyId: first.keyId, rewrapped: 0, dropped: true })
  expect(await keysInFile()).toBe(1)
})

test(
  'a program that runs opens what was rotated beneath it, and seals with the new key',
  { timeout: 20_000 },
  async () => {
    const { open, connect, owner, config, workspaceId, directory } = await anInstallation()
    const first = await open()
    const { id, secrets } = await connect(first)
    using live = followKeyring(first, directory, open, (error) => expect.unreachable(String(error)))
    const rotation = await rotateKey(owner, config, 3000)
    expect(live.keyring.currentId).toBe(rotation.keyId)
    expect((await openKnownConnections(database.db, live.keyring).byId(workspaceId, id))?.credentials).toEqual(secrets)
  },
)

test('every column that holds sealed values is known', async () => {
  const { owner } = await anInstallation()
  expect(await sealedColumns(owner)).toContainEqual({ table: 'public.connections', column: 'credentials' })
})
