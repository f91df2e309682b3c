// The only door to the tables. The pool signs in as a role that inherits nothing, so every statement runs inside one of:
//   write / read   as `rapport_app`, in one workspace, under row-level security
//   system         as `rapport_system`, over the listed tables of all workspaces
// Beginning, role and workspace travel in one round trip.
import type { Transaction } from 'kysely'
import pg from 'pg'
import type { DB } from './db.gen.ts'
import { isStale, pipelined } from './pipeline.ts'
import { openSignals, type Signals } from './signals.ts'

export type { DB }
/** A transaction that sees the named tables; `Tx<InboxTables>` accepts any wider one. */
export type Tx<Tables = DB> = Transaction<Tables>

/** Where a transaction acts. Every `Actor` is one. */
export interface Scope {
  readonly workspaceId: string
}

export interface Database extends AsyncDisposable {
  readonly pool: pg.Pool
  /** Wake-ups between parts of the program, and between nodes on one database. Carry no data and may get lost. */
  readonly signals: Signals
  /** Changes rows of one workspace; all or nothing. Keep it under two seconds: event readers wait for the oldest. */
  write<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T>
  /**
   * As `write`, for work that gives the same statements over and over with long lists as values. They are planned once and not for
   * each list: to the planner a long list is a reason to read a table from end to end, where one probe a row is meant.
   */
  writeBatch<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T>
  /** Reads one workspace in one snapshot. */
  read<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T>
  /** Reads or writes across workspaces; only accept, intake, event reader, schedulers and sign-in. */
  system<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** One statement of a definer function granted to the login role itself: no transaction, no role. */
  call(text: string, values: readonly unknown[]): Promise<pg.QueryResult>
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

// bigint comes as a string from pg; every bigint of ours (positions, counts, sizes) stays far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

export interface DatabaseOptions {
  readonly url: string
  /** Connections at most. Default 20. */
  readonly size?: number
  readonly onError?: (error: Error) => void
}

export function openDatabase({ url, size = 20, onError = () => {} }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: false,
    pipeline: true,
  })
  // A connection that breaks while idle raises 'error'; unheard, it would end the process.
  const report = (error: Error): void => void (pool.ending || onError(error))
  pool.on('error', report).on('connect', (connection) => void connection.on('error', report))

  const inScope = (scope: Scope, mode: 'read only' | 'read write') => {
    if (!UUID.test(scope.workspaceId)) throw new TypeError('a workspace id is a UUID')
    const isolation = mode === 'read only' ? 'isolation level repeatable read, read only' : 'read write'
    return `begin ${isolation}; set local role rapport_app; set local app.workspace_id = '${scope.workspaceId}'`
  }

  const signals = openSignals({ url, onError })
  const transact = <T>(prelude: string, keepsPlans: boolean, work: (tx: Tx) => Promise<T>) =>
    runTransaction(pool, signals, prelude, keepsPlans, work)

  return {
    pool,
    signals,
    write: (scope, work) => transact(inScope(scope, 'read write'), true, work),
    writeBatch: (scope, work) =>
      transact(`${inScope(scope, 'read write')}; set local plan_cache_mode = force_generic_plan`, true, work),
    read: (scope, work) => transact(inScope(scope, 'read only'), false, work),
    system: (work) => transact('begin; set local role rapport_system', true, work),
    call: (text, values) => pool.query(text, values as unknown[]),
    [Symbol.asyncDispose]: async () => {
      await signals.close()
      await pool.end()
    },
  }
}

type Effect = (signals: Signals) => void
const afterCommits = new WeakMap<object, Effect[]>()

/** Runs `effect` once the transaction has committed, never if it rolls back. It must not throw. */
export function afterCommit(tx: object, effect: Effect): void {
  afterCommits.get(tx)?.push(effect)
}

/** Wakes whoever listens to `name`, here and on other nodes, once the transaction has committed. */
export function signalAfterCommit(tx: object, name: string): void {
  afterCommit(tx, (signals) => signals.send(name))
}

async function runTransaction<T>(
  pool: pg.Pool,
  signals: Signals,
  prelude: string,
  keepsPlans: boolean,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const effects: Effect[] = []
  const client = await pool.connect()
  try {
    const tx: Tx = pipelined(pool, client, keepsPlans)
    afterCommits.set(tx, effects)
    // Nobody waits for the answer: should a part of it be refused, all that follows in the transaction is refused too.
    const begun = client.query(prelude)
    begun.catch(() => {})
    let result: T
    try {
      result = await work(tx)
      await begun
      await client.query('commit')
    } catch (error) {
      await client.query('rollback').catch(() => {}) // the connection itself may be what broke
      // What began it tells more than what came of that.
      throw await begun.then(
        () => error,
        (first: unknown) => first,
      )
    }
    for (const effect of effects) effect(signals)
    return result
  } finally {
    client.release(isStale(client))
  }
}

/** Whether an error means that the database went away or asked to try again, so that trying again is right. */
export function isPassing(error: unknown): boolean {
  const { code, message = '' } = (error ?? {}) as { code?: string; message?: string }
  if (code === undefined)
    return /Connection terminated|not queryable|timeout exceeded when trying to connect|ECONN|socket hang up/i.test(
      message,
    )
  return (
    /^(08|53|57P|40|26000)/.test(code) ||
    isReplanned(code, message) ||
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT'].includes(code)
  )
}

/** A plan that was kept met a table that a migration has changed meanwhile. */
const isReplanned = (code: string, message: string): boolean => code === '0A000' && message.includes('cached plan')
