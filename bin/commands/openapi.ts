import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '#platform/config'
import { createLog } from '#platform/log'
import { programVersion, readArguments, UsageError } from '../program/command-line.ts'
import { startProgram } from '../program/program.ts'

const usage = 'openapi [FILE]'
export const summary = '[FILE]: prints the description of the HTTP interface, or writes it to FILE'

/**
 * Asks the program itself, put together as it always is, on a data folder that is thrown away: what is described is what
 * is served. Takes some seconds.
 */
export async function run(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {}, usage)
  if (positionals.length > 1) throw new UsageError(`Name one file at most.\nUsage: rapport ${usage}`)
  const directory = await mkdtemp(join(tmpdir(), 'rapport-openapi-'))
  try {
    // As root the database runs as another user, who must be able to pass.
    await chmod(directory, 0o711)
    const config = readConfig({ DATA_DIR: directory, PORT: '0', ROLE: 'web', LOG_LEVEL: 'silent' })
    await using program = await startProgram({ config, log: createLog(config), version: await programVersion() })
    const { body } = await program.app.inject({ url: '/api/openapi.json' })
    const text = `${JSON.stringify(JSON.parse(body), null, 2)}\n`
    if (positionals[0] === undefined) process.stdout.write(text)
    else await writeFile(positionals[0], text)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
  return 0
}
