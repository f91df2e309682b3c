// The file of a backup: lines of JSON with gzip'd bytes between, made to be written and read in one pass each.
//
//   {"rapport":"backup","version":1, …}                       what it is, when it was taken, of which migrations
//   {"section":"table","name":"public.labels", …}             then frames: four bytes of length (big endian) and as many of gzip,
//     … frames, a frame of length 0 …                         ended by a frame of length 0
//   {"bytes":123,"sha256":"…","rows":4}                       of what was in the section before it was packed
//   … more sections …
//   {"end":true,"sections":40,"sha256":"…"}                   of every byte of the file before this line
//
// A file that was cut off has no last line; one that was changed has another sum. Counts stand behind what they count, since
// nobody knows them before.
import { createHash, type Hash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'

/** A backup that can't be written, read or restored; the message is for the person at the command line. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
}

export interface SectionHead {
  readonly section: 'table' | 'jobs' | 'file' | 'keys'
  readonly name: string
  /** Of tables: the columns in the order of the data. */
  readonly columns?: readonly string[]
}

export interface SectionFoot {
  readonly bytes: number
  readonly sha256: string
  readonly rows?: number
}

type Source = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

export interface BackupWriter {
  /** Writes one section; `rows` is asked once the source has ended. */
  section(head: SectionHead, source: Source, rows?: () => number): Promise<SectionFoot>
  /** Ends the file, and only then gives it its name. */
  finish(): Promise<void>
  /** Removes what was written so far. */
  abandon(): Promise<void>
}

const FRAME = 256 * 1024

/** Begins a backup at `path`, which must not be there yet. Others than its owner can't read it. */
export async function createBackup(path: string, header: Readonly<Record<string, unknown>>): Promise<BackupWriter> {
  const partial = `${path}.partial`
  await rm(partial, { force: true })
  const file = createWriteStream(partial, { mode: 0o600, flags: 'wx' })
  let failure: Error | null = null
  file.on('error', (error) => (failure = error))
  const hash = createHash('sha256')
  let sections = 0
  const write = async (bytes: Uint8Array | string): Promise<void> => {
    if (failure) throw failure
    hash.update(bytes)
    // `once` rejects on 'error', so a full disk ends the wait.
    if (!file.write(bytes)) await once(file, 'drain')
  }
  await write(line(header))
  return {
    async section(head, source, rows) {
      await write(line(head))
      const foot = await pack(source, async (frame) => {
        await write(lengthOf(frame))
        await write(frame)
      })
      await write(lengthOf(new Uint8Array()))
      const whole = { ...foot, ...(rows && { rows: rows() }) }
      await write(line(whole))
      sections += 1
      return whole
    },
    async finish() {
      await write(line({ end: true, sections, sha256: hash.copy().digest('hex') }))
      file.end()
      await finished(file)
      const handle = await open(partial, 'r+')
      await handle.sync().finally(() => handle.close())
      await rename(partial, path)
    },
    async abandon() {
      file.destroy()
      await rm(partial, { force: true })
    },
  }
}

const line = (content: unknown): string => `${JSON.stringify(content)}\n`

function lengthOf(frame: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(frame.length)
  return length
}

async function pack(source: Source, write: (frame: Buffer) => Promise<void>): Promise<SectionFoot> {
  const gzip = createGzip({ level: 1 })
  const hash = createHash('sha256')
  let bytes = 0
  const feed = async (): Promise<void> => {
    for await (const chunk of source) {
      hash.update(chunk)
      bytes += chunk.length
      if (!gzip.write(chunk)) await once(gzip, 'drain')
    }
    gzip.end()
  }
  const feeding = feed().catch((error: unknown) => void gzip.destroy(error as Error))
  for await (const chunk of gzip as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length; at += FRAME) await write(chunk.subarray(at, at + FRAME))
  }
  await feeding
  return { bytes, sha256: hash.digest('hex') }
}

export interface BackupReader {
  readonly header: Readonly<Record<string, unknown>>
  /** The sections in order. The data of each must be read to its end, or be left with `skip`, before the next one is asked for. */
  sections(): AsyncGenerator<{ readonly head: SectionHead; readonly data: AsyncGenerator<Buffer, SectionFoot> }>
}

