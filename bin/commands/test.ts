import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { delimiter, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildPages } from '../program/build-pages.ts'
import { addOutcome, nothing, readTestReport, type Outcome } from '../test-report.ts'

export const summary = '[--only STEP[,STEP]] [FILE …]: runs every check, or some steps'

const root = fileURLToPath(new URL('../..', import.meta.url))
const program = (name: string) => join(root, 'node_modules', '.bin', name)
const has = (path: string) => existsSync(join(root, path))

interface Step {
  readonly name: string
  /** What must be there for the step to make sense; parts that are not built yet have no checks either. */
  readonly needs?: string
  /** Runs beside the step before it, and is shown when both are through: they mostly wait, and no time is held against either. */
  readonly beside?: true
  readonly run: (run: Runner) => Promise<Outcome>
}

interface Runner {
  /** Runs a program to its end; true when it ended well. */
  command(name: string, args: string[]): Promise<boolean>
  /** Runs a project of tests and counts them, the run itself among them. */
  tests(project: string, args: string[]): Promise<Outcome>
  /** Names the tests of a project without running them. */
  listTests(project: string): Promise<string[]>
  readonly files: string[]
  /** Where what programs say is kept instead of being heard at once. */
  readonly log: string | null
}

const passed: Outcome = { ...nothing, passed: 1 }
const failed: Outcome = { ...nothing, failed: 1 }
const tellFailed = (error: unknown): Outcome => {
  console.error(error)
  return failed
}
const check =
  (name: string, ...args: string[]) =>
  async (run: Runner) =>
    (await run.command(name, args)) ? passed : failed

const steps: readonly Step[] = [
  { name: 'types', run: check(program('tsc'), '--project', '.') },
  { name: 'lint', needs: 'oxlint.config.ts', beside: true, run: check(program('oxlint'), '--deny-warnings') },
  { name: 'format', needs: '.oxfmtrc.json', run: check(program('oxfmt'), '--check') },
  { name: 'canary', needs: 'canary/check.ts', run: check(process.execPath, 'canary/check.ts') },
  // As `npm start` does it: the programs of two journeys that begin at once find them built.
  {
    name: 'pages',
    needs: 'web/vite.config.ts',
    run: () => buildPages(root, console.log).then(() => passed, tellFailed),
  },
  { name: 'unit', run: (run) => run.tests('unit', run.files) },
  { name: 'e2e', needs: 'e2e', run: journeys },
  { name: 'bench', needs: 'bench/run.ts', run: check(process.execPath, 'bench/run.ts', '--scale', 'small') },
  { name: 'drills', needs: 'drills/run.ts', beside: true, run: check(process.execPath, 'drills/run.ts', '--smoke') },
]

/** `npm test`: every step with its heading, then one line with the counts. Files narrow the test steps. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { only: { type: 'string' } }, allowPositionals: true })
  const only = values.only?.split(',')
  const unknown = only?.filter((name) => steps.every((step) => step.name !== name)) ?? []
  if (unknown.length > 0) {
    console.error(`There is no step ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}.`)
    return 2
  }
  const scratch = await mkdtemp(join(tmpdir(), 'rapport-test-'))
  const wanted = steps.filter(({ name, needs }) => (only ? only.includes(name) : needs === undefined || has(needs)))
  let total = nothing
  const broken: string[] = []
  try {
    for (const group of sideBySide(wanted)) {
      const done = await Promise.all(
        group.map((step, i) =>
          runStep(step, createRunner(scratch, positionals, i > 0 ? join(scratch, `${step.name}.log`) : null)),
        ),
      )
      for (const { name, outcome, seconds, said } of done) {
        if (said !== null) console.log(`\n── ${name} ──\n${said}`)
        if (outcome.failed > 0) broken.push(name)
        console.log(`${outcome.failed > 0 ? 'FAILED' : 'ok'}: ${name} (${seconds.toFixed(1)} s)`)
        total = addOutcome(total, outcome)
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  const list = (title: string, lines: readonly string[]) =>
    lines.length > 0 && console.log(`\n${title}:\n  ${lines.join('\n  ')}`)
  list('Skipped', total.skipped)
  list('Passed only when tried again, to be looked at', total.unsteady)
  if (broken.length > 0) console.log(`\nFailed: ${broken.join(', ')}`)
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`)
  return total.failed > 0 ? 1 : 0
}

async function runStep({ name, run }: Step, runner: Runner) {
  if (runner.log === null) console.log(`\n── ${name} ──`)
  const began = Date.now()
  const outcome = await run(runner)
  return {
    name,
    outcome,
    seconds: (Date.now() - began) / 1000,
    said: runner.log && (await readFile(runner.log, 'utf8')),
  }
}

function sideBySide(wanted: readonly Step[]): Step[][] {
  const groups: Step[][] = []
  for (const step of wanted) {
    const before = groups.at(-1)
    if (step.beside && before) before.push(step)
    else groups.push([step])
  }
  return groups
}

/** Journeys need a browser of the system's; without one each is skipped, and the line that helps is printed. */
async function journeys(run: Runner): Promise<Outcome> {
  if (findChromium() !== null) return run.tests('e2e', run.files)
  const reason = 'no Chromium on this machine: apt-get install -y chromium'
  console.log(`Skipping the journeys, ${reason}`)
  return { ...nothing, skipped: (await run.listTests('e2e')).map((name) => `${name} (${reason})`) }
}

function findChromium(): string | null {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)]
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path)) ?? null
}

function createRunner(scratch: string, files: string[], log: string | null): Runner {
  const command = (name: string, args: string[]) =>
    new Promise<boolean>((resolve, reject) => {
      // A file, no pipe: a pipe stays open as long as anything that the program left behind.
      const kept = log === null ? null : openSync(log, 'a')
      const child = spawn(name, args, { cwd: root, stdio: kept === null ? 'inherit' : ['ignore', kept, kept] })
      if (kept !== null) closeSync(kept)
      let interrupted: NodeJS.Signals | null = null
      const interrupt = (signal: NodeJS.Signals) => child.kill((interrupted = signal))
      process.on('SIGTERM', interrupt).on('SIGINT', interrupt)
      child.once('error', reject)
      child.once('exit', (code) => {
        process.off('SIGTERM', interrupt).off('SIGINT', interrupt)
        // Whoever asks the suite to end doesn't want the next step.
        if (interrupted !== null) process.exit(128 + constants.signals[interrupted])
        resolve(code === 0)
      })
    })
  const tests = async (project: string, args: string[]): Promise<Outcome> => {
    const file = join(scratch, `${project}.json`)
    // Once more where something failed: hundreds of tests share two cores and one database. The report names it, so it stays seen.
    const reports = ['--retry=1', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const well = await command(program('vitest'), ['run', '--project', project, ...reports, ...args])
    const report = await readFile(file, 'utf8').catch(() => null)
    // A run that says nothing is no success, whatever it returned.
    return report === null ? failed : addOutcome(well ? passed : failed, readTestReport(report, root))
  }
  const listTests = async (project: string): Promise<string[]> => {
    const file = join(scratch, `${project}-list.json`)
    await command(program('vitest'), ['list', '--project', project, `--json=${file}`])
    const listed = JSON.parse(await readFile(file, 'utf8')) as { name: string; file: string }[]
    return listed.map((test) => `${relative(root, test.file)}: ${test.name}`)
  }
  return { command, tests, listTests, files, log }
}
