import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { EmbeddedDatabaseError } from './embedded-error.ts'

/** The system user that runs the server; null stands for the one who runs this program. */
export type DatabaseUser = { readonly uid: number; readonly gid: number; readonly name: string } | null

const ownUser = 'rapport-postgres'

/**
 * PostgreSQL refuses to run as root, so root lends it another user: `postgres` where the machine has one, or
 * one of our own, which is made when it is missing. `initdb` wants a user with a name, so a bare number
 * won't do. `nobody` is the last resort, for machines whose list of users can't be written.
 */
export async function databaseUser(log: (line: string) => void): Promise<DatabaseUser> {
  if (process.getuid?.() !== 0) return null
  const known = (await lookUp('postgres')) ?? (await lookUp(ownUser))
  if (known !== null) return known
  const made = await makeUser()
  if (made !== null) {
    log(`made the system user ${ownUser}, because PostgreSQL refuses to run as root`)
    return made
  }
  const nobody = await lookUp('nobody')
  if (nobody !== null && nobody.uid !== 0) {
    log('no system user could be made for PostgreSQL, which refuses to run as root; it runs as nobody')
    return nobody
  }
  throw new EmbeddedDatabaseError(
    'user',
    `PostgreSQL refuses to run as root, and no other user could be made for it. Run \`useradd --system ${ownUser}\`, or start Rapport as an ordinary user.`,
  )
}

/** Options for `spawn` that run a program as that user, in a folder that everybody can enter. */
export function spawnAs(user: DatabaseUser): { cwd: string; uid?: number; gid?: number; env: NodeJS.ProcessEnv } {
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
  return user === null ? { cwd: '/', env } : { cwd: '/', env, uid: user.uid, gid: user.gid }
}

/** Whether the server's user can enter a folder, found by letting that user try it. */
export async function canEnter(user: DatabaseUser, path: string): Promise<boolean> {
  return runs(user, '/bin/sh', ['-c', 'cd "$1"', 'sh', path])
}

/** Whether a program starts and ends well as that user. */
export async function runs(user: DatabaseUser, program: string, args: string[]): Promise<boolean> {
  try {
    await promisify(execFile)(program, args, spawnAs(user))
    return true
  } catch {
    return false
  }
}

async function lookUp(name: string): Promise<DatabaseUser> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await promisify(execFile)('id', [flag, name])).stdout)),
    )
    return Number.isInteger(uid) && Number.isInteger(gid) ? { uid: uid!, gid: gid!, name } : null
  } catch {
    return null
  }
}

async function makeUser(): Promise<DatabaseUser> {
  const run = promisify(execFile)
  const nologin = '/usr/sbin/nologin'
  // Debian and its relatives have useradd; BusyBox has only adduser, with flags of its own.
  await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    nologin,
    ownUser,
  ]).catch(() => run('adduser', ['-S', '-D', '-H', '-s', '/sbin/nologin', ownUser]).catch(() => undefined))
  return lookUp(ownUser)
}
