// Backup and restore of this product: what platform/db/backup carries, with the files, and what has to be made safe in a copy
// of the past before the program works on it.
import { mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import type { Logger } from 'pino'
import type { Config } from '#platform/config'
import { writeBackup, type BackupReport } from '#platform/db/backup/backup'
import { BackupError } from '#platform/db/backup/container'
import { restoreBackup, type RestoreReport } from '#platform/db/backup/restore'
import { openFileStore } from '#platform/files/store'

export interface BackupWishes {
  readonly now: Date
  readonly version: string
  readonly withFiles: boolean
  readonly withKey: boolean
}

const filesIn = (dataDir: string) => openFileStore({ directory: join(dataDir, 'files') })

/** Writes everything to `path`, while the program works on or not. */
export async function backUp(
  ownerUrl: string,
  config: Pick<Config, 'dataDir'>,
  path: string,
  { now, version, withFiles, withKey }: BackupWishes,
): Promise<BackupReport> {
  const files = withFiles ? await filesIn(config.dataDir) : null
  return writeBackup(ownerUrl, path, {
    now,
    program: version,
    openFile: files && ((sha256) => files.get(sha256)),
    keysOf: withKey ? config.dataDir : null,
  })
}

const KEPT = 5

/** The hook that saves a database which has something to lose, before its tables are changed. The newest five are kept. */
export function backUpBeforeMigration(config: Pick<Config, 'dataDir'>, log: Logger, version: string) {
  return async (ownerUrl: string, pending: readonly string[]): Promise<void> => {
    const folder = join(config.dataDir, 'backups')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const now = new Date()
    const name = `before-${pending[0]}-${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}.rapport`
    // Files are never changed by a migration.
    const report = await backUp(ownerUrl, config, join(folder, name), {
      now,
      version,
      withFiles: false,
      withKey: false,
    })
    log.info({ file: join(folder, name), rows: report.rows, pending }, 'backed up before migrating')
    await keepNewest(folder)
  }
}

async function keepNewest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^before-.*\.rapport$/.test(name))
  const byTime = names.toSorted((a, b) => stampOf(a).localeCompare(stampOf(b)))
  for (const name of byTime.slice(0, -KEPT)) await rm(join(folder, name))
}

const stampOf = (name: string): string => name.slice(name.lastIndexOf('-') + 1)

/** Restores `path` into an empty database, the files beside it, and makes safe what must not go on by itself. */
export async function restore(
  ownerUrl: string,
  config: Pick<Config, 'dataDir'>,
  path: string,
  now: Date,
): Promise<RestoreReport> {
  const files = await filesIn(config.dataDir)
  return restoreBackup(ownerUrl, path, {
    now,
    putFile: async (sha256, data) => {
      const put = await files.put(data, { maxBytes: Number.MAX_SAFE_INTEGER })
      if (put.ok && put.sha256 !== sha256) throw new BackupError(`The file ${sha256} in the backup is another one.`)
    },
    putKeys: (content) => keepKeys(config.dataDir, content),
    finish: (client, header) => makeSafe(client, now, header.createdAt),
  })
}

/** Keys that are there already stay: they may belong to something else. */
async function keepKeys(dataDir: string, content: Buffer): Promise<void> {
  const path = join(dataDir, 'keyring.json')
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(content).finally(() => file.close())
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new BackupError(`${path} is there already, and the backup brings keys of its own. Move one of them away.`)
  }
}

/**
 * The copy does not know what happened after it was taken: answers may have been sent, log-ins ended. So nothing leaves
 * until a person says so, whatever was on its way is in doubt, and everybody signs in anew.
 */
async function makeSafe(client: pg.Client, now: Date, takenAt: string): Promise<void> {
  const reason = `Restored from the backup of ${takenAt.slice(0, 16).replace('T', ' ')} UTC.`
  await client.query('delete from auth.session')
  await client.query('delete from auth.verification')
  await client.query('update workspaces set outbound_paused_reason = $1', [
    `${reason} Look through what is marked as unknown, then let answers leave again.`,
  ])
  // In the log of every workspace, as the program's own act: whoever reads it sees where the past was put back.
  await client.query(
    `insert into events (workspace_id, at, type, actor_kind, subject_id, data, visibility)
     select id, $1, 'workspaces.restored', 'program', id, jsonb_build_object('takenAt', $2::text),
       '{"permission": null, "memberId": null}' from workspaces`,
    [now, takenAt],
  )
  const doubt = `${reason} It was on its way when the backup was taken, and may have arrived.`
  const { rows } = await client.query<{ workspace_id: string; conversation_id: string }>(
    `update messages m set state = 'unknown', state_reason = $1, state_at = $2 from outbound o
     where o.workspace_id = m.workspace_id and o.message_id = m.id and o.state <> 'settled' and m.state in ('held', 'queued', 'sending')
     returning m.workspace_id, m.conversation_id`,
    [doubt, now],
  )
  await client.query(
    `update conversations c set failed_count = c.failed_count + n.count
     from (select w, i, count(*)::int as count from unnest($1::uuid[], $2::uuid[]) as u (w, i) group by w, i) n
     where c.workspace_id = n.w and c.id = n.i`,
    [rows.map((row) => row.workspace_id), rows.map((row) => row.conversation_id)],
  )
  // Where its name on the platform is known, the platform is asked once outbound goes on; else a person decides.
  await client.query(
    `update outbound set state = 'unknown', attempts = 0,
       next_at = case when platform_identity is null then 'infinity' else $1::timestamptz end where state <> 'settled'`,
    [now],
  )
}
