// One consistent picture of the whole database in one file, taken while the program works on: every table in one snapshot, the
// jobs that wait, and the files that the rows refer to.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { readCatalog, selectOf, type Catalog, type Table } from './catalog.ts'
import { BackupError, createBackup, type SectionFoot } from './container.ts'
import { CURSOR_SEQ, CURSOR_XID, EVENT_XID } from './positions.ts'

export interface BackupHeader {
  readonly rapport: 'backup'
  readonly version: 1
  readonly createdAt: string
  readonly program: string
  readonly postgres: string
  readonly migrations: readonly { readonly name: string; readonly sha256: string }[]
  readonly epoch: number
  readonly partitions: Catalog['partitions']
  readonly sequences: Catalog['sequences']
}

export interface BackupOptions {
  readonly now: Date
  /** The version of the program, for people. */
  readonly program: string
  /** Opens a stored file by its hash; null leaves files out. */
  readonly openFile: ((sha256: string) => Promise<AsyncIterable<Uint8Array> | null>) | null
  /** The data folder whose keyring.json goes along; null leaves it out, as it should be. */
  readonly keysOf?: string | null
}

export interface BackupReport {
  readonly tables: number
  readonly rows: number
  readonly jobs: number
  readonly files: number
  /** Files that rows refer to and the store does not have. */
  readonly missing: readonly string[]
}

/** How some columns are written: see positions.ts. */
const REWRITTEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'public.events': { xid: EVENT_XID },
  'public.event_cursors': { xid: CURSOR_XID, seq: CURSOR_SEQ },
}

// The tables of the job library are its own affair and change with its versions; what waits is taken out in words and is
// put in again through its front door.
const JOBS = `select t.identifier, j.payload::text as payload, q.queue_name, j.run_at, j.max_attempts, j.key, j.priority
  from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
  left join graphile_worker._private_job_queues q on q.id = j.job_queue_id
  where j.attempts < j.max_attempts order by j.id`

/** Writes the database of `ownerUrl` to `path`. Throws BackupError; what was begun is removed then. */
export async function writeBackup(ownerUrl: string, path: string, options: BackupOptions): Promise<BackupReport> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'rapport backup' })
  client.on('error', () => {}) // the statement under way tells
  await client.connect()
  try {
    await client.query(`begin isolation level repeatable read, read only; set local idle_in_transaction_session_timeout = 0;
      set local statement_timeout = 0; set local timezone = 'UTC'; set local datestyle = 'ISO'; set local extra_float_digits = 3`)
    const catalog = await readCatalog(client)
    const writer = await createBackup(path, { ...(await headerOf(client, catalog, options)) })
    try {
      const report = await writeAll(client, catalog, writer, options)
      await writer.finish()
      return report
    } catch (error) {
      await writer.abandon()
      throw error
    }
  } finally {
    await client.end()
  }
}

async function headerOf(client: pg.Client, catalog: Catalog, { now, program }: BackupOptions): Promise<BackupHeader> {
  const migrated = await client.query("select to_regclass('public.migrations') is not null as yes")
  if (!migrated.rows[0].yes) throw new BackupError('There is no Rapport in this database yet: nothing to back up.')
  const migrations = await client.query('select name, sha256 from migrations order by name')
  const epoch = await client.query('select max(epoch) as epoch from epochs')
  const server = await client.query('show server_version')
  return {
    rapport: 'backup',
    version: 1,
    createdAt: now.toISOString(),
    program,
    postgres: server.rows[0].server_version,
    migrations: migrations.rows,
    epoch: epoch.rows[0].epoch,
    partitions: catalog.partitions,
    sequences: catalog.sequences,
  }
}

async function writeAll(
  client: pg.Client,
  { tables }: Catalog,
  writer: Awaited<ReturnType<typeof createBackup>>,
  { openFile, keysOf }: BackupOptions,
): Promise<BackupReport> {
  const copy = async (head: Parameters<typeof writer.section>[0], select: string): Promise<SectionFoot> => {
    const stream = client.query(copyTo(`copy (${select}) to stdout`))
    return writer.section(head, stream as AsyncIterable<Buffer>, () => stream.rowCount)
  }
  let rows = 0
  for (const table of tables) {
    const head = { section: 'table' as const, name: table.name, columns: table.columns }
    rows += (await copy(head, selectOf(table, REWRITTEN[table.name]))).rows ?? 0
  }
  const jobs = await copy({ section: 'jobs', name: 'jobs' }, JOBS)
  const wanted = openFile ? await filesOf(client, tables) : []
  await client.query('commit')
  const missing: string[] = []
  for (const sha256 of wanted) {
    const file = await openFile!(sha256)
    if (file === null) missing.push(sha256)
    else await writer.section({ section: 'file', name: sha256 }, file)
  }
  if (keysOf)
    await writer.section({ section: 'keys', name: 'keyring.json' }, [await readFile(join(keysOf, 'keyring.json'))])
  return { tables: tables.length, rows, jobs: jobs.rows ?? 0, files: wanted.length - missing.length, missing }
}

/** Whatever a column called sha256 names is a file of the store. */
async function filesOf(client: pg.Client, tables: readonly Table[]): Promise<string[]> {
  const selects = tables
    .filter(({ columns }) => columns.includes('sha256'))
    .map(({ name }) => `select sha256 from ${name} where sha256 is not null`)
  if (selects.length === 0) return []
  const { rows } = await client.query<{ sha256: string }>(`${selects.join(' union ')} order by 1`)
  return rows.map(({ sha256 }) => sha256)
}
