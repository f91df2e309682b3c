import { spawn, type ChildProcess } from 'node:child_process'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedDatabaseError } from './embedded-error.ts'
import { clusterName, stopServer } from './embedded-processes.ts'
import type { DatabasePrograms } from './embedded-programs.ts'
import { spawnAs, type DatabaseUser } from './embedded-user.ts'

export interface ServerOptions {
  cluster: string
  programs: DatabasePrograms
  user: DatabaseUser
  /** Where its words go; a file, so that it can still speak when this program is gone. */
  logFile: string
  log: (line: string) => void
  /** The port to try first; null for any free one. */
  port: number | null
}

export interface Server {
  readonly port: number
  readonly ended: Promise<void>
  stop(): Promise<void>
}

const largestLog = 10 << 20
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  jit: 'off',
  // Plans for empty tables read a young workspace from end to end for each reference that is checked: its first rows are
  // counted within seconds, not within the minute that would be usual.
  autovacuum_naptime: '5s',
  // A table that grew by a tenth has the plans that it had. Counting all of them anew every five seconds of a busy hour would
  // cost as much as an eighth of what receiving does.
  autovacuum_analyze_scale_factor: '0.5',
  idle_in_transaction_session_timeout: '60s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // What people write must not stand in the log: neither the statements nor the values in their way.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_line_prefix: '%m [%p] ',
}

/** Starts the server on a free port of the loopback and waits until it takes connections. Throws `start`. */
export async function launchServer(options: ServerOptions): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    // Nothing serves these files any more, so the note is stale; its number may be any program's by now.
    await rm(join(options.cluster, 'postmaster.pid'), { force: true })
    const port = attempt === 1 && options.port !== null ? options.port : await freePort()
    const { child, readWords } = await spawnServer(options, port)
    if (await becomesReady(child, options)) return { port, ...watch(child, options.cluster) }
    const words = await readWords()
    await stopServer(options.cluster)
    const passing = /Address already in use|pre-existing shared memory block/.test(words)
    if (!passing || attempt === 5) {
      throw new EmbeddedDatabaseError(
        'start',
        `The embedded PostgreSQL did not start. Its last words (${options.logFile}):\n${words}`,
      )
    }
    await sleep(200 * attempt)
  }
}

async function spawnServer(options: ServerOptions, port: number) {
  const logged = await stat(options.logFile).catch(() => null)
  if (logged !== null && logged.size > largestLog) {
    await rename(options.logFile, `${options.logFile}.1`)
  }
  const file = await open(options.logFile, 'a', 0o600)
  try {
    const start = (await file.stat()).size
    const flags = Object.entries({ ...settings, cluster_name: clusterName(options.cluster) }).flatMap(
      ([name, value]) => ['-c', `${name}=${value}`],
    )
    const child = spawn(options.programs.postgres, ['-D', options.cluster, '-p', String(port), ...flags], {
      ...spawnAs(options.user),
      // In a session of its own, so that Ctrl-C reaches the program alone, which then ends the server last.
      detached: true,
      stdio: ['ignore', file.fd, file.fd],
    })
    let failure = ''
    child.on('error', (error) => (failure = error.message))
    const readWords = async () => {
      const text = (await readFile(options.logFile)).subarray(start).toString('utf8').trim()
      return [...text.split('\n').slice(-15), failure].join('\n').trim()
    }
    return { child, readWords }
  } finally {
    await file.close()
  }
}

/** True once the server says in `postmaster.pid` that it is ready; false when it ended before. */
async function becomesReady(child: ChildProcess, options: ServerOptions): Promise<boolean> {
  let nextWord = Date.now() + 10_000
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const lines = (await readFile(join(options.cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
    if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return true
    if (Date.now() > nextWord) {
      options.log('the database is still recovering from an unclean end')
      nextWord = Date.now() + 10_000
    }
    await sleep(15)
  }
  return false
}

function watch(child: ChildProcess, cluster: string): { ended: Promise<void>; stop: () => Promise<void> } {
  let stopping = false
  const exit = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.once('exit', () => resolve())
  })
  const ended = new Promise<void>((resolve) => {
    void exit.then(() => {
      if (!stopping) resolve()
    })
  })
  const stop = async () => {
    stopping = true
    if (child.exitCode !== null || child.signalCode !== null) return
    await stopServer(cluster)
    await exit
  }
  return { ended, stop }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}
