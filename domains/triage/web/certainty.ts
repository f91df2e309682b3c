import { useLingui } from '@lingui/react/macro'
import type { MessageAssessment } from '../contract.ts'
import { useSentimentWords } from './label-words.ts'
import { sentimentShare } from './labels.ts'

/** How sure, and who says so: for the pointer and the keyboard; the panel that opens says it too. */
export function useCertainty(): (said: MessageAssessment) => string {
  const { t, i18n } = useLingui()
  const percent = new Intl.NumberFormat(i18n.locale, { style: 'percent' })
  const sentiments = useSentimentWords()
  const sources: Record<MessageAssessment['source'], string> = {
    shipped: t`by the models that came with Rapport`,
    workspace: t`by what this workspace taught`,
    'large-model': t`by the large model`,
    rules: t`by rules alone`,
  }
  return (said) => {
    if (said.corrected.includes('sentiment')) return t`A member said so.`
    const share = percent.format(sentimentShare(said.sentiment))
    const source = sources[said.source]
    const { label } = said.sentiment
    const words = sentiments[label]
    return label === 'unsure' ? t`No answer is surer than ${share}, ${source}` : t`${words}: ${share} sure, ${source}`
  }
}
