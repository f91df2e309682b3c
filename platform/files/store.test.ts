import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testClock } from '../clock.ts'
import type { FileStore } from './store.ts'
import { openFileStore } from './store.ts'

const limits = { maxBytes: 1_000_000 }
let directory: string
let store: FileStore
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'files-'))
  store = await openFileStore({ directory })
})
afterEach(() => rm(directory, { recursive: true, force: true }))

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function filesOnDisk(): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

async function stored(bytes: Uint8Array): Promise<string> {
  const outcome = await store.put(bytes, limits)
  if (!outcome.ok) throw new Error('too large')
  return outcome.sha256
}

test('what was put, as bytes or as a stream, comes back under its hash', async () => {
  const bytes = randomBytes(300_000)
  const expected = { ok: true, sha256: hashOf(bytes), size: 300_000 }
  expect(await store.put(bytes, limits)).toEqual(expected)
  expect(await store.put(Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]), limits)).toEqual(expected)
  expect(await filesOnDisk()).toEqual([
    join(directory, expected.sha256.slice(0, 2), expected.sha256.slice(2, 4), expected.sha256),
  ])
  expect(await buffer((await store.get(expected.sha256))!)).toEqual(bytes)
  expect(await buffer((await store.get(expected.sha256, { start: 10, end: 19 }))!)).toEqual(bytes.subarray(10, 20))
  expect(await store.has(expected.sha256)).toBe(true)
  expect(await store.size(expected.sha256)).toBe(300_000)
})

test('an empty file is a file', async () => {
  const sha256 = await stored(Buffer.alloc(0))
  expect(await store.size(sha256)).toBe(0)
  expect(await buffer((await store.get(sha256))!)).toHaveLength(0)
})

test('a stored file is private to the program', async () => {
  await stored(Buffer.from('x'))
  expect((await stat((await filesOnDisk())[0]!)).mode & 0o077).toBe(0)
})

test('too much is refused, the source is ended, and nothing stays', async () => {
  const endless = Readable.from(
    (async function* () {
      for (;;) yield Buffer.alloc(10_000)
    })(),
  )
  expect(await store.put(endless, limits)).toEqual({ ok: false, reason: 'too_large', maxBytes: 1_000_000 })
  expect(endless.destroyed).toBe(true)
  expect(await store.put(Buffer.alloc(1_000_001), limits)).toMatchObject({ ok: false })
  expect(await store.put(Buffer.alloc(1_000_000), limits)).toMatchObject({ ok: true })
  expect(await filesOnDisk()).toHaveLength(1)
})

test('a source that breaks half-way leaves nothing', async () => {
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from('half')
      throw new Error('connection lost')
    })(),
  )
  await expect(store.put(broken, limits)).rejects.toThrow('connection lost')
  expect(await filesOnDisk()).toEqual([])
})

test('what is not there is null, and a name that is no hash reaches no other file', async () => {
  await writeFile(join(directory, 'secret'), 'x')
  for (const name of ['0'.repeat(64), '../secret', 'secret', '', `${'0'.repeat(60)}/../`, 'A'.repeat(64)]) {
    expect(await store.get(name), name).toBeNull()
    expect(await store.size(name), name).toBeNull()
    expect(await store.has(name), name).toBe(false)
    expect(await store.remove(name), name).toBe(false)
  }
  expect(await readFile(join(directory, 'secret'), 'utf8')).toBe('x')
})

test('removing takes the file away once', async () => {
  const sha256 = await stored(Buffer.from('x'))
  expect(await store.remove(sha256)).toBe(true)
  expect(await store.remove(sha256)).toBe(false)
  expect(await store.get(sha256)).toBeNull()
})

test('the same file put many times at once is one file', async () => {
  const bytes = randomBytes(50_000)
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => store.put(Readable.from([bytes]), limits)))
  expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1)
  expect(await filesOnDisk()).toHaveLength(1)
})

test('a file being read survives its removal', async () => {
  const bytes = randomBytes(900_000)
  const sha256 = await stored(bytes)
  const reading = (await store.get(sha256))!
  await store.remove(sha256)
  expect(await buffer(reading)).toEqual(bytes)
})

test('what a crash left unfinished goes after a day, what is being written stays', async () => {
  const clock = testClock('2026-11-21T12:00:00Z')
  const [old, young] = [join(directory, 'unfinished', 'old'), join(directory, 'unfinished', 'young')]
  for (const path of [old, young]) await writeFile(path, 'half')
  await utimes(old, clock.now(), new Date('2026-11-20T11:00:00Z'))
  await utimes(young, clock.now(), new Date('2026-11-21T11:00:00Z'))
  await openFileStore({ directory, clock })
  expect(await filesOnDisk()).toEqual([young])
})

test('a bomb of zeros is stored as it came, packed', async () => {
  const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024))
  const source = join(directory, 'upload')
  await writeFile(source, bomb)
  const outcome = await store.put(createReadStream(source), limits)
  expect(outcome).toEqual({ ok: true, sha256: hashOf(bomb), size: bomb.length })
})
