import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { expect, test } from 'vitest'
import { encodeLayer } from '../layer.ts'
import { learnLayer } from '../learn.ts'
import { loadModels } from '../models/models.ts'
import { openAssessor } from './assessor.ts'
import { judge } from './judge.ts'

const log = pino({ level: 'silent' })
const TEXTS = [
  'My parcel never arrived and nobody answers, this is a disgrace',
  'thank you so much, wonderful service',
  '',
  '🙂🙂🙂',
  '\u0000\u0007\u200b',
  'wann öffnet die Filiale?',
  `${'no '.repeat(300_000)}refund`,
]

test('the thread says what the models say outside of it, in order and for whatever text', async () => {
  await using assessor = openAssessor({ log })
  const assessed = await assessor.assess(TEXTS)
  expect(assessed).toEqual(judge(TEXTS, { models: loadModels(), layer: null, topics: null }))
  expect(assessor.state()).toEqual({ state: 'ok', reason: null })
})

test('a model file that is damaged is said, and everything is assessed by rules with an unsure sentiment', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'rapport-model-')), 'text.bin')
  await writeFile(file, 'not a model')
  await using assessor = openAssessor({ log, modelFile: file })
  const assessed = await assessor.assess([...TEXTS, 'there is a fire in the building and people are hurt'])
  expect(assessed!.every(({ sentiment, source }) => sentiment.label === 'unsure' && source === 'rules')).toBe(true)
  expect(assessor.state()).toMatchObject({ state: 'missing', reason: expect.stringContaining('model file') })
})

test('a batch that takes too long is null, and the next one is assessed by a new thread', async () => {
  await using assessor = openAssessor({ log, timeoutMs: 1 })
  expect(await assessor.assess(Array.from({ length: 2000 }, () => TEXTS[0]!))).toBeNull()
})

test('what the workspace taught changes the answer, and what can not be loaded leaves the shipped one', async () => {
  await using assessor = openAssessor({ log })
  const [word] = ['the mooring slipped']
  const lessons = Array.from({ length: 12 }, (_, i) => ({ text: `${word} ${i}`, sentiment: 'negative' as const }))
  const layer = Buffer.from(encodeLayer(learnLayer(lessons, loadModels())))
  const [shipped] = (await assessor.assess([word!]))!
  const artefact = (content: Buffer | null) => ({
    layer: { id: String(content?.length), kind: 'sentiment' as const, load: async () => content },
    topics: null,
  })
  const [taught] = (await assessor.assess([word!], artefact(layer)))!
  expect(taught!.sentiment.probabilities.negative).toBeGreaterThan(shipped!.sentiment.probabilities.negative)
  expect(taught!).toMatchObject({ source: 'workspace' })
  expect(taught!.novelty).toBeLessThan(shipped!.novelty)
  expect((await assessor.assess([word!], artefact(null)))![0]).toEqual(shipped)
  expect((await assessor.assess([word!], artefact(Buffer.from('broken'))))![0]).toEqual(shipped)
})

test('what is asked beyond what the thread can answer is refused at once, and it answers again when it is through', async () => {
  await using assessor = openAssessor({ log })
  const asked = Array.from({ length: 30 }, (_, n) => assessor.assess([`message ${n}`]))
  const answers = await Promise.all(asked)
  expect(answers.filter((answer) => answer !== null)).toHaveLength(8)
  expect(await assessor.assess(['hello'])).toHaveLength(1)
})
