// Language on tweets of six and sentences of thirty.
import type { Models } from '../models/models.ts'
import { makeFeatures, readFeatures } from '../text/features.ts'
import { languageOf } from '../text/language.ts'
import { readRows } from '../training/data.ts'
import type { Figures } from './evaluate.ts'

const THIRTY = new Set(
  'en es fr it de nl pt ar hi ru uk pl tr sv da nb fi cs el hu ro ja ko zh vi th id he fa bg'.split(' '),
)

interface Spoken {
  readonly lang: string
  readonly text: string
  readonly kind?: string
}

export function measureLanguage(directory: string, _models: Models): Figures {
  const features = makeFeatures()
  const share = (rows: readonly Spoken[]): number =>
    rows.filter(({ text, lang }) => languageOf(text, readFeatures(text, features)) === lang).length / rows.length
  const sentences = readRows<Spoken>(directory, 'language/lingua')!.filter(
    ({ lang, kind }) => kind === 'sentences' && THIRTY.has(lang),
  )
  const by = [...THIRTY].map((lang) => [
    `language-sentences.${lang}`,
    share(sentences.filter((row) => row.lang === lang)),
  ])
  return {
    'language-tweets.accuracy': share(readRows<Spoken>(directory, 'language/tweets-eld')!),
    'language-sentences.accuracy': share(sentences),
    ...Object.fromEntries(by),
  }
}
