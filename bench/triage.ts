// Messages fully assessed a second on one core, beside reading their tokens only.
import { loadWorkshop } from '#triage/server'
import { atLeast, rate, type Bench, type Measured } from './harness.ts'
import { openSaying } from './said.ts'

const BATCH = 256
/** Processor time, of all threads: one core's worth, whatever else the machine does meanwhile. */
function secondsSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1e6
}

export async function triage({ pick, say }: Bench): Promise<Measured> {
  const { assess, defaultTopics, loadModels, tokenise } = await loadWorkshop()
  const models = loadModels()
  const topics = defaultTopics()
  const next = await openSaying(20_261_122)
  const texts = Array.from({ length: pick(4_000, 40_000) }, next)
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  say(`${texts.length} messages of ${Math.round(bytes / texts.length)} bytes in the mean`)
  // Once over a part of them, so that nothing is measured that the program does only at its start.
  assess(texts.slice(0, 2_000), models, { topics })
  for (const text of texts.slice(0, 2_000)) tokenise(text)

  let tokens = 0
  const readingBegan = process.cpuUsage()
  for (const text of texts) tokens += tokenise(text)
  const reading = secondsSince(readingBegan)

  let unsure = 0
  const times: number[] = []
  const began = process.cpuUsage()
  for (let at = 0; at < texts.length; at += BATCH) {
    const start = performance.now()
    for (const { sentiment } of assess(texts.slice(at, at + BATCH), models, { topics }))
      if (sentiment.label === 'unsure') unsure += 1
    times.push(performance.now() - start)
  }
  const seconds = secondsSince(began)
  const once = assess(texts.slice(0, 64), models, { topics })
  const alone = texts.slice(0, 64).flatMap((text) => assess([text], models, { topics }))
  return {
    figures: { assessed: rate(texts.length, seconds, 'messages/s', times) },
    limit: { tokenised: rate(texts.length, reading, 'messages/s') },
    ratios: { 'assessed / tokenised': reading / seconds },
    targets: [atLeast('assessed', 10_000)],
    invariants: {
      'a batch is assessed as its messages one by one': JSON.stringify(once) === JSON.stringify(alone),
      'tokens were read': tokens > texts.length,
    },
    notes: [
      `rates are by processor time, so that they hold on a busy machine; the times are of batches of ${BATCH}, by the clock`,
      `${Math.round((unsure / texts.length) * 100)} % unsure`,
    ],
  }
}
