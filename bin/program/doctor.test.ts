import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '#platform/config'
import { loginRoleName } from '#platform/db/roles'
import { openKeyring } from '#platform/keyring'
import { useDatabase } from '#platform/testing/database'
import { rootIn } from './database.ts'
import { databaseChecks, findAll, machineChecks } from './doctor.ts'

const database = useDatabase()

async function aFolder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rapport-doctor-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

async function aClient(url = database.ownerUrl): Promise<pg.Client> {
  const owner = new pg.Client({ connectionString: url })
  await owner.connect()
  onTestFinished(() => owner.end())
  return owner
}

async function stateOf(what: string, owner: pg.Client, directory: string) {
  const findings = await findAll(databaseChecks(owner, database.ownerUrl, readConfig({ DATA_DIR: directory })))
  return findings.find((finding) => finding.what === what)!
}

test('a healthy database gives nothing bad', async () => {
  const directory = await aFolder()
  const findings = await findAll(
    databaseChecks(await aClient(), database.ownerUrl, readConfig({ DATA_DIR: directory })),
  )
  expect(findings.filter(({ state }) => state === 'bad')).toEqual([])
  expect(findings.map(({ what }) => what)).toEqual([
    'Database',
    'Roles',
    'Migrations',
    'Tenants apart',
    'Partitions',
    'Clock',
    'Keys',
    'Search',
  ])
})

test('a table without row-level security, a strange migration and a key that is gone are each told', async () => {
  const [owner, directory] = [await aClient(), await aFolder()]
  await owner.query('alter table labels disable row level security')
  expect(await stateOf('Tenants apart', owner, directory)).toMatchObject({
    state: 'bad',
    words: expect.stringContaining('labels'),
  })
  await owner.query('alter table labels enable row level security')
  expect(await stateOf('Tenants apart', owner, directory)).toMatchObject({ state: 'ok' })

  await owner.query(`insert into migrations values ('29990101000000_inbox_future', 'f', clock_timestamp())`)
  expect(await stateOf('Migrations', owner, directory)).toMatchObject({
    state: 'bad',
    words: expect.stringContaining('newer'),
  })
  await owner.query(`delete from migrations where name like '2999%'`)

  await openKeyring({ directory: await aFolder(), rootStore: rootIn(owner) })
  expect(await stateOf('Keys', owner, directory)).toMatchObject({
    state: 'bad',
    words: expect.stringContaining('keyring.json'),
  })
})

test('where roles may not be made, the SQL for an administrator is printed', async () => {
  const [owner, directory] = [await aClient(), await aFolder()]
  await owner.query(`create role meek_doctor login password 'meek'`)
  onTestFinished(async () => {
    const last = new pg.Client({ connectionString: database.ownerUrl })
    await last.connect()
    await last.query('drop role meek_doctor').finally(() => last.end())
  })
  const url = new URL(database.ownerUrl)
  url.username = 'meek_doctor'
  url.password = 'meek'
  const meek = await aClient(url.href)
  const elsewhere = new URL(database.ownerUrl)
  elsewhere.pathname = '/another_house'
  const [finding] = (await findAll(databaseChecks(meek, elsewhere.href, readConfig({ DATA_DIR: directory })))).filter(
    ({ what }) => what === 'Roles',
  )
  expect(finding).toMatchObject({ state: 'bad' })
  expect(finding!.words).toContain(`create role "${loginRoleName('another_house')}" login noinherit`)
  expect(finding!.words).toContain('grant rapport_app, rapport_system')
})

test('of the machine: a key file that others can read is bad, a port that is taken is told', async () => {
  const directory = await aFolder()
  await openKeyring({ directory })
  const taken = createServer()
  await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void taken.close())
  const config = readConfig({ DATA_DIR: directory, PORT: String((taken.address() as AddressInfo).port) })
  const look = async (what: string) =>
    (await findAll(machineChecks(config, false))).find((finding) => finding.what === what)
  expect(await look('Key file')).toMatchObject({ state: 'ok' })
  expect(await look('Port')).toMatchObject({ state: 'warn', words: expect.stringContaining('taken') })
  await chmod(join(directory, 'keyring.json'), 0o644)
  expect(await look('Key file')).toMatchObject({ state: 'bad', words: expect.stringContaining('chmod 600') })
})
