import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfig } from '#platform/config'
import { createLog } from '#platform/log'
import { backUpBeforeMigration } from '../program/backup.ts'
import { buildPages } from '../program/build-pages.ts'
import { startProgram } from '../program/program.ts'
import { prepareDemo } from '../sample/demo.ts'

export const summary = '[--demo]: starts everything and serves; --demo on its own data folder with a sample workspace'

const root = fileURLToPath(new URL('../../', import.meta.url))

export async function run(args: string[]): Promise<number> {
  const isDemo = args.includes('--demo')
  const env = isDemo ? { ...process.env, DATA_DIR: process.env['DATA_DIR'] ?? join(root, 'data-demo') } : process.env
  const config = readConfig(env)
  const log = createLog(config)
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  if (!existsSync(config.dataDir)) await mkdir(config.dataDir, { recursive: true })
  await buildPages(root, (line) => console.log(line))
  const stop = new Promise<void>((resolve) => {
    // Both may come, and twice: from the terminal and from the launcher.
    process.on('SIGINT', () => resolve())
    process.on('SIGTERM', () => resolve())
  })
  const demo = isDemo ? await prepareDemo(config.dataDir, (line) => console.log(line)) : null
  const program = await startProgram({
    config: demo?.configure(config) ?? config,
    log,
    version,
    ...(demo && { extend: demo.extend, allowPrivate: demo.allowPrivate }),
    beforeMigration: backUpBeforeMigration(config, log, version),
  })
  if (program.setupLink) console.log(`\nThis installation is new. Claim it here, once:\n  ${program.setupLink}\n`)
  if (demo) console.log(`\n${await demo.welcome(program.url)}\n`)
  console.log(`Rapport is ready at ${program.url}`)
  await stop
  await program[Symbol.asyncDispose]()
  return 0
}
