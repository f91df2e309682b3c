// Messages fully assessed a second on one core, beside reading their tokens only.
import { assess, defaultTopics, loadModels, sampleMessages, tokenise } from '#triage/server'
import { seededRandom } from '#platform/testing/random'
import { atLeast, rate, type Bench, type Measured } from './harness.ts'
import { textOf, vocabulary } from './text.ts'

const BATCH = 256
/** What the rules look for, and languages other than English. */
const TAILS = [
  ' call me on +44 20 7946 0958 please',
  ' my card is 4111 1111 1111 1111',
  ' https://example.com/order/1234 😡',
  ' ¿dónde está mi pedido? no puedo esperar más',
  ' ich warte seit drei Wochen auf meine Rückerstattung',
  " je n'ai toujours pas reçu ma commande, c'est honteux",
  ' jag har väntat i två veckor på mitt paket',
]

/** Messages as customers write them: sentences of the phrasebook, one in six with more, one in twenty in words nobody ever read. */
function messages(count: number): string[] {
  const random = seededRandom(20_261_122)
  const words = vocabulary()
  const sentences = sampleMessages(Math.min(count, 12_000))
  return Array.from({ length: count }, () => {
    if (random.below(20) === 0) return textOf(random, words)
    const parts = Array.from({ length: 1 + random.below(2) }, () => random.pick(sentences))
    return `${parts.join(' ')}${random.below(6) === 0 ? random.pick(TAILS) : ''}`
  })
}

/** Processor time, of all threads: one core's worth, whatever else the machine does meanwhile. */
function secondsSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1e6
}

export async function triage({ pick, say }: Bench): Promise<Measured> {
  const models = loadModels()
  const topics = defaultTopics()
  const texts = messages(pick(4_000, 40_000))
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
