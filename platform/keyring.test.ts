import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { derive, needsRewrap, open, rewrap, seal, SealError } from './crypto.ts'
import type { RootStore } from './keyring.ts'
import { addKey, dropOldKeys, KeyringError, openKeyring, rewrapRoot } from './keyring.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'keyring-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

async function errorOf(work: Promise<unknown>): Promise<KeyringError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof KeyringError) return error
  throw new Error('expected a KeyringError', { cause: error })
}

test('the first start makes a key file that only its owner can read, the second start reads it', async () => {
  const first = await openKeyring({ directory })
  expect((await stat(join(directory, 'keyring.json'))).mode & 0o777).toBe(0o600)
  expect((await stat(join(directory, 'keyring-root'))).mode & 0o777).toBe(0o600)
  expect((await readdir(directory)).toSorted()).toEqual(['keyring-root', 'keyring.json'])
  const second = await openKeyring({ directory })
  expect(open(second, seal(first, 'secret', 'x'), 'x')).toBe('secret')
  expect(derive(second, 'p', 16)).toEqual(derive(first, 'p', 16))
})

test('two programs that start at once on an empty folder agree on key and root', async () => {
  const keyrings = await Promise.all(Array.from({ length: 8 }, () => openKeyring({ directory })))
  expect(new Set(keyrings.map((keyring) => keyring.currentId)).size).toBe(1)
  expect(new Set(keyrings.map((keyring) => derive(keyring, 'p', 16).toString('hex'))).size).toBe(1)
})

test('a key file that others can read is refused with the command that mends it', async () => {
  await openKeyring({ directory })
  await chmod(join(directory, 'keyring.json'), 0o644)
  const error = await errorOf(openKeyring({ directory }))
  expect(error.code).toBe('key_file_readable')
  expect(error.message).toContain('chmod 600')
})

test('a damaged key file stops the start instead of being replaced', async () => {
  await openKeyring({ directory })
  for (const text of ['', '{', '{}', '{"keys":[]}', '{"keys":["c2hvcnQ="]}', 'null']) {
    await writeFile(join(directory, 'keyring.json'), text)
    expect((await errorOf(openKeyring({ directory }))).code, text).toBe('bad_key_file')
    expect(await readFile(join(directory, 'keyring.json'), 'utf8')).toBe(text)
  }
})

test('SECRET_KEY is taken in base64, base64url and hex, and then no key is written to disk', async () => {
  const key = randomBytes(32)
  const spellings = [key.toString('base64'), key.toString('base64url'), key.toString('hex'), ` ${key.toString('hex')} `]
  const keyrings = []
  for (const secretKey of spellings) keyrings.push(await openKeyring({ secretKey, directory }))
  expect(new Set(keyrings.map((keyring) => keyring.currentId)).size).toBe(1)
  expect(await readdir(directory)).toEqual(['keyring-root'])
  expect(await readFile(join(directory, 'keyring-root'), 'utf8')).not.toContain(key.toString('base64url'))
})

test('a SECRET_KEY that is short, guessable or a passphrase is refused by name, without repeating it', async () => {
  const bad = [
    '',
    'short',
    'correct horse battery staple correct horse',
    randomBytes(31).toString('base64'),
    '00'.repeat(32),
    ',',
  ]
  for (const secretKey of bad) {
    const error = await errorOf(openKeyring({ secretKey, directory }))
    expect(error.code, secretKey).toBe('bad_secret_key')
    expect(error.message).toContain('SECRET_KEY')
    if (secretKey.length > 1) expect(error.message).not.toContain(secretKey)
  }
})

test('rotation of SECRET_KEY: new,old opens everything, after the rewrap new is enough', async () => {
  const [oldKey, newKey] = [randomBytes(32).toString('base64'), randomBytes(48).toString('hex')]
  const before = await openKeyring({ secretKey: oldKey, directory })
  const sealed = seal(before, 'secret', 'x')
  const derived = derive(before, 'p', 32)

  const both = await openKeyring({ secretKey: `${newKey},${oldKey}`, directory })
  expect(needsRewrap(both, sealed)).toBe(true)
  const rewrapped = rewrap(both, sealed)
  expect((await errorOf(openKeyring({ secretKey: newKey, directory }))).code).toBe('root_unreadable')
  await rewrapRoot(both, { directory })

  const after = await openKeyring({ secretKey: newKey, directory })
  expect(open(after, rewrapped, 'x')).toBe('secret')
  expect(derive(after, 'p', 32)).toEqual(derived)
  expect(() => open(after, sealed, 'x')).toThrow(SealError)
})

test('rotation of the key file: add, rewrap, drop', async () => {
  const before = await openKeyring({ directory })
  const sealed = seal(before, 'secret', 'x')
  const id = await addKey(directory)
  const both = await openKeyring({ directory })
  expect(both.currentId).toBe(id)
  const rewrapped = rewrap(both, sealed)
  await rewrapRoot(both, { directory })
  await dropOldKeys(directory)
  const after = await openKeyring({ directory })
  expect([...after.keys.keys()]).toEqual([id])
  expect(open(after, rewrapped, 'x')).toBe('secret')
  expect(derive(after, 'p', 32)).toEqual(derive(before, 'p', 32))
  expect((await stat(join(directory, 'keyring.json'))).mode & 0o777).toBe(0o600)
})

test('an installation can move from the key file to SECRET_KEY', async () => {
  const byFile = await openKeyring({ directory })
  const sealed = seal(byFile, 'secret', 'x')
  const both = await openKeyring({ secretKey: randomBytes(32).toString('hex'), directory })
  expect(open(both, sealed, 'x')).toBe('secret')
  expect(both.currentId).not.toBe(byFile.currentId)
})

test('nodes with folders of their own share one root through a common store', async () => {
  const secretKey = randomBytes(32).toString('hex')
  let kept: string | null = null
  const rootStore: RootStore = {
    load: async () => kept,
    create: async (sealed) => (kept ??= sealed),
    replace: async (sealed) => void (kept = sealed),
  }
  const nodes = await Promise.all(
    ['a', 'b'].map((name) => openKeyring({ secretKey, directory: join(directory, name), rootStore })),
  )
  expect(derive(nodes[0]!, 'p', 16)).toEqual(derive(nodes[1]!, 'p', 16))
})
