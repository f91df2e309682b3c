import { existsSync } from 'node:fs'
import { readConfig } from '#platform/config'
import { ownerClient, readArguments, UsageError, withOwner } from '../program/command-line.ts'
import { databaseChecks, findAll, machineChecks } from '../program/doctor.ts'
import type { Finding } from '../program/finding.ts'

export const summary = ': looks at this installation and says what is wrong and what to do'

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: 'ok  ', warn: 'note', bad: 'BAD ' }

/** 0 when nothing is bad; notes are no failure. */
export async function run(args: string[]): Promise<number> {
  if (readArguments(args, {}, 'doctor').positionals.length > 0) throw new UsageError('doctor takes no arguments.')
  const config = readConfig(process.env)
  const tell = (finding: Finding): void => console.log(`${MARKS[finding.state]}  ${finding.what}: ${finding.words}`)
  if (config.databaseUrl === null && !existsSync(config.dataDir)) {
    tell({ what: 'Installation', state: 'warn', words: `there is none in ${config.dataDir} yet; npm start makes it` })
    return 0
  }
  const findings = await withOwner(config, async ({ ownerUrl, running }) => {
    const machine = await findAll(machineChecks(config, running))
    const owner = await ownerClient(ownerUrl)
    try {
      return [...machine, ...(await findAll(databaseChecks(owner, ownerUrl, config)))]
    } finally {
      await owner.end()
    }
  }).catch((error: Error): Finding[] => [
    { what: 'Database', state: 'bad', words: error.message || String((error as NodeJS.ErrnoException).code) },
  ])
  for (const finding of findings) tell(finding)
  const bad = findings.filter(({ state }) => state === 'bad').length
  console.log(bad === 0 ? '\nAll well.' : `\n${bad} thing${bad === 1 ? '' : 's'} to put right.`)
  return bad === 0 ? 0 : 1
}
