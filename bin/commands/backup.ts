import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readConfig } from '#platform/config'
import { systemClock } from '#platform/clock'
import { backUp } from '../program/backup.ts'
import {
  CommandError,
  programVersion,
  readArguments,
  requireInstallation,
  UsageError,
  withOwner,
} from '../program/command-line.ts'

const usage = 'backup FILE [--no-files] [--with-key]'
export const summary = `${usage.slice('backup '.length)}: writes everything to one file, also while the program runs`

export async function run(args: string[]): Promise<number> {
  const options = { 'no-files': { type: 'boolean' }, 'with-key': { type: 'boolean' } } as const
  const { values, positionals } = readArguments(args, options, usage)
  if (positionals.length !== 1) throw new UsageError(`Name one file to write.\nUsage: rapport ${usage}`)
  const path = resolve(positionals[0]!)
  const config = readConfig(process.env)
  requireInstallation(config)
  if (existsSync(path)) throw new CommandError(`${path} is there already; a backup never overwrites anything.`)
  const withKey = values['with-key'] ?? false
  if (withKey && config.secretKey !== null)
    throw new CommandError(
      'The keys of this installation stand in SECRET_KEY, which no backup holds. Leave --with-key out and keep the setting.',
    )
  const wishes = {
    now: systemClock.now(),
    version: await programVersion(),
    withFiles: !(values['no-files'] ?? false),
    withKey,
  }
  const report = await withOwner(config, ({ ownerUrl }) => backUp(ownerUrl, config, path, wishes))
  const size = ((await stat(path)).size / 1e6).toFixed(1)
  console.log(
    `Wrote ${path} (${size} MB): ${report.tables} tables with ${report.rows} rows, ${report.jobs} jobs, ${report.files} files.`,
  )
  if (report.missing.length > 0)
    console.log(
      `${report.missing.length} files that rows refer to were not in the store: ${report.missing.slice(0, 3).join(', ')}`,
    )
  if (!wishes.withFiles) console.log(`The files in ${config.dataDir}/files are not in it: copy them too.`)
  console.log(
    withKey
      ? 'WARNING: this file holds the key that opens every stored secret. Whoever has the file has the secrets. Keep it as you keep passwords.'
      : `The key that opens stored secrets is not in it. Keep ${config.secretKey === null ? `${config.dataDir}/keyring.json` : 'the setting SECRET_KEY'} too, in another place: without it the secrets of connections are lost.`,
  )
  return 0
}
