// A database server of its own for a run (the embedded one, fsync on), and programs that are started on its databases.
import { fork, type ChildProcess } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '#platform/db/embedded'
import { findCluster } from '#platform/db/embedded-place'
import { migrate } from '#platform/db/migrate'
import { root } from './harness.ts'

/** Only the benches' own databases are ever opened with it. */
export const SECRET_KEY = Buffer.alloc(32, 'the key of the benches').toString('base64')

export interface BenchServer extends AsyncDisposable {
  readonly ownerUrl: string
  readonly directory: string
  /** A migrated database of that name; an existing one is taken as it is when `keep` is set, else made anew. */
  database(name: string, keep?: boolean): Promise<BenchDatabase>
  drop(name: string): Promise<void>
}

export interface BenchDatabase extends AsyncDisposable {
  readonly url: string
  /** As owner: for making data and for counting, never for what is measured. */
  readonly owner: pg.Pool
  serve(options?: ServeOptions): Promise<Served>
}

export interface ServeOptions {
  /** `web`, `worker`, both by default. */
  readonly roles?: string
  /** Whether messages are understood as they come; they are by default. */
  readonly understands?: boolean
}

export interface Served extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  readonly setupLink: string | null
  /** Bytes that are this process's own (resident set). */
  memory(): Promise<number>
  stop(): Promise<void>
}

/** Starts a server in a fresh folder below `parent`, which is removed at the end, or in `directory`, which is kept. */
export async function startServer(parent: string, directory?: string): Promise<BenchServer> {
  await mkdir(parent, { recursive: true })
  const place = directory ?? (await mkdtemp(join(parent, 'run-')))
  await mkdir(place, { recursive: true })
  // As root the database runs as another user, who must be able to pass.
  await chmod(place, 0o711)
  let embedded = await startEmbedded({ directory: place })
  if (countStatements) {
    await query(embedded.ownerUrl, `alter system set shared_preload_libraries = 'pg_stat_statements'`)
    await query(embedded.ownerUrl, `alter system set pg_stat_statements.track_planning = on`)
    await embedded.stop()
    embedded = await startEmbedded({ directory: place })
    await query(embedded.ownerUrl, 'create extension if not exists pg_stat_statements')
  }
  const cluster = await findCluster(place)
  const open: AsyncDisposable[] = []

  const admin = (text: string): Promise<pg.QueryResult> => query(embedded.ownerUrl, text)
  const drop = async (name: string): Promise<void> => void (await admin(`drop database if exists ${name} with (force)`))

  return {
    ownerUrl: embedded.ownerUrl,
    directory: place,
    drop,
    async database(name, keep = false) {
      if (!keep) await drop(name)
      const there = await admin(`select from pg_database where datname = '${name}'`)
      if (there.rowCount === 0) await admin(`create database ${name}`)
      const url = new URL(embedded.ownerUrl)
      url.pathname = `/${name}`
      await migrate(url.href, { now: new Date() })
      const database = openBenchDatabase(url.href, join(place, `files-${name}`))
      open.push(database)
      return database
    },
    async [Symbol.asyncDispose]() {
      for (const database of open) await database[Symbol.asyncDispose]()
      await embedded.stop()
      if (directory !== undefined) return
      await rm(place, { recursive: true, force: true })
      if (cluster !== null && !cluster.startsWith(place)) await rm(dirname(cluster), { recursive: true, force: true })
    },
  }
}

/** With BENCH_STATEMENTS set, the server counts what each statement costs; the counting itself costs some per cent. */
const countStatements = (process.env['BENCH_STATEMENTS'] ?? '') !== ''

async function query(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(text)
  } finally {
    await client.end()
  }
}

/** The dearest statements since the last call, one a line; none unless BENCH_STATEMENTS is set. */
export async function dearestStatements(server: BenchServer): Promise<string[]> {
  if (!countStatements) return []
  const { rows } = await query(
    server.ownerUrl,
    `select round(total_exec_time + total_plan_time)::int as ms, calls::int, rows::int, round(mean_exec_time::numeric, 3)::float as mean,
       round(mean_plan_time::numeric, 3)::float as planned,
       left(regexp_replace(query, '\\s+', ' ', 'g'), 150) as text
     from pg_stat_statements order by total_exec_time + total_plan_time desc limit 30`,
  )
  await query(server.ownerUrl, 'select pg_stat_statements_reset()')
  return rows.map(
    ({ ms, calls, rows: n, mean, planned, text }) =>
      `${ms} ms, ${calls} calls of ${planned} + ${mean} ms, ${n} rows: ${text}`,
  )
}

function openBenchDatabase(url: string, filesDirectory: string): BenchDatabase {
  const owner = new pg.Pool({ connectionString: url, max: 4 })
  owner.on('error', () => {})
  const running = new Set<Served>()
  let ended = false
  return {
    url,
    owner,
    async serve({ roles = 'web,worker', understands = true } = {}) {
      const child = fork(join(root, 'bench/program.ts'), [], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        env: {
          PATH: process.env['PATH'],
          DATABASE_URL: url,
          DATA_DIR: filesDirectory,
          SECRET_KEY,
          PORT: '0',
          ROLE: roles,
          BENCH_UNDERSTANDS: understands ? 'yes' : 'no',
          LOG_LEVEL: process.env['BENCH_LOG'] ?? 'warn',
          // Benches speak for many people from one address, as a proxy does.
          TRUST_PROXY: 'loopback',
        },
        execArgv: (process.env['BENCH_NODE_OPTIONS'] ?? '').split(' ').filter(Boolean),
      })
      const served = await whenReady(child)
      running.add(served)
      return served
    },
    async [Symbol.asyncDispose]() {
      if (ended) return
      ended = true
      for (const served of running) await served.stop()
      await owner.end()
    },
  }
}

async function whenReady(child: ChildProcess): Promise<Served> {
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const ready = await Promise.race([
    new Promise<{ url: string; setupLink: string | null }>((resolve) => child.once('message', resolve as never)),
    exited.then((code) => {
      throw new Error(`the program ended (${code}) before it was ready`)
    }),
  ])
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await exited
  }
  return {
    ...ready,
    pid: child.pid!,
    memory: () => residentBytes(child.pid!),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** Resident memory of a process, in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024
}

/** A process's share of the memory that it has in common with others (proportional set), in bytes; 0 when it is gone. */
export async function proportionalBytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024
}

/** All processes below one. */
export async function descendants(pid: number): Promise<number[]> {
  const children = new Map<number, number[]>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const below = (one: number): number[] => (children.get(one) ?? []).flatMap((child) => [child, ...below(child)])
  return below(pid)
}
