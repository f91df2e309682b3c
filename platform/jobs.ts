// Work for later, added in the transaction that wants it. graphile-worker stands behind these functions and nowhere else.
import { randomUUIDv7 } from 'node:crypto'
import { Logger as JobLogger, run, type Runner, type TaskList } from 'graphile-worker'
import { sql } from 'kysely'
import pg from 'pg'
import type { Logger } from 'pino'
import { programActor, type Actor } from './actor.ts'
import type { Clock } from './clock.ts'
import type { Database, Tx } from './db/database.ts'

export interface JobOptions {
  /** A second job with the same key replaces the first while that waits. */
  readonly key?: string
  readonly runAt?: Date
  /** Jobs of one lane run one after the other; hashed into 32, because the queue dislikes many. */
  readonly lane?: string
}

/** A task does what a job asks for. It may run twice and late, and must not mind. */
export type Task = (db: Database, actor: Actor, payload: Readonly<Record<string, unknown>>) => Promise<void>
export type Tasks = Readonly<Record<`${string}.${string}`, Task>>

const LANES = 32

/** Adds a job to the caller's transaction; `payload` holds ids, the workspace is added by the database. */
export async function enqueue<T>(
  tx: Tx<T>,
  task: string,
  payload: Readonly<Record<string, unknown>>,
  options: JobOptions = {},
): Promise<void> {
  const lane = options.lane === undefined ? null : `lane-${laneOf(options.lane, LANES)}`
  await sql`
    select enqueue_job(${task}, ${JSON.stringify(payload)}::jsonb, ${options.key ?? null}, ${options.runAt ?? null}::timestamptz, ${lane})
  `.execute(tx)
}

/** A stable number below `lanes` for a text (FNV-1a). */
export function laneOf(text: string, lanes: number): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % lanes
}

export interface JobsOptions {
  readonly db: Database
  readonly url: string
  readonly clock: Clock
  readonly log: Logger
  readonly tasks: Tasks
  readonly concurrency?: number
}

/** Starts working on jobs. A job that failed for good is written to `failures` and ends, so that nothing piles up unseen. */
export async function runJobs({ db, url, clock, log, tasks, concurrency = 4 }: JobsOptions): Promise<AsyncDisposable> {
  const pool = new pg.Pool({ connectionString: url, max: concurrency + 2, options: '-c role=rapport_system' })
  const report = (error: Error): void =>
    void (pool.ending || log.warn({ err: error }, 'the connection of the jobs was lost'))
  pool.on('error', report).on('connect', (connection) => void connection.on('error', report))
  const taskList: TaskList = {}
  for (const [name, task] of Object.entries(tasks)) {
    taskList[name] = async (raw, { job }) => {
      const payload = raw as Record<string, unknown>
      try {
        await task(db, programActor(String(payload['workspaceId']), clock.now()), payload)
      } catch (error) {
        if (job.attempts < job.max_attempts) throw error
        await recordFailure(db, clock, name, payload, job.attempts, error)
      }
    }
  }
  const runner: Runner = await run({
    pgPool: pool,
    concurrency,
    noHandleSignals: true,
    parsedCronItems: [],
    pollInterval: 1000,
    taskList,
    logger: new JobLogger(
      () => (level, message) =>
        log[level === 'warning' ? 'warn' : level === 'info' ? 'debug' : level]({ part: 'jobs' }, message),
    ),
  })
  return {
    async [Symbol.asyncDispose]() {
      await runner.stop().catch(() => {})
      await pool.end()
    },
  }
}

async function recordFailure(
  db: Database,
  clock: Clock,
  name: string,
  payload: Record<string, unknown>,
  attempts: number,
  error: unknown,
): Promise<void> {
  const workspaceId = typeof payload['workspaceId'] === 'string' ? payload['workspaceId'] : null
  await db.system((tx) =>
    tx
      .insertInto('failures')
      .values({
        id: randomUUIDv7(),
        workspaceId,
        kind: 'job',
        name,
        payload: JSON.stringify(payload),
        reason: error instanceof Error ? error.message : String(error),
        attempts,
        failedAt: clock.now(),
      })
      .execute(),
  )
}
