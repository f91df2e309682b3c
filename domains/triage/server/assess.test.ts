import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assess } from './assess.ts'
import { severities } from './severity/severity.ts'
import { loadModels } from './models/models.ts'

const models = loadModels()
const one = (text: string) => assess([text], models)[0]!
const sentimentOf = (text: string) => one(text).sentiment.label

describe('the shipped model', () => {
  test.each([
    ['en', 'This is the worst service ever, I am furious and want my money back'],
    ['es', 'Es el peor servicio del mundo, estoy muy enfadado y decepcionado'],
    ['de', 'Das ist der schlechteste Service, ich bin total enttäuscht und wütend'],
    ['fr', "C'est nul, le pire service, je suis vraiment déçu et en colère"],
    ['pt', 'Que péssimo, o pior atendimento, estou com muita raiva e triste'],
    ['it', 'Che schifo, il peggior servizio, sono davvero deluso e arrabbiato'],
  ])('takes anger in %s for negative', (language, text) => {
    expect(one(text)).toMatchObject({ language, sentiment: { label: 'negative' } })
  })

  test.each([
    ['en', 'Thank you so much, your team was amazing and so helpful, love it'],
    ['es', 'Muchas gracias, me encanta, son los mejores, estoy muy feliz'],
    ['de', 'Vielen Dank, das war super, ich freue mich sehr, ihr seid die Besten'],
    ['fr', "Merci beaucoup, c'est super, j'adore, vous êtes les meilleurs"],
  ])('takes thanks in %s for positive', (language, text) => {
    expect(one(text)).toMatchObject({ language, sentiment: { label: 'positive' } })
  })

  test('knows complaint, question, praise and threat', () => {
    expect(one('@firm still waiting for my refund after three weeks, nobody answers').intent).toBe('complaint')
    expect(one('What are your opening hours on Sunday?').intent).toBe('question')
    expect(one('Thank you for the quick help, great service!').intent).toBe('praise')
    expect(one('Refund me today or I will sue you, my lawyer is ready').intent).toBe('threat')
    expect(one('WINNER!! You have been selected for a £1000 prize, claim now, call 09061701461').intent).toBe('spam')
  })

  test('sends what speaks of self-harm to a person', () => {
    for (const text of ['I want to kill myself', 'ich will nicht mehr leben', 'quiero morirme', 'je veux mourir'])
      expect(one(text).needsPerson, text).toBe(true)
    expect(one('When does the shop open?').needsPerson).toBe(false)
  })

  test('is unsure in a language in which it was never measured', () => {
    expect(one('Det här är den sämsta service jag någonsin har fått')).toMatchObject({
      language: 'sv',
      sentiment: { label: 'unsure' },
    })
  })
})

describe('a batch', () => {
  test('is assessed as its messages one by one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('Not happy!', 'Danke 😀', '')), {
          maxLength: 6,
        }),
        (texts) => {
          expect(assess(texts, models)).toEqual(texts.flatMap((text) => assess([text], models)))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('may hold anything', () => {
    const odd = [
      '',
      ' ',
      '\0\0',
      '\ud800',
      '\udfff\ud800',
      '😀😀😀',
      '\u202eabc',
      'a\u0301'.repeat(5_000),
      '١٢٣',
      '{"a":1}',
      'x'.repeat(1_000_000),
    ]
    for (const [i, assessment] of assess(odd, models).entries()) {
      const { negative, neutral, positive } = assessment.sentiment.probabilities
      expect(negative + neutral + positive, `text ${i}`).toBeCloseTo(1)
      expect(assessment.urgency).toBeGreaterThanOrEqual(0)
      expect(assessment.severity.every(({ kind }) => severities.includes(kind))).toBe(true)
    }
  })
})

test('without models the rules still work and sentiment is unsure', () => {
  const [assessment] = assess(['I want to kill myself, card 4111 1111 1111 1111'], null)
  expect(assessment).toMatchObject({ sentiment: { label: 'unsure' }, needsPerson: true, language: 'en' })
  expect(assessment!.personalData).toHaveLength(1)
})

test('sarcasm is not sold for certain', () => {
  const { probabilities } = one('Great, another delay. Just what I needed today.').sentiment
  expect(Math.max(...Object.values(probabilities))).toBeLessThan(0.95)
})

test('known words of praise and blame decide alone', () => {
  expect(sentimentOf('I love it')).toBe('positive')
  expect(sentimentOf('I hate it')).toBe('negative')
})
