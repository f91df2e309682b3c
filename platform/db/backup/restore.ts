// A backup into an empty database: first the whole file is read and every sum checked, then the database is migrated to exactly
// the set that the backup was taken at, filled in one transaction, counted again, and only then migrated on. What fails leaves
// the database as empty as it was.
import { finished } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { createHash } from 'node:crypto'
import { migrate, readMigrations } from '../migrate.ts'
import type { BackupHeader } from './backup.ts'
import { readCatalog, selectOf, type Table } from './catalog.ts'
import { BackupError, openBackup, type SectionFoot } from './container.ts'

export interface RestoreOptions {
  readonly now: Date
  /** Keeps a file; null leaves files out. */
  readonly putFile: ((sha256: string, data: AsyncIterable<Buffer>) => Promise<void>) | null
  /** Keeps the key file, when the backup holds it. */
  readonly putKeys?: ((content: Buffer) => Promise<void>) | null
  /** What the product does with what was restored: in one transaction, as owner, on the newest tables. */
  readonly finish?: (client: pg.Client, header: BackupHeader) => Promise<void>
  readonly migrationsDirectory?: string
}

export interface RestoreReport {
  readonly header: BackupHeader
  readonly tables: number
  readonly rows: number
  readonly jobs: number
  readonly files: number
  readonly hadKeys: boolean
  /** The epoch that begins with this restore. */
  readonly epoch: number
  /** Migrations applied after the data was in. */
  readonly migrated: readonly string[]
}

/** Restores `path` into the database of `ownerUrl`. Throws BackupError when the file or the database is not as it must be. */
export async function restoreBackup(ownerUrl: string, path: string, options: RestoreOptions): Promise<RestoreReport> {
  const header = await checkBackup(path)
  const only = await migrationSet(header, options.migrationsDirectory)
  await requireEmpty(ownerUrl)
  const directory = options.migrationsDirectory === undefined ? {} : { directory: options.migrationsDirectory }
  try {
    await migrate(ownerUrl, { now: options.now, only, ...directory })
    const filled = await fill(ownerUrl, path, header, options)
    const { applied } = await migrate(ownerUrl, { now: options.now, ...directory })
    await finishRestore(ownerUrl, header, options)
    return { header, ...filled, migrated: applied }
  } catch (error) {
    await emptyAgain(ownerUrl).catch(() => {}) // whatever kept us from restoring may keep us from this; the first reason counts
    throw error
  }
}

/** Reads a backup to its end without using anything of it. Answers its header; throws BackupError. */
export async function checkBackup(path: string): Promise<BackupHeader> {
  const { header, sections } = await openBackup(path)
  for await (const { data } of sections()) for (let step = await data.next(); !step.done; step = await data.next());
  return header as unknown as BackupHeader
}

async function migrationSet(header: BackupHeader, directory?: string): Promise<ReadonlySet<string>> {
  const known = new Map((await readMigrations(directory)).map(({ name, sha256 }) => [name, sha256]))
  const strange = header.migrations.filter(({ name }) => !known.has(name)).map(({ name }) => name)
  if (strange.length > 0)
    throw new BackupError(
      `This backup was made by a newer Rapport (${header.program}; it knows ${strange.join(', ')}). Restore it with that version.`,
    )
  const changed = header.migrations.filter(({ name, sha256 }) => known.get(name) !== sha256).map(({ name }) => name)
  if (changed.length > 0)
    throw new BackupError(`This backup was made with another form of the migrations ${changed.join(', ')}.`)
  return new Set(header.migrations.map(({ name }) => name))
}

async function requireEmpty(ownerUrl: string): Promise<void> {
  const { rows } = await asOwner(ownerUrl, (client) =>
    client.query(`select count(*)::int as n from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname in ('public', 'auth', 'graphile_worker')`),
  )
  if (rows[0].n > 0)
    throw new BackupError(
      'A backup is restored into an empty database only, and this one holds tables already. Nothing was changed. ' +
        'Restore beside it with --into NEW_FOLDER and start Rapport with DATA_DIR=NEW_FOLDER; with DATABASE_URL, create an empty database and name that.',
    )
}

async function finishRestore(ownerUrl: string, header: BackupHeader, { finish }: RestoreOptions): Promise<void> {
  if (!finish) return
  await asOwner(ownerUrl, async (client) => {
    await client.query('begin')
    await finish(client, header)
    await client.query('commit')
  })
}

async function emptyAgain(ownerUrl: string): Promise<void> {
  await asOwner(ownerUrl, (client) =>
    client.query(`drop schema if exists graphile_worker cascade; drop schema if exists auth cascade;
      drop schema public cascade; create schema public; grant usage on schema public to public`),
  )
}

async function asOwner<T>(ownerUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'rapport restore' })
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

type Filled = Omit<RestoreReport, 'header' | 'migrated'>

