import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFile, realpath } from 'node:fs/promises'
import pg from 'pg'
import { createCluster, databaseName, ownerUrl } from './embedded-cluster.ts'
import { EmbeddedDatabaseError } from './embedded-error.ts'
import { holdDirectory } from './embedded-lock.ts'
import { clusterUser, findCluster, makeDirectory, placeCluster, requireMajor } from './embedded-place.ts'
import { serverProcesses, stopServer } from './embedded-processes.ts'
import { databasePrograms } from './embedded-programs.ts'
import { launchServer } from './embedded-server.ts'

export { EmbeddedDatabaseError } from './embedded-error.ts'

/** A PostgreSQL server that runs for this program. */
export interface EmbeddedDatabase extends AsyncDisposable {
  /** The owner's address of the database `rapport`, with its password: never to be logged. */
  readonly ownerUrl: string
  readonly port: number
  /** Resolves when the server ended by itself (killed, disk full …), after which `startEmbedded` may be called again. */
  readonly ended: Promise<void>
  /** Ends the server in good order and gives the data folder free. May be called twice. */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  /** The data folder; made if it is missing. */
  directory: string
  /** Hears of what a person may want to know: a system user that was made, a place that was chosen. */
  log?: (line: string) => void
  /** Where root puts what the server's user can't reach in the data folder or in node_modules. */
  openPlaces?: readonly string[]
  /** The port to take if it is free: a program whose database died wants it back where its pools look for it. */
  port?: number
}

/**
 * Starts the database of a data folder and makes it first where there is none. A server that an earlier
 * program left running is stopped first. Throws `EmbeddedDatabaseError`: `in_use` (another program holds the
 * folder), `other_major`, `place` and `user` (its files can't be reached or owned), `programs`, `start`
 * (with the server's last words).
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const log = options.log ?? (() => {})
  const directory = await makeDirectory(options.directory)
  const lock = await holdDirectory(directory)
  try {
    const found = await findCluster(directory)
    const user = await clusterUser(found, log)
    const programs = await databasePrograms(
      user,
      options.openPlaces ?? ['/var/lib/rapport', join(tmpdir(), 'rapport-root')],
      log,
    )
    const cluster =
      found ?? (await placeCluster(directory, user, options.openPlaces ?? ['/var/lib/rapport', '/srv/rapport'], log))
    if (found === null) await createCluster(cluster, programs, user)
    else await requireMajor(cluster)
    const left = await stopServer(cluster)
    if (left > 0) log('stopped the database server that an earlier run had left behind')
    const logFile = join(directory, 'postgres.log')
    const server = await launchServer({ cluster, programs, user, logFile, log, port: options.port ?? null })
    const ended = server.ended.then(() => lock.release())
    let stopped: Promise<void> | null = null
    const stop = () => (stopped ??= server.stop().then(() => lock.release()))
    try {
      const url = await ownerUrl(cluster, server.port)
      await createDatabase(url)
      return { ownerUrl: url, port: server.port, ended, stop, [Symbol.asyncDispose]: stop }
    } catch (error) {
      await stop()
      throw error
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/**
 * The owner's address of the database that runs for a data folder now, for commands beside the program; null
 * where none is running. Throws `user` where the caller may not read its password.
 */
export async function readEmbeddedUrl(directory: string): Promise<string | null> {
  const path = await realpath(directory).catch(() => null)
  const cluster = path === null ? null : await findCluster(path)
  if (cluster === null || (await serverProcesses(cluster)).postmaster === null) return null
  try {
    const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')
    return lines[7]?.trim() === 'ready' ? await ownerUrl(cluster, Number(lines[3])) : null
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    if (code !== 'EACCES') throw cause
    throw new EmbeddedDatabaseError(
      'user',
      `Only the user who started Rapport, or root, may use the database in ${cluster}.`,
      { cause },
    )
  }
}

async function createDatabase(url: string): Promise<void> {
  const address = new URL(url)
  address.pathname = '/postgres'
  const client = new pg.Client({ connectionString: address.href })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName])
    if (rowCount === 0) await client.query(`create database ${databaseName}`)
  } finally {
    await client.end()
  }
}
