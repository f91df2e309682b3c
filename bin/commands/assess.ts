// Reads `{"text": …}` lines, writes one assessment a line. Needs no database and no settings.
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { loadWorkshop, type Correction, type LayerWeights, type Models } from '#triage/server'
import { CommandError, readArguments, UsageError } from '../program/command-line.ts'

const usage = 'assess [--learn FILE]'
export const summary = `${usage.slice('assess '.length)}: assesses {"text"} lines from standard input, one a line; --learn teaches first`

const SENTIMENTS: readonly unknown[] = ['negative', 'neutral', 'positive']

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { learn: { type: 'string' } }, usage)
  if (positionals.length > 0)
    throw new UsageError(`There is nothing to do with ${positionals[0]}.\nUsage: rapport ${usage}`)
  const { assess, defaultTopics } = await loadWorkshop()
  const models = await openModels()
  const layer = values.learn === undefined ? null : await learnFrom(values.learn, models)
  const topics = defaultTopics()
  const wrong: string[] = []
  let batch: string[] = []
  const flush = async () => {
    const lines = assess(batch, models, { layer, topics }).map((assessment) => `${JSON.stringify(assessment)}\n`)
    batch = []
    if (!process.stdout.write(lines.join(''))) await new Promise((resolve) => process.stdout.once('drain', resolve))
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  let number = 0
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    number += 1
    if (line.trim() === '') continue
    const text = textOf(line)
    if (text === null) {
      const told = `line ${number}: not a JSON object with a "text" string`
      wrong.push(told)
      console.error(told)
      continue
    }
    batch.push(text)
    if (batch.length >= 256) await flush()
  }
  await flush()
  return wrong.length > 0 ? 1 : 0
}

async function openModels(): Promise<Models | null> {
  const { loadModels } = await loadWorkshop()
  try {
    return loadModels()
  } catch (error) {
    console.error(`${(error as Error).message} Sentiment is unsure.`)
    return null
  }
}

function textOf(line: string): string | null {
  const row = parse(line)
  return typeof row?.['text'] === 'string' ? row['text'] : null
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const row: unknown = JSON.parse(line)
    return typeof row === 'object' && row !== null ? (row as Record<string, unknown>) : null
  } catch {
    return null
  }
}

async function learnFrom(path: string, models: Models | null): Promise<LayerWeights | null> {
  const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`${path} can't be read (${error.code}).`)
  })
  const corrections: Correction[] = []
  for (const [index, line] of content.split('\n').entries()) {
    if (line.trim() === '') continue
    const row = parse(line)
    if (typeof row?.['text'] !== 'string' || !SENTIMENTS.includes(row['sentiment']))
      throw new CommandError(
        `${path}, line ${index + 1}: not {"text", "sentiment": "negative", "neutral" or "positive"}.`,
      )
    corrections.push({ text: row['text'], sentiment: row['sentiment'] as Correction['sentiment'] })
  }
  if (models === null) throw new CommandError('Nothing can be learned without the model file.')
  const { learnLayer } = await loadWorkshop()
  return corrections.length === 0 ? null : learnLayer(corrections, models)
}
