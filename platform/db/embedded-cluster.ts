import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { EmbeddedDatabaseError } from './embedded-error.ts'
import { removeUnfinished } from './embedded-place.ts'
import type { DatabasePrograms } from './embedded-programs.ts'
import { spawnAs, type DatabaseUser } from './embedded-user.ts'

const passwordFile = 'rapport-password'

/** The superuser of the embedded database. */
const ownerName = 'postgres'
/** The database that Rapport lives in. */
export const databaseName = 'rapport'

/**
 * Makes an empty cluster. It is built under another name and renamed at the end, so that a cluster is either
 * whole, with its password inside, or not there. The password is never in a file that others can read.
 */
export async function createCluster(cluster: string, programs: DatabasePrograms, user: DatabaseUser): Promise<void> {
  await removeUnfinished(cluster)
  const fresh = `${cluster}.new-${randomBytes(4).toString('hex')}`
  const password = `${fresh}.password`
  try {
    await mkdir(fresh, { mode: 0o700 })
    await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx', flush: true })
    if (user !== null) await Promise.all([fresh, password].map((path) => chown(path, user.uid, user.gid)))
    await promisify(execFile)(
      programs.initdb,
      [
        `--pgdata=${fresh}`,
        `--username=${ownerName}`,
        `--pwfile=${password}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        '--data-checksums',
        '--no-instructions',
      ],
      spawnAs(user),
    )
    await rename(password, join(fresh, passwordFile))
    await chmod(join(fresh, passwordFile), 0o600)
    await rename(fresh, cluster)
  } catch (cause) {
    await Promise.all([fresh, password].map((path) => rm(path, { recursive: true, force: true })))
    const words = (cause as { stderr?: string }).stderr?.trim() || (cause as Error).message
    throw new EmbeddedDatabaseError('start', `PostgreSQL could not make a database in ${cluster}: ${words}`, { cause })
  }
}

/** The address of a running cluster's database, with the owner's password in it: never to be logged. */
export async function ownerUrl(cluster: string, port: number): Promise<string> {
  const password = (await readFile(join(cluster, passwordFile), 'utf8')).trim()
  return `postgres://${ownerName}:${password}@127.0.0.1:${port}/${databaseName}`
}
