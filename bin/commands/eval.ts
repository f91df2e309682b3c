import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { loadWorkshop } from '#triage/server'
import { CommandError, readArguments, UsageError } from '../program/command-line.ts'

const usage = 'eval --data DIR [--json FILE] [--model FILE] [PART …]'
export const summary = `${usage.slice('eval '.length)}: measures the models of triage on the sets that are there`

export async function run(args: string[]): Promise<number> {
  const options = { data: { type: 'string' }, json: { type: 'string' }, model: { type: 'string' } } as const
  const { values, positionals } = readArguments(args, options, usage)
  if (values.data === undefined) throw new UsageError(`Say where the sets are.\nUsage: rapport ${usage}`)
  if (!existsSync(values.data)) throw new CommandError(`There is no folder ${values.data}.`)
  const { evaluateModels, loadModels } = await loadWorkshop()
  const models = loadModels(values.model)
  const only = positionals.length > 0 ? { only: positionals } : {}
  const figures = await evaluateModels(values.data, models, { ...only, say: (line) => console.error(line) })
  if (values.json !== undefined) {
    await mkdir(dirname(values.json), { recursive: true })
    await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`)
  }
  const width = Math.max(...Object.keys(figures).map((name) => name.length))
  for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(width)}  ${value.toFixed(4)}`)
  return 0
}
