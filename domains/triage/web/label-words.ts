// The labels in the reader's language. Codes never reach a screen.
import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import type { evidenceKinds, intentNames, MessageAssessment, personalDataKinds, severityNames } from '../contract.ts'
import { topicsQuery, type MeasuredLabel } from './queries.ts'

type Sentiment = MessageAssessment['sentiment']['label']
type Intent = (typeof intentNames)[number]
type Severity = (typeof severityNames)[number]

export function useSentimentWords(): Record<Sentiment, string> {
  const { t } = useLingui()
  return { negative: t`Negative`, neutral: t`Neutral`, positive: t`Positive`, unsure: t`Unsure how it is meant` }
}

export function useIntentWords(): Record<Intent, string> {
  const { t } = useLingui()
  return {
    complaint: t`Complaint`,
    question: t`Question`,
    request: t`Request`,
    praise: t`Praise`,
    allegation: t`Allegation`,
    threat: t`Threat`,
    feedback: t`Feedback`,
    spam: t`Spam`,
    other: t`Other`,
  }
}

export function useSeverityWords(): Record<Severity, string> {
  const { t } = useLingui()
  return {
    safety: t`Safety`,
    legal: t`Legal`,
    discrimination: t`Discrimination`,
    fraud: t`Fraud`,
    money: t`Missing money`,
    outage: t`Outage`,
    vulnerable: t`Vulnerable`,
    'self-harm': t`Self-harm`,
  }
}

export function useToxicityWords(): Record<MessageAssessment['toxicity']['label'], string> {
  const { t } = useLingui()
  return { hate: t`Hate`, offensive: t`Insulting`, none: t`Not insulting` }
}

export function usePersonalWords(): Record<(typeof personalDataKinds)[number], string> {
  const { t } = useLingui()
  return {
    card: t`card number`,
    iban: t`bank account`,
    email: t`e-mail address`,
    phone: t`phone number`,
    ip: t`network address`,
    id: t`identity number`,
    password: t`password`,
    secret: t`secret key`,
  }
}

/** Words that stand at the head of a line. */
export const startingLarge = (words: string): string => words.charAt(0).toLocaleUpperCase() + words.slice(1)

export function useEvidenceWords(): Record<(typeof evidenceKinds)[number], string> {
  const { t } = useLingui()
  return {
    same_customer: t`the same customer`,
    same_words: t`nearly the same words`,
    same_email: t`the same e-mail address`,
    same_phone: t`the same phone number`,
    same_number: t`the same order or case number`,
    same_name: t`the same name`,
  }
}

/** Topics by key. One that was retired keeps its key as its name. */
export function useTopicName(): (key: string) => string {
  const { data } = useQuery({ ...topicsQuery, staleTime: 60_000 })
  return (key) => data?.find((topic) => topic.key === key)?.name ?? key
}

export function useLanguageName(): (code: string) => string {
  const { t, i18n } = useLingui()
  const names = new Intl.DisplayNames([i18n.locale], { type: 'language' })
  return (code) => (code === 'und' ? t`Unknown language` : (names.of(code) ?? code))
}

export function useMeasuredWords(): Record<MeasuredLabel, string> {
  const { t } = useLingui()
  return {
    sentiment: t`Sentiment`,
    intent: t`Intent`,
    topic: t`Topic`,
    language: t`Language`,
    toxicity: t`Insults`,
  }
}

/** One value of a measured label in words. */
export function useValueWords(): (label: MeasuredLabel, value: string) => string {
  const { t } = useLingui()
  const words: Partial<Record<MeasuredLabel, Readonly<Record<string, string>>>> = {
    sentiment: { ...useSentimentWords(), unsure: t`Unsure` },
    intent: useIntentWords(),
    toxicity: useToxicityWords(),
  }
  const topicName = useTopicName()
  const languageName = useLanguageName()
  return (label, value) => {
    if (label === 'topic') return value === '' || value === 'none' ? t`No topic` : topicName(value)
    if (label === 'language') return languageName(value)
    return words[label]?.[value] ?? value
  }
}
