import { readConfig } from '#platform/config'
import { systemClock } from '#platform/clock'
import { migrate } from '#platform/db/migrate'
import { createLog } from '#platform/log'
import { backUpBeforeMigration } from '../program/backup.ts'
import { programVersion, readArguments, UsageError, withOwner } from '../program/command-line.ts'

export const summary = ': brings the database to the newest state, backed up before; npm start does the same'

export async function run(args: string[]): Promise<number> {
  if (readArguments(args, {}, 'migrate').positionals.length > 0) throw new UsageError('migrate takes no arguments.')
  const config = readConfig(process.env)
  const save = backUpBeforeMigration(config, createLog(config), await programVersion())
  const { applied } = await withOwner(config, ({ ownerUrl }) =>
    migrate(ownerUrl, { now: systemClock.now(), beforeChange: (pending) => save(ownerUrl, pending) }),
  )
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`)
  return 0
}
