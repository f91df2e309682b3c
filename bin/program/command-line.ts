// What the commands share: words for wrong arguments, and the database whether the program runs or not.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import pg from 'pg'
import { readConfig, type Config } from '#platform/config'
import { derive, type Keyring } from '#platform/crypto'
import { openDatabase, type Database } from '#platform/db/database'
import { readEmbeddedUrl, startEmbedded } from '#platform/db/embedded'
import { ensureLoginRole } from '#platform/db/roles'
import { openKeyring } from '#platform/keyring'
import { rootIn } from './database.ts'

/** The command was not called as it can be; the message says how. Ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The command can't do its work; the message is for the person who called it. Ends with exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** Options and arguments as described, or a UsageError that ends with `usage`. */
export function readArguments<T extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: T,
  usage: string,
) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. To specify', 1)[0]}\nUsage: rapport ${usage}`)
  }
}

export async function programVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

export interface OwnedDatabase {
  readonly config: Config
  readonly ownerUrl: string
  /** Whether the program (or somebody's own server) serves it now; else it was started for this command. */
  readonly running: boolean
}

/**
 * Does `work` as owner of the installation's database: the one of DATABASE_URL, the embedded one of the program that
 * runs, or, when none does, the embedded one started for the moment.
 */
export async function withOwner<T>(config: Config, work: (database: OwnedDatabase) => Promise<T>): Promise<T> {
  if (config.databaseUrl !== null) return work({ config, ownerUrl: config.databaseUrl, running: true })
  const served = await readEmbeddedUrl(config.dataDir)
  if (served !== null) return work({ config, ownerUrl: served, running: true })
  await using started = await startEmbedded({ directory: config.dataDir })
  return await work({ config, ownerUrl: started.ownerUrl, running: false })
}

/** Refuses where nothing was ever set up, so that no command makes an installation by mistake. */
export function requireInstallation(config: Config): void {
  if (config.databaseUrl === null && !existsSync(config.dataDir))
    throw new CommandError(
      `There is no installation in ${config.dataDir}. Set DATA_DIR to yours, or run npm start first.`,
    )
}

export async function ownerClient(ownerUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'rapport command' })
  client.on('error', () => {})
  await client.connect()
  return client
}

export async function requireMigrated(client: pg.Client): Promise<void> {
  const { rows } = await client.query("select to_regclass('public.workspaces') is not null as yes")
  if (!rows[0].yes)
    throw new CommandError('There is no Rapport in this database yet. Run npm start, or npx rapport migrate, first.')
}

export interface Opened {
  readonly config: Config
  readonly db: Database
  readonly owner: pg.Client
  readonly keyring: Keyring
}

/** Does `work` on the installation as the program itself would: behind the roles, with the keys. */
export async function withInstallation<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
  const config = readConfig(process.env)
  requireInstallation(config)
  return withOwner(config, async ({ ownerUrl }) => {
    const owner = await ownerClient(ownerUrl)
    try {
      await requireMigrated(owner)
      const keyring = await openKeyring({
        secretKey: config.secretKey ?? undefined,
        directory: config.dataDir,
        rootStore: rootIn(owner),
      })
      const url = await ensureLoginRole(owner, ownerUrl, derive(keyring, 'database login', 24).toString('base64url'))
      await using db = openDatabase({ url, size: 2 })
      return await work({ config, db, owner, keyring })
    } finally {
      await owner.end()
    }
  })
}
