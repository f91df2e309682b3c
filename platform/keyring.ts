// Where the keys come from. Either SECRET_KEY names them (`new,old`: the first seals, all open), or a file that only its
// owner may read holds them. Both may be there, while an installation moves from one to the other.
// Beside the keys stands the root, one random value for the life of an installation, kept sealed by the current key.
import type { KeyObject } from 'node:crypto'
import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import { chmod, link, mkdir, open as openFile, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Keyring, SealingKeys } from './crypto.ts'
import { needsRewrap, openBytes, rewrap, seal, SealError } from './crypto.ts'

const keyBytes = 32
const rootContext = 'platform.keyring:root'

export type KeyringErrorCode = 'bad_secret_key' | 'bad_key_file' | 'key_file_readable' | 'root_unreadable'

/** The keyring can't be opened; the message says which setting or file and what to do. It never contains key material. */
export class KeyringError extends Error {
  override name = 'KeyringError'
  readonly code: KeyringErrorCode
  constructor(code: KeyringErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Where the sealed root is kept. Several nodes must share one (a row in the database); a single machine uses the file
 * beside the keys. `create` keeps the first value ever offered and answers the value that is kept.
 */
export interface RootStore {
  load(): Promise<string | null>
  create(sealed: string): Promise<string>
  replace(sealed: string): Promise<void>
}

export interface KeyringOptions {
  /** One or more keys of at least 32 bytes in base64, base64url or hex, separated by commas; the first one seals. */
  secretKey?: string | undefined
  /** The data directory. `keyring.json` is made there, mode 0600, when there is no secretKey. */
  directory: string
  rootStore?: RootStore
}

/** Opens the keyring, making key and root on the first start. Throws KeyringError. */
export async function openKeyring(options: KeyringOptions): Promise<Keyring> {
  const fromSettings = options.secretKey === undefined ? [] : readSecretKey(options.secretKey)
  const fromFile = await readKeyFile(options.directory)
  const found = [...fromSettings, ...fromFile]
  const material = found.length > 0 ? found : await createKeyFile(options.directory)
  const keys = new Map(material.map((key) => [keyId(key), createSecretKey(key)]))
  const sealing = { currentId: keyId(material[0]!), keys }
  return { ...sealing, root: await openRoot(sealing, rootStoreOf(options)) }
}

/**
 * Puts a new key at the head of the key file and answers its id. What was sealed before still opens; rewrap it, then
 * `dropOldKeys`. With SECRET_KEY the operator does the same by setting `new,old`, later `new`.
 */
export async function addKey(directory: string): Promise<string> {
  const key = randomBytes(keyBytes)
  await writeKeyFile(directory, [key, ...(await readKeyFile(directory))])
  return keyId(key)
}

/** Forgets all keys of the key file but the newest. Call it only when nothing needs a rewrap any more. */
export async function dropOldKeys(directory: string): Promise<void> {
  const keys = await readKeyFile(directory)
  if (keys.length > 1) await writeKeyFile(directory, keys.slice(0, 1))
}

/** Part of a rotation: seals the root with the current key. */
export async function rewrapRoot(keyring: Keyring, options: Omit<KeyringOptions, 'secretKey'>): Promise<void> {
  const store = rootStoreOf(options)
  const sealed = await store.load()
  if (sealed && needsRewrap(keyring, sealed)) await store.replace(rewrap(keyring, sealed))
}

function rootStoreOf(options: Omit<KeyringOptions, 'secretKey'>): RootStore {
  return options.rootStore ?? rootFile(join(options.directory, 'keyring-root'))
}

async function openRoot(keys: SealingKeys, store: RootStore): Promise<KeyObject> {
  const sealed = (await store.load()) ?? (await store.create(seal(keys, randomBytes(keyBytes), rootContext)))
  try {
    return createSecretKey(openBytes(keys, sealed, rootContext))
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new KeyringError(
      'root_unreadable',
      `This installation was set up with another key (${error.message}). Set SECRET_KEY to "new,old", or bring keyring.json back`,
    )
  }
}

/** An id that tells nothing about the key and is the same on every machine. */
function keyId(key: Buffer): string {
  return createHmac('sha256', key).update('rapport key id').digest('hex').slice(0, 16)
}

// NOTE: no passphrases. One would need a slow hash at each start and a salt kept somewhere, and people choose weak ones;
// a random key is one command.
function readSecretKey(setting: string): Buffer[] {
  return setting.split(',').map((part) => {
    const text = part.trim()
    const isHex = /^(?:[0-9a-f]{2})+$/i.test(text)
    const key = isHex ? Buffer.from(text, 'hex') : /^[\w+/-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null
    if (!key || key.length < keyBytes || new Set(key).size < 8) {
      throw new KeyringError(
        'bad_secret_key',
        'SECRET_KEY must be at least 32 random bytes in base64 or hex, for example from: openssl rand -base64 32',
      )
    }
    // Longer keys are folded to the 32 bytes that AES-256 takes.
    return key.length === keyBytes ? key : createHmac('sha256', 'rapport secret key').update(key).digest()
  })
}

async function readKeyFile(directory: string): Promise<Buffer[]> {
  const path = join(directory, 'keyring.json')
  const text = await readIfThere(path)
  if (text === null) return []
  // Windows has no such bits.
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) {
    throw new KeyringError('key_file_readable', `Others may read ${path}. Run: chmod 600 ${path}`)
  }
  const keys = parseKeyFile(text)
  if (!keys) throw new KeyringError('bad_key_file', `${path} is damaged. Bring it back from a backup`)
  return keys
}

function parseKeyFile(text: string): Buffer[] | null {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof content !== 'object' || content === null || !('keys' in content) || !Array.isArray(content.keys))
    return null
  const keys = content.keys.map((key) => (typeof key === 'string' ? Buffer.from(key, 'base64') : Buffer.alloc(0)))
  return keys.length > 0 && keys.every((key) => key.length === keyBytes) ? keys : null
}

/** Two programs may start at once on an empty folder: the first file wins, and both read it. */
async function createKeyFile(directory: string): Promise<Buffer[]> {
  await createSecretFile(join(directory, 'keyring.json'), keyFileText([randomBytes(keyBytes)]))
  return readKeyFile(directory)
}

async function writeKeyFile(directory: string, keys: Buffer[]): Promise<void> {
  await replaceSecretFile(join(directory, 'keyring.json'), keyFileText(keys))
}

function keyFileText(keys: Buffer[]): string {
  return `${JSON.stringify({ keys: keys.map((key) => key.toString('base64')) }, null, 2)}\n`
}

function rootFile(path: string): RootStore {
  const load = async () => (await readIfThere(path))?.trim() ?? null
  return {
    load,
    async create(sealed) {
      await createSecretFile(path, `${sealed}\n`)
      return (await load()) ?? sealed
    },
    replace: (sealed) => replaceSecretFile(path, `${sealed}\n`),
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

async function createSecretFile(path: string, text: string): Promise<void> {
  const temporary = await writeTemporary(path, text)
  try {
    await link(temporary, path)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    await unlink(temporary)
  }
  await syncFolderOf(path)
}

async function replaceSecretFile(path: string, text: string): Promise<void> {
  await rename(await writeTemporary(path, text), path)
  await syncFolderOf(path)
}

async function writeTemporary(path: string, text: string): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true })
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`
  const file = await openFile(temporary, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await chmod(temporary, 0o600)
  return temporary
}

/** A rename or link is only on disk once its folder is. */
async function syncFolderOf(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await openFile(join(path, '..'), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
