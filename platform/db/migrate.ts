// Plain SQL files, forward only, each in its own transaction, under one lock, in the order of their names.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runMigrations as runJobMigrations } from 'graphile-worker'
import pg from 'pg'

export const migrationsDirectory = fileURLToPath(new URL('../../migrations', import.meta.url))

export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

export interface Migrated {
  /** Names applied by this call, in order. */
  readonly applied: readonly string[]
}

interface Migration {
  readonly name: string
  readonly text: string
  readonly sha256: string
}

export interface MigrateOptions {
  readonly directory?: string
  /** Stop after these names (restore migrates to the set that the backup was taken at). */
  readonly only?: ReadonlySet<string>
  readonly now: Date
  /** Called once before the first change when there is something to change and something to lose. */
  readonly beforeChange?: (pending: readonly string[]) => Promise<void>
}

/** Brings the database of `ownerUrl` to the newest state. Two callers at once: one works, the other waits and finds it done. */
export async function migrate(ownerUrl: string, options: MigrateOptions): Promise<Migrated> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(7305190, 1)')
    await client.query(
      'create table if not exists migrations (name text primary key, sha256 text not null, applied_at timestamptz not null)',
    )
    const pending = await pendingMigrations(client, options)
    const first = (await client.query('select count(*)::int as n from migrations')).rows[0].n === 0
    if (pending.length > 0 && !first) await options.beforeChange?.(pending.map(({ name }) => name))
    for (const migration of pending) await apply(client, migration, options.now)
    await migrateJobs(ownerUrl, client)
    return { applied: pending.map(({ name }) => name) }
  } finally {
    await client.end()
  }
}

async function pendingMigrations(client: pg.Client, options: MigrateOptions): Promise<Migration[]> {
  const known = await readMigrations(options.directory ?? migrationsDirectory)
  const { rows } = await client.query<{ name: string; sha256: string }>('select name, sha256 from migrations')
  const applied = new Map(rows.map((row) => [row.name, row.sha256]))
  const names = new Set(known.map(({ name }) => name))
  const strangers = [...applied.keys()].filter((name) => !names.has(name))
  if (strangers.length > 0) {
    throw new MigrationError(
      `this database was migrated by a newer Rapport (${strangers.join(', ')}): run that version or restore a backup`,
    )
  }
  for (const { name, sha256 } of known) {
    if (applied.has(name) && applied.get(name) !== sha256) {
      throw new MigrationError(`migration ${name} was changed after it had been applied; write a new one instead`)
    }
  }
  return known.filter(({ name }) => !applied.has(name) && (options.only?.has(name) ?? true))
}

export async function readMigrations(directory: string = migrationsDirectory): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort()
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(directory, file), 'utf8')
      return { name: file.slice(0, -'.sql'.length), text, sha256: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

async function apply(client: pg.Client, { name, text, sha256 }: Migration, now: Date): Promise<void> {
  await client.query('begin')
  try {
    await client.query(text)
    await client.query('insert into migrations (name, sha256, applied_at) values ($1, $2, $3)', [name, sha256, now])
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback')
    throw new MigrationError(`migration ${name} failed and changed nothing: ${(cause as Error).message}`, { cause })
  }
}

// The job library owns its schema. Its tables are under row-level security without a policy, which would shut out the
// program's own role; the queue holds ids only, so the system role may see all of it.
async function migrateJobs(ownerUrl: string, client: pg.Client): Promise<void> {
  await runJobMigrations({ connectionString: ownerUrl })
  await client.query(`
    grant usage on schema graphile_worker to rapport_system;
    grant all on all tables in schema graphile_worker to rapport_system;
    grant all on all sequences in schema graphile_worker to rapport_system;
    grant execute on all functions in schema graphile_worker to rapport_system;
    do $$ declare named regclass; begin
      for named in select c.oid::regclass from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'graphile_worker' and c.relkind = 'r' and c.relrowsecurity
          and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'system')
      loop execute format('create policy system on %s to rapport_system using (true) with check (true)', named); end loop;
    end $$`)
}
