// Finds the command and runs it. Each one is a file in commands/, read only when it is called.
import { readdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

/** What a file in commands/ exports. */
export interface Command {
  /** The rest of the line in the list of commands: arguments, then what it does. */
  readonly summary: string
  /** Does the work and answers the exit code. */
  run(args: string[]): Promise<number>
}

// Much of what starting takes is reading the program's own text: what came of it is kept beside the packages, where nobody else writes.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/rapport', import.meta.url)))

const folder = new URL('commands/', import.meta.url)

async function load(name: string): Promise<Command> {
  return (await import(new URL(`${name}.ts`, folder).href)) as Command
}

function commandNames(): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  return files.map((file) => file.slice(0, -3)).toSorted()
}

async function usage(): Promise<string> {
  const lines = await Promise.all(commandNames().map(async (name) => `  rapport ${name} ${(await load(name)).summary}`))
  return ['Usage: rapport COMMAND [arguments]', '', ...lines].join('\n')
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name !== undefined && commandNames().includes(name)) return (await load(name)).run(args)
  const asked = name === undefined || ['help', '--help', '-h'].includes(name)
  if (!asked) console.error(`There is no command ${name}.\n`)
  console[asked ? 'log' : 'error'](await usage())
  return asked ? 0 : 2
}

/** When the launcher is killed it can't pass the news on; its end of the channel closes, and we end in good order. */
function endWithLauncher(): void {
  if (process.channel === undefined || process.channel === null) return
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}

/** Errors whose message is all that the person at the command line needs; any other is a fault of ours and shows its way. */
const FOR_PEOPLE: ReadonlySet<string> = new Set([
  'BackupError',
  'CommandError',
  'ConfigError',
  'EmbeddedDatabaseError',
  'KeyringError',
  'MigrationError',
  'UsageError',
])

endWithLauncher()
try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const { name, message } = error as Error
  console.error(FOR_PEOPLE.has(name) ? message : error)
  process.exitCode = name === 'UsageError' ? 2 : 1
}
