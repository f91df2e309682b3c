import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readConfig, type Config } from '#platform/config'
import { systemClock } from '#platform/clock'
import { readEmbeddedUrl } from '#platform/db/embedded'
import { checkBackup, type RestoreReport } from '#platform/db/backup/restore'
import { restore } from '../program/backup.ts'
import { CommandError, readArguments, UsageError, withOwner } from '../program/command-line.ts'

const usage = 'restore FILE [--into DATA_DIR]'
export const summary = `${usage.slice('restore '.length)}: puts a backup into an empty installation`

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { into: { type: 'string' } }, usage)
  if (positionals.length !== 1) throw new UsageError(`Name the backup to restore.\nUsage: rapport ${usage}`)
  const path = resolve(positionals[0]!)
  const env = readConfig(process.env)
  if (values.into !== undefined && env.databaseUrl !== null)
    throw new UsageError(
      '--into names a folder for the embedded database, and DATABASE_URL names another one. Unset one of them.',
    )
  const config: Config = values.into === undefined ? env : { ...env, dataDir: resolve(values.into) }
  // Before anything is made: a damaged file leaves no trace.
  await checkBackup(path)
  if (config.databaseUrl === null && (await readEmbeddedUrl(config.dataDir)) !== null)
    throw new CommandError(`Rapport runs on ${config.dataDir}. Stop it, or restore beside it with --into NEW_FOLDER.`)
  const wasEmpty = !existsSync(config.dataDir) || (await readdir(config.dataDir)).length === 0
  await mkdir(config.dataDir, { recursive: true })
  try {
    const report = await withOwner(config, ({ ownerUrl }) => restore(ownerUrl, config, path, systemClock.now()))
    tell(report, config, values.into !== undefined)
    return 0
  } catch (error) {
    if (wasEmpty)
      for (const name of await readdir(config.dataDir))
        await rm(join(config.dataDir, name), { recursive: true, force: true })
    throw error
  }
}

function tell(
  { header, tables, rows, jobs, files, hadKeys, migrated }: RestoreReport,
  config: Config,
  into: boolean,
): void {
  const keyFile = join(config.dataDir, 'keyring.json')
  const hasKeys = hadKeys || config.secretKey !== null || existsSync(keyFile)
  const steps = [
    ...(hasKeys
      ? []
      : [
          `Put keyring.json of the old installation at ${keyFile} (mode 0600), or set SECRET_KEY: it is not in this backup, and without it the stored secrets do not open.`,
        ]),
    ...(files === 0 ? [`If the backup was taken without files, copy them to ${join(config.dataDir, 'files')}.`] : []),
    `Make sure that the old installation does not run any more: two would both answer customers.`,
    `Start it: ${into ? `DATA_DIR=${config.dataDir} ` : ''}npm start. Everybody signs in anew.`,
    'Look through the answers marked as unknown: they were on their way when the backup was taken. Decide for each whether it arrived.',
    'Then let answers leave again, in the settings of each workspace. Until then nothing is sent.',
  ]
  console.log(
    `Restored the backup of ${header.createdAt}: ${tables} tables with ${rows} rows, ${jobs} jobs, ${files} files; counts and sums agree.`,
  )
  if (migrated.length > 0) console.log(`Then migrated on: ${migrated.join(', ')}.`)
  console.log(`\nNext:\n${steps.map((step, index) => `  ${index + 1}. ${step}`).join('\n')}`)
}
