// `npm run drill -- [NAME …] [--rounds N] [--smoke]`: breaks a real installation on purpose and counts what is left.
import { parseArgs } from 'node:util'
import { burst } from './burst.ts'
import type { Line } from './count.ts'
import { diskFull } from './disk-full.ts'
import { duplicates, malformed, slowReader } from './flood.ts'
import { clockJump, databaseAway, killDatabase, killProgram } from './kill.ts'
import { killMail, mailDoubt } from './mail.ts'
import { networks } from './networks.ts'
import { twoNodes } from './nodes.ts'
import { poll } from './poll.ts'
import { restore } from './restore.ts'

export interface Drill {
  readonly summary: string
  /** How often, by default and in the suite. */
  readonly rounds: number
  readonly smoke: number
  /** The lines of its count; a sentence when it can't be run here. */
  readonly run: (how: {
    readonly rounds: number
    readonly say: (line: string) => void
  }) => Promise<readonly Line[] | string>
}

const drills: Readonly<Record<string, Drill>> = {
  'kill-program': killProgram,
  'kill-database': killDatabase,
  'database-away': databaseAway,
  'disk-full': diskFull,
  'clock-jump': clockJump,
  'two-nodes': twoNodes,
  'slow-reader': slowReader,
  burst,
  malformed,
  duplicates,
  restore,
  poll,
  'kill-mail': killMail,
  'mail-doubt': mailDoubt,
  networks,
}

/** What the suite runs, shortly, on every change; the others take minutes and are run by hand. */
const inTheSuite = ['kill-program', 'kill-database', 'duplicates', 'restore', 'poll', 'kill-mail', 'mail-doubt']

async function main(args: string[]): Promise<number> {
  const options = { rounds: { type: 'string' }, smoke: { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const unknown = positionals.filter((name) => drills[name] === undefined)
  const rounds = values.rounds === undefined ? null : Number(values.rounds)
  if (unknown.length > 0 || (rounds !== null && !(Number.isInteger(rounds) && rounds > 0))) {
    console.error(unknown.length > 0 ? `There is no drill ${unknown.join(', ')}.` : '--rounds is a whole number.')
    for (const [name, { summary }] of Object.entries(drills)) console.error(`  ${name.padEnd(16)}${summary}`)
    return 2
  }
  const all = values.smoke ? inTheSuite : Object.keys(drills)
  const names = positionals.length > 0 ? positionals : all
  const skipped: string[] = []
  let failed = 0
  for (const name of names) {
    const drill = drills[name]!
    const began = Date.now()
    const many = rounds ?? (values.smoke ? drill.smoke : drill.rounds)
    console.log(`\n── ${name} (${many}): ${drill.summary}`)
    const lines = await drill
      .run({ rounds: many, say: (line) => console.log(`   ${line}`) })
      .catch((error: unknown) => {
        console.error(error)
        return [{ what: 'ran to its end', is: 'no', should: 'yes', ok: false }]
      })
    const seconds = ((Date.now() - began) / 1000).toFixed(1)
    if (typeof lines === 'string') {
      console.log(`   skipped: ${lines}`)
      skipped.push(name)
      continue
    }
    for (const { what, is, should, ok } of lines)
      console.log(`   ${ok ? 'ok  ' : 'BAD '} ${what.padEnd(42)} ${String(is).padStart(9)}   (${should})`)
    const bad = lines.filter(({ ok }) => !ok).length
    if (bad > 0) failed += 1
    console.log(`   ${bad === 0 ? 'passed' : 'FAILED'} in ${seconds} s`)
  }
  console.log(`\n${names.length - failed - skipped.length} drills passed, ${failed} failed, ${skipped.length} skipped`)
  return failed === 0 ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
