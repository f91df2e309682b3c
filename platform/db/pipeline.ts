// One connection of the pool as Kysely sees it. Statements go out without waiting for the answer to the one before (the
// server works them off in order), and those that come again and again are planned once a connection: most of what a small
// transaction costs is round trips and planning.
import { createHash } from 'node:crypto'
import {
  CamelCasePlugin,
  DefaultQueryExecutor,
  PostgresAdapter,
  PostgresDialect,
  PostgresQueryCompiler,
  Transaction,
  type CompiledQuery,
  type DatabaseConnection,
} from 'kysely'
import type pg from 'pg'

/** From which use on a text is planned for good. */
const OFTEN = 8
/** Longer texts are lists of rows, which never come again just so. */
const MOST_TEXT = 6000
/** Plans of partitioned tables weigh some 100 kB, in every connection. */
const MOST_PLANS = 80
const MOST_COUNTED = 1000

/** What a connection remembers of its statements. */
interface Plans {
  readonly uses: Map<string, number>
  readonly names: Map<string, string>
}
const plansOf = new WeakMap<pg.PoolClient, Plans>()

/** The statement's name once it is worth one, else undefined: then it is planned anew. */
function nameOf(plans: Plans, text: string): string | undefined {
  const name = plans.names.get(text)
  if (name !== undefined || text.length > MOST_TEXT || plans.names.size >= MOST_PLANS) return name
  const uses = (plans.uses.get(text) ?? 0) + 1
  if (uses < OFTEN) {
    if (plans.uses.size >= MOST_COUNTED) plans.uses.clear()
    plans.uses.set(text, uses)
    return undefined
  }
  plans.uses.delete(text)
  const made = `r_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
  plans.names.set(text, made)
  return made
}

/** A migration by another node while we run makes kept plans invalid; the next try plans anew. */
const isStalePlan = (error: unknown): boolean => {
  const { code, message = '' } = error as { code?: string; message?: string }
  return (code === '0A000' && /cached plan/.test(message)) || code === '26000'
}

/** `keepsPlans`: for texts that are the same however skewed the values; lists with filters are better planned each time. */
function connectionOf(client: pg.PoolClient, keepsPlans: boolean): DatabaseConnection {
  const plans = plansOf.get(client) ?? { uses: new Map(), names: new Map() }
  plansOf.set(client, plans)
  return {
    async executeQuery<R>({ sql: text, parameters }: CompiledQuery) {
      const name = keepsPlans ? nameOf(plans, text) : undefined
      try {
        const { command, rowCount, rows } = await client.query({
          text,
          values: parameters as unknown[],
          ...(name !== undefined && { name }),
        })
        const counts = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE' || command === 'MERGE'
        return { rows: (rows ?? []) as R[], ...(counts && { numAffectedRows: BigInt(rowCount ?? 0) }) }
      } catch (error) {
        // pg keeps names for as long as the connection lives, so this one has to go.
        if (name !== undefined && isStalePlan(error)) stale.add(client)
        throw error
      }
    },
    streamQuery() {
      throw new Error('Rows are read in pages here, not streamed')
    },
  }
}

const stale = new WeakSet<pg.PoolClient>()
/** Whether the connection holds a plan that the database no longer accepts and must not go back to the pool. */
export const isStale = (client: pg.PoolClient): boolean => stale.has(client)

/**
 * A transaction in all but its beginning and end, on this connection. Unlike Kysely's own it does not queue: statements that do
 * not need each other's answers may be given together (`Promise.all`) and travel in one go.
 */
export function pipelined<Tables>(pool: pg.Pool, client: pg.PoolClient, keepsPlans: boolean): Transaction<Tables> {
  const connection = connectionOf(client, keepsPlans)
  const dialect = new PostgresDialect({ pool })
  return new Transaction<Tables>({
    config: { dialect },
    dialect,
    driver: dialect.createDriver(),
    executor: new DefaultQueryExecutor(
      new PostgresQueryCompiler(),
      new PostgresAdapter(),
      { provideConnection: (consumer) => consumer(connection) },
      [new CamelCasePlugin()],
    ),
  })
}
