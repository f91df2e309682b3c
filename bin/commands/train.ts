import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadWorkshop } from '#triage/server'
import { CommandError, readArguments, UsageError } from '../program/command-line.ts'

const usage = 'train --data DIR [--out FILE]'
export const summary = `${usage.slice('train '.length)}: learns the models of triage from sets of labelled messages`

const shipped = join(import.meta.dirname, '../../domains/triage/server/models/text.bin')

export async function run(args: string[]): Promise<number> {
  const { values } = readArguments(args, { data: { type: 'string' }, out: { type: 'string' } }, usage)
  if (values.data === undefined) throw new UsageError(`Say where the sets are.\nUsage: rapport ${usage}`)
  if (!existsSync(values.data)) throw new CommandError(`There is no folder ${values.data}.`)
  const began = performance.now()
  const seconds = () => `${Math.round((performance.now() - began) / 1000)} s`.padStart(6)
  const { trainModels } = await loadWorkshop()
  const bytes = await trainModels(values.data, (line) => console.log(`${seconds()}  ${line}`))
  const out = values.out ?? shipped
  await writeFile(out, bytes)
  console.log(`${seconds()}  ${out}: ${(bytes.length / 1e6).toFixed(1)} MB`)
  return 0
}
