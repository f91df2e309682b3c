import { describe, expect, test } from 'vitest'
import { assess } from '../assess.ts'
import { everydayMessages } from '../evaluation/everyday-messages.ts'
import { loadModels } from '../models/models.ts'
import { everydayTexts, plainTexts } from '../training/everyday.ts'
import { graveSentences } from '../training/grave-sentences.ts'
import { bitsOf } from '../training/sources-severity.ts'
import { seededRandom } from '#platform/random'

const models = loadModels()
const alarmed = (texts: readonly string[]) =>
  assess(texts, models).flatMap(({ severity, toxicity }, i) =>
    severity.length > 0 || toxicity.label !== 'none' ? [{ text: texts[i], severity, toxicity }] : [],
  )
const folded = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .toLowerCase()
    .trim()

describe('short everyday messages', () => {
  const messages = everydayMessages()

  test('raise an alarm at most twice in a hundred, and never a loud one', () => {
    expect(messages.length).toBeGreaterThanOrEqual(200)
    const found = alarmed(messages.map(({ text }) => text))
    expect(found.length / messages.length).toBeLessThanOrEqual(0.02)
    expect(found.filter(({ severity }) => severity.some(({ probability }) => probability > 0.7))).toEqual([])
  })

  test('are quiet in each of the five languages', () => {
    for (const language of ['en', 'es', 'fr', 'de', 'nl']) {
      const own = messages.filter((message) => message.language === language).map(({ text }) => text)
      expect(own.length, language).toBeGreaterThanOrEqual(40)
      expect(alarmed(own).length / own.length, language).toBeLessThanOrEqual(0.05)
    }
  })

  test('were hardly among what was learned from', () => {
    const learned = new Set([...everydayTexts(), ...plainTexts(500)].map(folded))
    const met = messages.filter(({ text }) => learned.has(folded(text)))
    expect(met.length / messages.length).toBeLessThan(0.1)
  })
})

test('the same few words again and again raise no alarm that they do not raise once', () => {
  for (const words of ['no refund ', 'why why why ', 'hello are you there '])
    expect(assess([words.repeat(400)], models)[0]!.severity, words).toEqual([])
  const [said] = assess(['I want to die '.repeat(100)], models)
  expect(said!.severity.map(({ kind }) => kind)).toContain('self-harm')
})

test('what is grave is heard in a few words as well', () => {
  const short: [string, string][] = [
    ['self-harm', 'I want to die'],
    ['self-harm', 'ich bringe mich um'],
    ['self-harm', 'quiero morirme'],
    ['self-harm', 'je veux mourir'],
    ['self-harm', 'ik wil niet meer leven'],
    ['safety', 'it caught fire'],
    ['safety', 'gas leak'],
    ['fraud', 'my account was hacked'],
    ['legal', 'see you in court'],
    ['outage', 'no internet'],
    ['discrimination', 'your driver is racist'],
  ]
  const missed = short.filter(([kind, text]) => !assess([text], models)[0]!.severity.some((one) => one.kind === kind))
  expect(missed).toEqual([])
})

test('bits of messages are a few words that follow each other, and every class has its sentences', () => {
  const [bit] = bitsOf(['one two three four five six seven eight nine'], seededRandom(1))
  expect(bit!.split(' ').length).toBeLessThanOrEqual(20)
  for (const [kind, sentences] of Object.entries(graveSentences))
    expect(sentences.trim().split('\n').length % 5, kind).toBe(0)
})