/**
 * Reads a backup front to back. Every sum is checked on the way; what does not fit throws a BackupError that says what is
 * wrong with the file.
 */
export async function openBackup(path: string): Promise<BackupReader> {
  const bytes = byteReader(path)
  const header = await bytes.json('its first line')
  if (header['rapport'] !== 'backup') throw new BackupError(`${path} is not a backup of Rapport.`)
  if (header['version'] !== 1)
    throw new BackupError(`${path} is a backup of form ${String(header['version'])}, which this Rapport can't read.`)

  async function* frames(): AsyncGenerator<Buffer> {
    for (;;) {
      const length = (await bytes.take(4)).readUInt32BE()
      if (length === 0) return
      if (length > FRAME) throw damaged(path, 'a frame is longer than any that was written')
      yield await bytes.take(length)
    }
  }

  async function* sections() {
    for (let count = 0; ; count++) {
      const before = bytes.sum()
      const head = await bytes.json('a heading')
      if (head['end'] === true) {
        if (head['sha256'] !== before) throw damaged(path, 'its sum is not that of its bytes')
        if (head['sections'] !== count) throw damaged(path, 'sections are missing')
        return
      }
      let read = false
      const data = (async function* (): AsyncGenerator<Buffer, SectionFoot> {
        const sum = yield* unpack(frames(), path)
        const foot = (await bytes.json('the end of a section')) as unknown as SectionFoot
        if (foot.sha256 !== sum.sha256 || foot.bytes !== sum.bytes)
          throw damaged(path, `the sum of ${String(head['name'])} is another`)
        read = true
        return foot
      })()
      yield { head: head as unknown as SectionHead, data }
      if (!read) await drain(data)
    }
  }
  return { header, sections }
}

async function drain(data: AsyncGenerator<Buffer, SectionFoot>): Promise<void> {
  while (!(await data.next()).done);
}

async function* unpack(frames: AsyncGenerator<Buffer>, path: string) {
  const gunzip = createGunzip()
  const hash: Hash = createHash('sha256')
  let bytes = 0
  const feed = async (): Promise<void> => {
    for await (const frame of frames) if (!gunzip.write(frame)) await once(gunzip, 'drain')
    gunzip.end()
  }
  let cause: unknown = null
  const feeding = feed().catch((error: unknown) => {
    cause = error
    gunzip.destroy(error as Error)
  })
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      hash.update(chunk)
      bytes += chunk.length
      yield chunk
    }
    await feeding
    if (cause) throw cause
  } catch (error) {
    throw error instanceof BackupError ? error : damaged(path, (error as Error).message)
  }
  return { bytes, sha256: hash.digest('hex') }
}

const damaged = (path: string, how: string): BackupError =>
  new BackupError(`${path} is damaged (${how}). Nothing was changed. Use another backup.`)

const LONGEST_LINE = 4 << 20

function byteReader(path: string) {
  const chunks = createReadStream(path, { highWaterMark: FRAME })[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const hash = createHash('sha256')
  let rest: Buffer = Buffer.alloc(0)

  const more = async (): Promise<void> => {
    const next = await chunks.next().catch((error: NodeJS.ErrnoException) => {
      throw new BackupError(
        error.code === 'ENOENT' ? `There is no file ${path}.` : `${path} can't be read: ${error.message}`,
      )
    })
    if (next.done) throw damaged(path, 'it ends in the middle')
    rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value])
  }
  const take = async (length: number): Promise<Buffer> => {
    while (rest.length < length) await more()
    const taken = rest.subarray(0, length)
    rest = rest.subarray(length)
    hash.update(taken)
    return taken
  }
  return {
    take,
    sum: () => hash.copy().digest('hex'),
    async json(what: string): Promise<Record<string, unknown>> {
      let at = rest.indexOf(10)
      while (at < 0) {
        if (rest.length > LONGEST_LINE) throw damaged(path, `${what} can't be read`)
        await more()
        at = rest.indexOf(10)
      }
      try {
        const content: unknown = JSON.parse((await take(at + 1)).toString('utf8'))
        if (typeof content === 'object' && content !== null) return content as Record<string, unknown>
      } catch {
        // Told below, like any other line that is none.
      }
      throw damaged(path, `${what} can't be read`)
    },
  }
}
