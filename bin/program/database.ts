// The database of this run: the embedded one, watched and brought back when it dies, or the one that DATABASE_URL names;
// migrated, with the keys that open what is sealed in it, and the role as which the program signs in.
import type { Logger } from 'pino'
import pg from 'pg'
import type { Config } from '#platform/config'
import { startEmbedded, type EmbeddedDatabase } from '#platform/db/embedded'
import { migrate } from '#platform/db/migrate'
import { ensureLoginRole } from '#platform/db/roles'
import { derive, type Keyring } from '#platform/crypto'
import { openKeyring, type RootStore } from '#platform/keyring'
import { followKeyring } from './live-keyring.ts'

export interface ProgramDatabase extends AsyncDisposable {
  readonly ownerUrl: string
  /** As whom the program's pools sign in. */
  readonly loginUrl: string
  readonly keyring: Keyring
}

export interface DatabaseOptions {
  readonly config: Config
  readonly log: Logger
  readonly now: Date
  readonly beforeMigration?: (ownerUrl: string, pending: readonly string[]) => Promise<void>
}

export async function openProgramDatabase({
  config,
  log,
  now,
  beforeMigration,
}: DatabaseOptions): Promise<ProgramDatabase> {
  const watched = config.databaseUrl === null ? await watchEmbedded(config.dataDir, log) : null
  const ownerUrl = config.databaseUrl ?? watched!.ownerUrl
  try {
    const { applied } = await migrate(ownerUrl, {
      now,
      ...(beforeMigration && { beforeChange: (pending) => beforeMigration(ownerUrl, pending) }),
    })
    if (applied.length > 0) log.info({ applied }, 'the database was migrated')
    const openKeys = (owner: pg.Client): Promise<Keyring> =>
      openKeyring({ secretKey: config.secretKey ?? undefined, directory: config.dataDir, rootStore: rootIn(owner) })
    const { first, loginUrl } = await asOwner(ownerUrl, async (owner) => {
      const keys = await openKeys(owner)
      // The same on every node that shares the secret key.
      const password = derive(keys, 'database login', 24).toString('base64url')
      return { first: keys, loginUrl: await ensureLoginRole(owner, ownerUrl, password) }
    })
    const onError = (error: unknown): void =>
      log.error({ err: error }, 'the keyring changed and could not be read anew')
    const live = followKeyring(first, config.dataDir, () => asOwner(ownerUrl, openKeys), onError)
    return {
      ownerUrl,
      loginUrl,
      keyring: live.keyring,
      [Symbol.asyncDispose]: async () => {
        live[Symbol.dispose]()
        await watched?.stop()
      },
    }
  } catch (error) {
    await watched?.stop()
    throw error
  }
}

async function asOwner<T>(ownerUrl: string, work: (owner: pg.Client) => Promise<T>): Promise<T> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  return work(owner).finally(() => owner.end())
}

/** The root of derived keys lives in the database, so that nodes agree and a backup holds it (sealed). */
export function rootIn(owner: pg.Client): RootStore {
  return {
    load: async () => (await owner.query('select sealed from keyring_root')).rows[0]?.sealed ?? null,
    create: async (sealed) => {
      await owner.query('insert into keyring_root (sealed) values ($1) on conflict do nothing', [sealed])
      return (await owner.query('select sealed from keyring_root')).rows[0].sealed
    },
    replace: async (sealed) => void (await owner.query('update keyring_root set sealed = $1', [sealed])),
  }
}

interface Watched {
  readonly ownerUrl: string
  stop(): Promise<void>
}

/** Starts the embedded database and starts it again, on its port, whenever it ends by itself. */
async function watchEmbedded(directory: string, log: Logger): Promise<Watched> {
  const say = (line: string): void => log.info({ part: 'database' }, line)
  const first = await startEmbedded({ directory, log: say })
  const { port } = first
  let current: EmbeddedDatabase = first
  let stopping = false
  let restart: Promise<EmbeddedDatabase> | null = null

  const watch = async (): Promise<void> => {
    while (!stopping) {
      await current.ended
      if (stopping) return
      log.error('the database ended by itself and is started again')
      for (let wait = 200; !stopping; wait = Math.min(wait * 2, 10_000)) {
        try {
          restart = startEmbedded({ directory, log: say, port })
          current = await restart
          break
        } catch (error) {
          log.error({ err: error }, 'the database could not be started again yet')
          await new Promise((resolve) => setTimeout(resolve, wait))
        }
      }
    }
  }
  void watch()
  return {
    ownerUrl: first.ownerUrl,
    stop: async () => {
      stopping = true
      // One that is just coming back is waited for: left alone, its server would outlive us.
      const latest = await restart?.catch(() => null)
      await (latest ?? current).stop()
    },
  }
}
