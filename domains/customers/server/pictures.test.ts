import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import sharp from 'sharp'
import { programActor, type Actor } from '#platform/actor'
import { readFile } from '#platform/files/keep'
import type { FileStore } from '#platform/files/store'
import { openGuardedFetch, type GuardedFetch } from '#platform/http/guarded-fetch'
import { useDatabase } from '#platform/testing/database'
import { aFileStore } from '#platform/testing/files'
import { aWorkspace } from '../../workspaces/server/factories.ts'
import { knowSpeakers } from './identities.ts'
import type { Speaker } from './speakers.ts'
import { getCustomer } from './lists.ts'
import { fetchPictures, findPicture } from './pictures.ts'

const database = useDatabase()
const NOW = new Date('2026-11-21T10:00:00Z')
let files: FileStore
let server: Server
let origin: string
let status = 200
let guarded: GuardedFetch
let actor: Actor
let asked: string[]

beforeAll(async () => {
  files = await aFileStore()
  const picture = await sharp({ create: { width: 400, height: 300, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()
  server = createServer((request, reply) => {
    asked.push(request.url!)
    if (request.url === '/page') return reply.end('<svg onload="alert(1)"/>')
    reply.writeHead(status, { 'content-type': 'image/png' }).end(picture)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  guarded = openGuardedFetch({ allow: () => true })
})
afterAll(async () => {
  await guarded.close()
  server.close()
})
beforeEach(async () => {
  status = 200
  asked = []
  actor = programActor((await aWorkspace(database.db)).workspaceId, NOW)
})

const know = (...speakers: Partial<Speaker>[]) =>
  database.db.write(actor, (tx) =>
    knowSpeakers(
      tx,
      actor,
      speakers.map((one) => ({ channel: 'square', externalId: 'jo', at: NOW, ...one })),
    ),
  )
const rows = () => database.db.read(actor, (tx) => tx.selectFrom('identityPictures').selectAll().execute())
const fetchAll = async () =>
  fetchPictures(
    { db: database.db, files, guarded },
    actor,
    (await rows()).map(({ identityId }) => identityId),
  )

test('a picture is fetched once, made small and anew, and again only when they have another', async () => {
  await know({ avatarUrl: `${origin}/a.png` })
  await know({ avatarUrl: `${origin}/a.png` })
  await fetchAll()
  await fetchAll()
  expect(asked).toEqual(['/a.png'])
  const [row] = await rows()
  const kept = await readFile(files, await database.db.read(actor, (tx) => findPicture(tx, actor, row!.identityId)))
  expect(await sharp(kept).metadata()).toMatchObject({ format: 'webp', width: 96, height: 96 })
  const customerId = (
    await database.db.read(actor, (tx) => tx.selectFrom('customers').select('id').executeTakeFirstOrThrow())
  ).id
  const { identities } = await database.db.read(actor, (tx) => getCustomer(tx, actor, customerId))
  expect(identities[0]!.picture).toBe(`/api/identities/${row!.identityId}/picture?v=${row!.sha256!.slice(0, 12)}`)
  await know({ avatarUrl: `${origin}/b.png` })
  await fetchAll()
  expect(asked).toEqual(['/a.png', '/b.png'])
  const told = await database.db.read(actor, (tx) =>
    tx.selectFrom('events').select('type').where('type', '=', 'customers.picture_changed').execute(),
  )
  expect(told).toHaveLength(2)
})

test('a server that stumbles is asked again, some times; the picture before stays', async () => {
  await know({ avatarUrl: `${origin}/a.png` })
  await fetchAll()
  const before = (await rows())[0]!.sha256
  status = 503
  await know({ avatarUrl: `${origin}/b.png` })
  for (let i = 0; i < 3; i++) await expect(fetchAll()).rejects.toThrow('1 pictures could not be fetched yet')
  await fetchAll()
  await fetchAll()
  expect(asked).toHaveLength(5)
  expect((await rows())[0]).toMatchObject({ sha256: before, stateReason: 'the address answered 503' })
})

test('what is no picture, or no web address, is never kept', async () => {
  await know(
    { avatarUrl: `${origin}/page` },
    { externalId: 'ann', avatarUrl: 'javascript:alert(1)' },
    { externalId: 'bo', avatarUrl: 'data:image/png;base64,AA' },
  )
  await fetchAll()
  expect(await rows()).toMatchObject([{ sha256: null, stateReason: 'it is no picture that can be read' }])
})

test('addresses inside the house are refused by the fetcher that the program uses', async () => {
  const strict = openGuardedFetch()
  await know({ avatarUrl: `${origin}/a.png` })
  await fetchPictures(
    { db: database.db, files, guarded: strict },
    actor,
    (await rows()).map(({ identityId }) => identityId),
  )
  await strict.close()
  expect(asked).toEqual([])
  expect((await rows())[0]!.sha256).toBe(null)
})

test('a new handle keeps the old one, a program and its reach are noted, a deleted account is gone until they speak again', async () => {
  const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)
  const only = () => database.db.read(actor, (tx) => tx.selectFrom('identities').selectAll().executeTakeFirstOrThrow())
  await know({ handle: 'jo@old.example' })
  await know({ handle: 'jo@new.example', isBot: true, reach: 12, at: later(1) })
  expect(await only()).toMatchObject({
    handle: 'jo@new.example',
    formerHandles: ['jo@old.example'],
    isBot: true,
    reach: 12,
  })
  for (let i = 0; i < 14; i++) await know({ handle: `jo${i}@new.example`, at: later(2 + i) })
  expect((await only()).formerHandles).toEqual(
    ['jo@new.example', ...Array.from({ length: 13 }, (_, i) => `jo${i}@new.example`)].slice(-10),
  )
  await know({ gone: true, at: later(60) })
  await know({ at: later(30) })
  expect((await only()).goneAt).toEqual(later(60))
  await know({ at: later(90) })
  expect((await only()).goneAt).toBe(null)
})

test('whoever has somebody open hears that their reach or name is another, and of little more or less nobody', async () => {
  const told = async () =>
    (
      await database.db.read(actor, (tx) =>
        tx.selectFrom('events').select('data').where('type', '=', 'customers.changed').execute(),
      )
    ).length
  await know({ reach: 1000 })
  await know({ reach: 1049, name: 'Jo' })
  const before = await told()
  await know({ reach: 1040 })
  expect(await told()).toBe(before)
  await know({ reach: 2000 })
  expect(await told()).toBe(before + 1)
  await know({ name: 'Jo Marsh' })
  expect(await told()).toBe(before + 2)
})

test('who moves takes their name along: the new account is theirs, unless it is somebody’s already', async () => {
  const moved = { externalId: 'jo2', handle: 'jo@other.example' }
  await know({ handle: 'jo@old.example' }, { externalId: 'ann' })
  await know({ movedTo: { channel: 'square', externalId: 'jo2' } }, moved)
  await know({ externalId: 'ann', movedTo: { channel: 'square', externalId: 'jo2' } }, moved)
  const all = await database.db.read(actor, (tx) =>
    tx.selectFrom('identities').selectAll().orderBy('externalId').execute(),
  )
  const [ann, jo, jo2] = all
  expect(jo2!.customerId).toBe(jo!.customerId)
  expect(jo2!.evidence).toBe('moved here, by the word of jo@old.example')
  expect(ann!.customerId).not.toBe(jo!.customerId)
  expect([jo!.movedToId, ann!.movedToId]).toEqual([jo2!.id, jo2!.id])
  expect(await database.db.read(actor, (tx) => tx.selectFrom('customers').select('id').execute())).toHaveLength(2)
})