async function fill(ownerUrl: string, path: string, header: BackupHeader, options: RestoreOptions): Promise<Filled> {
  return asOwner(ownerUrl, async (client) => {
    await client.query(`begin; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
      set local timezone = 'UTC'; set local datestyle = 'ISO'; set local extra_float_digits = 3`)
    await makePartitions(client, header)
    const { tables } = await readCatalog(client)
    // What migrations put in themselves is in the backup too.
    for (const { name } of tables.toReversed()) await client.query(`delete from ${name}`)
    const counts = await loadSections(client, path, tables, options)
    for (const { table, column, last } of header.sequences)
      await client.query('select setval(pg_get_serial_sequence($1, $2), $3::bigint)', [table, column, last])
    const epoch = await beginEpoch(client, header, options.now)
    await client.query('commit')
    return { ...counts, epoch }
  })
}

async function makePartitions(client: pg.Client, { partitions }: BackupHeader): Promise<void> {
  for (const { name, parent, bound } of partitions) {
    const { rows } = await client.query('select to_regclass($1) is null as missing', [name])
    if (rows[0].missing) await client.query(`create table ${name} partition of ${parent} ${bound}`)
  }
}

async function loadSections(
  client: pg.Client,
  path: string,
  tables: readonly Table[],
  { putFile, putKeys }: RestoreOptions,
): Promise<Omit<Filled, 'epoch'>> {
  const loaded = new Set<string>()
  let [rows, jobs, files, hadKeys] = [0, 0, 0, false]
  const { sections } = await openBackup(path)
  for await (const { head, data } of sections()) {
    if (head.section === 'table') {
      const table = tables.find(({ name }) => name === head.name)
      if (!table || !head.columns)
        throw new BackupError(`The backup holds a table ${head.name} that its migrations don't make.`)
      const foot = await copyIn(client, `${table.name} (${head.columns.join(', ')})`, data)
      await verify(client, { ...table, columns: head.columns }, foot)
      loaded.add(table.name)
      rows += foot.rows ?? 0
    } else if (head.section === 'jobs') jobs = await loadJobs(client, data)
    else if (head.section === 'file' && putFile) {
      await putFile(head.name, data)
      files += 1
    } else if (head.section === 'keys') {
      hadKeys = true
      await putKeys?.(Buffer.concat(await Array.fromAsync(data)))
    }
  }
  const absent = tables.filter(({ name }) => !loaded.has(name)).map(({ name }) => name)
  if (absent.length > 0) throw new BackupError(`The backup lacks the tables ${absent.join(', ')}.`)
  return { tables: loaded.size, rows, jobs, files, hadKeys }
}

async function copyIn(
  client: pg.Client,
  target: string,
  data: AsyncGenerator<Buffer, SectionFoot>,
): Promise<SectionFoot> {
  const stream = client.query(copyFrom(`copy ${target} from stdin`))
  const ended = finished(stream)
  ended.catch(() => {}) // told by the writes below, or by the await at the end
  for (;;) {
    const step = await data.next()
    if (step.done) {
      stream.end()
      await ended
      return step.value
    }
    if (!stream.write(step.value)) await Promise.race([ended, new Promise((resolve) => stream.once('drain', resolve))])
  }
}

/** Reads back what was loaded, in the same order: as many rows with the same sum, or all is undone. */
async function verify(client: pg.Client, table: Table, foot: SectionFoot): Promise<void> {
  const stream = client.query(copyTo(`copy (${selectOf(table)}) to stdout`))
  const hash = createHash('sha256')
  for await (const chunk of stream as AsyncIterable<Buffer>) hash.update(chunk)
  if (stream.rowCount !== foot.rows || hash.digest('hex') !== foot.sha256)
    throw new BackupError(
      `${table.name} holds ${stream.rowCount} rows, and ${foot.rows} with another sum were backed up. Nothing was kept.`,
    )
}

async function loadJobs(client: pg.Client, data: AsyncGenerator<Buffer, SectionFoot>): Promise<number> {
  await client.query(`create temporary table restored_jobs (seq bigint generated always as identity, identifier text, payload text,
    queue_name text, run_at timestamptz, max_attempts integer, key text, priority integer) on commit drop`)
  const columns = 'identifier, payload, queue_name, run_at, max_attempts, key, priority'
  const { rows = 0 } = await copyIn(client, `restored_jobs (${columns})`, data)
  await client.query(`select graphile_worker.add_job(identifier, payload := payload::json, queue_name := queue_name,
      run_at := run_at, max_attempts := max_attempts, job_key := key, priority := priority)
    from (select * from restored_jobs order by seq) j`)
  return rows
}

/** Positions that anyone holds from before are void; readers in the database have theirs in the new counting. */
async function beginEpoch(client: pg.Client, header: BackupHeader, now: Date): Promise<number> {
  const epoch = header.epoch + 1
  await client.query('insert into epochs (epoch, started_at, reason) values ($1, $2, $3)', [
    epoch,
    now,
    `restored from the backup of ${header.createdAt}`,
  ])
  await client.query('update event_cursors set epoch = $1', [epoch])
  return epoch
}
