// How honest the probabilities of sentiment are, as two tables of the model card: what was said and what was, and what is left to
// say at each threshold of *unsure*.
import type { Models } from '../models/models.ts'
import { readRows, unescape } from '../training/data.ts'
import { sentiments, type Sentiment } from '../assessment.ts'
import type { Labelled } from '../training/sources.ts'
import type { Figures } from './evaluate.ts'
import { readSupport, sentimentOf } from './measure-sentiment.ts'
import { calibrationCurve, confidences, mean } from './measures.ts'

const UNSURE_BELOW = [0, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9] as const

interface Sample {
  readonly text: string
  readonly truth: number
}

export function measureCalibration(directory: string, models: Models): Figures {
  const tweets = readRows<Labelled>(directory, 'text/sentiment-semeval2017.test')!
  const support = readSupport(directory)
  return {
    ...tablesOf(
      'semeval2017',
      tweets.map(({ text, label }) => ({ text: unescape(text), truth: sentiments.indexOf(label as Sentiment) })),
      models,
    ),
    ...tablesOf(
      'support',
      support.map(({ text, sentiment }) => ({ text, truth: sentiment })),
      models,
    ),
  }
}

function tablesOf(name: string, samples: readonly Sample[], models: Models): Figures {
  const probabilities = sentimentOf(
    samples.map(({ text }) => text),
    models,
  )
  const sure = confidences(
    samples.map(({ truth }) => truth),
    probabilities,
    3,
  )
  const figures: Figures = {}
  for (const [i, { said, was }] of calibrationCurve(sure).entries()) {
    const bin = `${name}.bin_${String(i + 1).padStart(2, '0')}`
    figures[`${bin}_said`] = said
    figures[`${bin}_was`] = was
  }
  for (const least of UNSURE_BELOW) {
    const answered = sure.filter(({ confidence }) => confidence >= least)
    figures[`${name}.answered_from_${least}`] = answered.length / sure.length
    figures[`${name}.right_from_${least}`] = mean(answered.map(({ right }) => (right ? 1 : 0)))
  }
  return figures
}
