import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedDatabaseError } from './embedded-error.ts'
import { processStart } from './embedded-processes.ts'

/** The right to use a data folder, for as long as this program lives. */
export interface DirectoryLock {
  release(): Promise<void>
}

/**
 * Takes the data folder for this program alone. Each program puts a file with its own process number and
 * start time into `lock/` and then looks for others; nobody ever takes over another's file, so there is
 * nothing to race for. Two that start in the same instant may both step back, never both go on. A file whose
 * process is gone (or whose number now belongs to a later process) is removed by whoever meets it.
 */
export async function holdDirectory(directory: string): Promise<DirectoryLock> {
  const folder = join(directory, 'lock')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const own = `${process.pid}-${await processStart(process.pid)}`
  const path = join(folder, own)
  try {
    await writeFile(path, 'held while Rapport runs on this data folder\n', { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw inUse(directory, process.pid)
    throw error
  }
  for (const name of await readdir(folder)) {
    if (name === own) continue
    const pid = Number.parseInt(name, 10)
    if (name === `${pid}-${await processStart(pid)}`) {
      await rm(path, { force: true })
      throw inUse(directory, pid)
    }
    await rm(join(folder, name), { force: true })
  }
  return { release: () => rm(path, { force: true }) }
}

function inUse(directory: string, pid: number): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    'in_use',
    `The data folder ${directory} is in use by process ${pid}. Stop that one first, or set DATA_DIR to another folder.`,
  )
}
