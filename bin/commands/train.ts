import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadWorkshop, type Trainable } from '#triage/server'
import { CommandError, readArguments, UsageError } from '../program/command-line.ts'

const usage = 'train --data DIR [--out FILE] [PART …]'
export const summary = `${usage.slice('train '.length)}: learns the models of triage from sets of labelled messages, or some parts of the present ones anew`

const shipped = join(import.meta.dirname, '../../domains/triage/server/models/text.bin')

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { data: { type: 'string' }, out: { type: 'string' } }, usage)
  if (values.data === undefined) throw new UsageError(`Say where the sets are.\nUsage: rapport ${usage}`)
  if (!existsSync(values.data)) throw new CommandError(`There is no folder ${values.data}.`)
  const began = performance.now()
  const seconds = () => `${Math.round((performance.now() - began) / 1000)} s`.padStart(6)
  const out = values.out ?? shipped
  const say = (line: string) => console.log(`${seconds()}  ${line}`)
  const { retrainModels, trainable, trainModels } = await loadWorkshop()
  const named = new Set(positionals)
  named.delete('calibration')
  for (const part of named)
    if (!trainable.includes(part as Trainable))
      throw new UsageError(`There is no part ${part}; there are ${[...trainable, 'calibration'].join(', ')}.`)
  const bytes =
    positionals.length === 0
      ? await trainModels(values.data, say)
      : await retrainModels(
          values.data,
          await readFile(existsSync(out) ? out : shipped),
          [...named] as Trainable[],
          say,
        )
  await writeFile(out, bytes)
  console.log(`${seconds()}  ${out}: ${(bytes.length / 1e6).toFixed(1)} MB`)
  return 0
}
