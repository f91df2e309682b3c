// What a correction changes in an assessment, before the server has answered. Pure.
import type { CorrectableLabel, CorrectionInput, MessageAssessment } from '../contract.ts'

export type LabelValue = CorrectionInput['value']

/** The assessment as it will be once somebody said that `label` is `value`. */
export function withLabel(said: MessageAssessment, label: CorrectableLabel, value: LabelValue): MessageAssessment {
  const corrected = said.corrected.includes(label) ? said.corrected : [...said.corrected, label]
  const next: MessageAssessment = { ...said, corrected }
  switch (label) {
    case 'sentiment':
      return { ...next, sentiment: { ...said.sentiment, label: value as MessageAssessment['sentiment']['label'] } }
    case 'intent':
      return { ...next, intent: value as MessageAssessment['intent'] }
    case 'topic':
      return { ...next, topic: value as string | null }
    case 'language':
      return { ...next, language: value as string }
    case 'toxicity':
      return {
        ...next,
        toxicity: { ...said.toxicity, label: value as MessageAssessment['toxicity']['label'] },
      }
    case 'emotions':
      return { ...next, emotions: value as string[] }
    case 'severity': {
      const kinds = value as MessageAssessment['severity'][number]['kind'][]
      return {
        ...next,
        severity: kinds.map((kind) => ({ kind, probability: 1 })),
        needsPerson: kinds.includes('self-harm'),
      }
    }
  }
}

/** The value of a label as a correction would say it. */
export function valueOf(said: MessageAssessment, label: CorrectableLabel): LabelValue {
  if (label === 'sentiment') return said.sentiment.label
  if (label === 'toxicity') return said.toxicity.label
  if (label === 'severity') return said.severity.map(({ kind }) => kind)
  return said[label]
}

/** How sure the word shown is: its own probability; of *unsure*, that of the likeliest. */
export function sentimentShare({ label, probabilities }: MessageAssessment['sentiment']): number {
  return label === 'unsure' ? Math.max(...Object.values(probabilities)) : probabilities[label]
}
