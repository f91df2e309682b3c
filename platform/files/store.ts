// Files by their content: the name is the SHA-256, so the same picture is kept once, a stored file never changes, and no
// name that came from outside reaches the disk.
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Clock } from '../clock.ts'
import { systemClock } from '../clock.ts'

export type PutOutcome =
  | { ok: true; sha256: string; size: number }
  | { ok: false; reason: 'too_large'; maxBytes: number }

/** Disk today; an S3-compatible store can stand behind the same functions. Names are SHA-256 in lower-case hex. */
export interface FileStore {
  /**
   * Stores a stream or bytes whole or not at all, and is on disk when it answers. Rejects when the source or the disk
   * fails (ENOSPC); nothing is left behind then. Storing what is already there is no error.
   */
  put(source: AsyncIterable<Uint8Array> | Uint8Array, limits: { maxBytes: number }): Promise<PutOutcome>
  /** The bytes, or `null` when there is no such file. `start` and `end` are inclusive, as in a range request. */
  get(sha256: string, range?: { start: number; end: number }): Promise<Readable | null>
  /** Bytes, or `null` when there is no such file. */
  size(sha256: string): Promise<number | null>
  has(sha256: string): Promise<boolean>
  /**
   * Whether there was something to remove. The caller makes sure that nothing refers to it, and that nobody is about to:
   * the store can't know.
   */
  remove(sha256: string): Promise<boolean>
  /** Names of the files that were last stored before a moment. */
  storedBefore(moment: Date): AsyncIterable<string>
  /** Like `remove`, but a file that was stored again since that moment stays. */
  removeOlder(sha256: string, than: Date): Promise<boolean>
}

const leftOverAfterMs = 24 * 60 * 60 * 1000

/** Makes the directory if need be, and removes what a crash left unfinished more than a day ago. */
export async function openFileStore(options: { directory: string; clock?: Clock }): Promise<FileStore> {
  const { directory } = options
  const unfinished = join(directory, 'unfinished')
  await mkdir(unfinished, { recursive: true })
  await removeLeftOvers(unfinished, (options.clock ?? systemClock).now().getTime() - leftOverAfterMs)

  async function sizeOf(sha256: string): Promise<number | null> {
    const path = pathOf(directory, sha256)
    return path === null
      ? null
      : await orIfMissing(
          stat(path).then((entry) => entry.size),
          null,
        )
  }

  return {
    size: sizeOf,
    has: async (sha256) => (await sizeOf(sha256)) !== null,
    async put(source, limits) {
      const temporary = join(unfinished, randomUUID())
      try {
        const written = await writeWhole(temporary, source, limits.maxBytes)
        if (written === null) return { ok: false, reason: 'too_large', maxBytes: limits.maxBytes }
        const path = pathOf(directory, written.sha256)!
        await makeFolderOf(path)
        // Also over a file that is there: the bytes are the same, and one that is just being removed comes back.
        await rename(temporary, path)
        await syncFolder(join(path, '..'))
        return { ok: true, ...written }
      } finally {
        await rm(temporary, { force: true })
      }
    },
    async get(sha256, range) {
      const path = pathOf(directory, sha256)
      if (path === null) return null
      // Opened before it answers, so that a missing file is an answer and not an error in the middle of a reply.
      const file = await orIfMissing(open(path, 'r'), null)
      return file && file.createReadStream(range ?? {})
    },
    async remove(sha256) {
      const path = pathOf(directory, sha256)
      return (
        path !== null &&
        (await orIfMissing(
          rm(path).then(() => true),
          false,
        ))
      )
    },
    storedBefore: (moment) => namesBefore(directory, moment),
    async removeOlder(sha256, than) {
      const path = pathOf(directory, sha256)
      if (path === null) return false
      // Taken away first and looked at then: one that is stored again in this moment lies under its name, untouched.
      const aside = join(unfinished, randomUUID())
      const taken = await orIfMissing(
        rename(path, aside).then(() => true),
        false,
      )
      if (!taken) return false
      const isOld = (await stat(aside)).mtimeMs < than.getTime()
      await (isOld ? rm(aside) : rename(aside, path))
      return isOld
    },
  }
}

async function* namesBefore(directory: string, moment: Date): AsyncGenerator<string> {
  const foldersIn = async (path: string): Promise<string[]> =>
    (await orIfMissing(readdir(path), [])).filter((name) => /^[0-9a-f]{2}$/.test(name)).map((name) => join(path, name))
  for (const first of await foldersIn(directory))
    for (const folder of await foldersIn(first))
      for (const name of await orIfMissing(readdir(folder), [])) {
        const stored = await orIfMissing(
          stat(join(folder, name)).then((entry) => entry.mtimeMs),
          Infinity,
        )
        if (stored < moment.getTime() && pathOf(directory, name) !== null) yield name
      }
}

function pathOf(directory: string, sha256: string): string | null {
  if (!/^[0-9a-f]{64}$/.test(sha256)) return null
  return join(directory, sha256.slice(0, 2), sha256.slice(2, 4), sha256)
}

async function writeWhole(
  path: string,
  source: AsyncIterable<Uint8Array> | Uint8Array,
  maxBytes: number,
): Promise<{ sha256: string; size: number } | null> {
  const hash = createHash('sha256')
  let size = 0
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of source instanceof Uint8Array ? [source] : source) {
      size += chunk.length
      // Leaving the loop also ends the source.
      if (size > maxBytes) return null
      hash.update(chunk)
      await file.writeFile(chunk)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { sha256: hash.digest('hex'), size }
}

/** Two levels of 256, each synced into its parent when it is new. */
async function makeFolderOf(path: string): Promise<void> {
  const made = await mkdir(join(path, '..'), { recursive: true })
  if (made === undefined) return
  await syncFolder(join(path, '..', '..'))
  await syncFolder(join(path, '..', '..', '..'))
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function removeLeftOvers(unfinished: string, before: number): Promise<void> {
  for (const name of await readdir(unfinished)) {
    const path = join(unfinished, name)
    const modified = await orIfMissing(
      stat(path).then((entry) => entry.mtimeMs),
      Infinity,
    )
    if (modified < before) await rm(path, { force: true })
  }
}

async function orIfMissing<T, Missing>(work: Promise<T>, missing: Missing): Promise<T | Missing> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return missing
    throw error
  }
}
