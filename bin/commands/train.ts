import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rebuildSeverity, trainModels } from '#triage/server'
import { CommandError, readArguments, UsageError } from '../program/command-line.ts'

const usage = 'train --data DIR [--out FILE] [--only severity]'
export const summary = `${usage.slice('train '.length)}: learns the models of triage from sets of labelled messages`

const shipped = join(import.meta.dirname, '../../domains/triage/server/models/text.bin')

export async function run(args: string[]): Promise<number> {
  const options = { data: { type: 'string' }, out: { type: 'string' }, only: { type: 'string' } } as const
  const { values } = readArguments(args, options, usage)
  if (values.only !== undefined && values.only !== 'severity')
    throw new UsageError(`Only severity can be learned by itself.\nUsage: rapport ${usage}`)
  if (values.data === undefined) throw new UsageError(`Say where the sets are.\nUsage: rapport ${usage}`)
  if (!existsSync(values.data)) throw new CommandError(`There is no folder ${values.data}.`)
  const began = performance.now()
  const seconds = () => `${Math.round((performance.now() - began) / 1000)} s`.padStart(6)
  const say = (line: string) => console.log(`${seconds()}  ${line}`)
  const bytes = values.only
    ? rebuildSeverity(values.data, await readFile(shipped), say)
    : await trainModels(values.data, say)
  const out = values.out ?? shipped
  await writeFile(out, bytes)
  console.log(`${seconds()}  ${out}: ${(bytes.length / 1e6).toFixed(1)} MB`)
  return 0
}
