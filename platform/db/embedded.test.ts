import { fork } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readEmbeddedUrl, startEmbedded } from './embedded.ts'
import { serverProcesses, signal } from './embedded-processes.ts'

const asRoot = process.getuid?.() === 0

describe('the embedded database', () => {
  let base: string
  let directory: string

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'rapport-embedded-'))
    await chmod(base, 0o755)
    directory = join(base, 'data')
  })
  afterEach(() => rm(base, { recursive: true, force: true }))

  it('keeps what was written over a stop and a start', async () => {
    const first = await startEmbedded({ directory })
    await query(first.ownerUrl, `create table notes (text text); insert into notes values ('höre')`)
    await first.stop()
    expect(await readEmbeddedUrl(directory)).toBeNull()

    await using second = await startEmbedded({ directory })
    expect(await query(second.ownerUrl, 'select text from notes')).toEqual([{ text: 'höre' }])
    expect(await readEmbeddedUrl(directory)).toBe(second.ownerUrl)
  })

  it('is PostgreSQL 18 in UTF-8 with the built-in locale, durable, and heard on the loopback alone', async () => {
    await using database = await startEmbedded({ directory })
    const [row] = await query(
      database.ownerUrl,
      `select current_setting('server_version') as version, current_setting('server_encoding') as encoding,
        current_setting('fsync') as fsync, current_setting('listen_addresses') as addresses,
        current_setting('unix_socket_directories') as sockets, current_setting('password_encryption') as passwords,
        datlocprovider as provider, datlocale as locale from pg_database where datname = current_database()`,
    )
    expect(row).toMatchObject({ encoding: 'UTF8', fsync: 'on', addresses: '127.0.0.1', sockets: '' })
    expect(row).toMatchObject({ provider: 'b', locale: 'C.UTF-8', passwords: 'scram-sha-256' })
    expect(row!.version).toMatch(/^18\./)
  })

  it('lets nobody in without the password, and keeps that where only its user can read it', async () => {
    await using database = await startEmbedded({ directory })
    const wrong = new URL(database.ownerUrl)
    wrong.password = 'guessed'
    await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/)

    const cluster = join(directory, 'postgres-18')
    expect((await stat(cluster)).mode & 0o777).toBe(0o700)
    expect((await stat(join(cluster, 'rapport-password'))).mode & 0o777).toBe(0o600)
    const { password } = new URL(database.ownerUrl)
    const elsewhere = (await readdir(directory, { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile() && !entry.parentPath.startsWith(cluster),
    )
    for (const entry of elsewhere) {
      expect(await readFile(join(entry.parentPath, entry.name), 'utf8'), entry.name).not.toContain(password)
    }
  })

  it('says when the server was killed, and recovers what was committed', async () => {
    const first = await startEmbedded({ directory })
    await query(first.ownerUrl, 'create table notes (n int); insert into notes values (1)')
    // A child that is busy counting outlives its server for a while, and holds on to the shared memory.
    const busy = query(first.ownerUrl, 'select count(*) from generate_series(1, 3000000000)').catch(() => 'gone')
    const { postmaster } = await serverProcesses(join(directory, 'postgres-18'))
    process.kill(postmaster!, 'SIGKILL')
    await first.ended
    await first.stop()

    await using second = await startEmbedded({ directory })
    expect(await query(second.ownerUrl, 'select n from notes')).toEqual([{ n: 1 }])
    expect(await busy).toBe('gone')
  })

  it('replaces the server that a killed program left running, without losing a row', async () => {
    const program = fork(new URL('testdata/embedded-program.ts', import.meta.url), [directory], { silent: true })
    const url = await new Promise<string>((resolve, reject) => {
      program.once('message', (message) => resolve(String(message)))
      program.once('exit', (code) => reject(new Error(`the program ended with ${code}: ${program.stderr?.read()}`)))
    })
    await query(url, 'create table notes (n int); insert into notes values (7)')
    await expect(startEmbedded({ directory })).rejects.toMatchObject({
      reason: 'in_use',
      message: expect.stringContaining(`in use by process ${program.pid}`),
    })
    const killed = new Promise((resolve) => program.once('exit', resolve))
    program.kill('SIGKILL')
    await killed
    expect(await readEmbeddedUrl(directory)).toBe(url)

    const lines: string[] = []
    await using database = await startEmbedded({ directory, log: (line) => lines.push(line) })
    expect(lines).toContain('stopped the database server that an earlier run had left behind')
    expect(await query(database.ownerUrl, 'select n from notes')).toEqual([{ n: 7 }])
  })

  it('survives the end of program and server in any order, also while the first begins or the last recovers', async () => {
    const cluster = join(directory, 'postgres-18')
    const started = async () => {
      const program = fork(new URL('testdata/embedded-program.ts', import.meta.url), [directory], { silent: true })
      const ready = new Promise((resolve) => program.once('message', resolve))
      const exit = new Promise((resolve) => program.once('exit', resolve))
      return { ready, kill: () => (program.kill('SIGKILL'), exit) }
    }
    const killServer = async (): Promise<void> => {
      const { postmaster } = await serverProcesses(cluster)
      if (postmaster !== null) signal(postmaster, 'SIGKILL')
    }
    // While its first database is being made.
    const first = await started()
    await vi.waitFor(async () => expect((await readdir(directory)).join()).toContain('postgres-18.new-'))
    await first.kill()
    for (const order of ['program', 'server, program', 'program, server', 'server']) {
      const one = await started()
      await one.ready
      if (order.startsWith('server')) await killServer()
      if (order.includes('program')) await one.kill()
      if (order.endsWith(', server')) await killServer()
      // The next is killed as soon as its server is there: in the middle of starting or recovering.
      const next = await started()
      if (order === 'server') await one.kill()
      await vi.waitFor(async () => expect((await serverProcesses(cluster)).postmaster).not.toBeNull(), {
        timeout: 10_000,
        interval: 5,
      })
      await next.kill()
    }
    const began = performance.now()
    await using database = await startEmbedded({ directory })
    expect(performance.now() - began).toBeLessThan(20_000)
    expect(await query(database.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('is held by one program at a time', async () => {
    await using _first = await startEmbedded({ directory })
    await expect(startEmbedded({ directory })).rejects.toMatchObject({ reason: 'in_use' })
  })

  it('is not kept out by numbers that now belong to other programs', async () => {
    await (await startEmbedded({ directory })).stop()
    // Process 1 always lives, and is neither our server nor a Rapport that began then.
    await writeFile(join(directory, 'postgres-18', 'postmaster.pid'), `1\n${join(directory, 'postgres-18')}\n1\n5432\n`)
    await writeFile(join(directory, 'lock', '1-00000000.1'), '')
    await using database = await startEmbedded({ directory })
    expect(await query(database.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await readdir(join(directory, 'lock'))).toHaveLength(1)
  })

  it('refuses the files of another major with a sentence that says what to do', async () => {
    await mkdir(join(directory, 'postgres-17'), { recursive: true })
    await expect(startEmbedded({ directory })).rejects.toMatchObject({
      reason: 'other_major',
      message: expect.stringMatching(/made by PostgreSQL 17.*brings PostgreSQL 18.*backup FILE.*restore FILE/s),
    })
    await rm(join(directory, 'postgres-17'), { recursive: true })
    await (await startEmbedded({ directory })).stop()
    await writeFile(join(directory, 'postgres-18', 'PG_VERSION'), '19\n')
    await expect(startEmbedded({ directory })).rejects.toMatchObject({ reason: 'other_major' })
  })

  it('fails with the last words of the server', async () => {
    await (await startEmbedded({ directory })).stop()
    await writeFile(join(directory, 'postgres-18', 'postgresql.conf'), 'no_such_setting = 1\n')
    await expect(startEmbedded({ directory })).rejects.toMatchObject({
      reason: 'start',
      message: expect.stringContaining('no_such_setting'),
    })
  })

  it.skipIf(!asRoot)('goes to an open place when its user cannot enter the data folder (run as root)', async () => {
    await chmod(base, 0o700)
    const open = await mkdtemp('/var/lib/rapport-test-')
    await chmod(open, 0o755)
    try {
      const openPlaces = [open]
      await (await startEmbedded({ directory, openPlaces })).stop()
      const [cluster] = (await readFile(join(directory, 'postgres-18.txt'), 'utf8')).split('\n')
      expect(cluster).toMatch(new RegExp(`^${open}/.+/postgres-18$`))
      await using database = await startEmbedded({ directory, openPlaces })
      expect(await readEmbeddedUrl(directory)).toBe(database.ownerUrl)
    } finally {
      await rm(open, { recursive: true, force: true })
    }
  })
})

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}
