// A label put right: shown at once, asked of the server meanwhile, taken back with Undo.
import { useLingui } from '@lingui/react/macro'
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { problemOf } from '../../../platform/browser/api.ts'
import { notify, offerUndo } from '../../../web/ui/notice-store.ts'
import type { CorrectableLabel, MessageAssessment } from '../contract.ts'
import { assessments } from './calls.ts'
import { valueOf, withLabel, type LabelValue } from './labels.ts'
import { assessmentsQuery, type Pages } from './queries.ts'

function put(client: QueryClient, next: MessageAssessment): void {
  client.setQueryData<Pages<MessageAssessment>>(
    assessmentsQuery(next.conversationId).queryKey,
    (known) =>
      known && {
        ...known,
        pages: known.pages.map((page) => ({
          ...page,
          items: page.items.map((item) => (item.messageId === next.messageId ? next : item)),
        })),
      },
  )
}

export interface Correction {
  readonly said: MessageAssessment
  readonly label: CorrectableLabel
  readonly value: LabelValue
  /** The value in words, for the notice. */
  readonly words: string
}

/** Answers a function that corrects; it resolves to whether the server took it. */
export function useCorrect(from: 'thread' | 'review'): (correction: Correction) => Promise<boolean> {
  const { t } = useLingui()
  const client = useQueryClient()
  const ask = async (said: MessageAssessment, label: CorrectableLabel, value: LabelValue): Promise<boolean> => {
    put(client, withLabel(said, label, value))
    try {
      put(client, await assessments.correctMessage({ params: { id: said.messageId }, body: { label, value, from } }))
      return true
    } catch (error) {
      put(client, said)
      notify(problemOf(error).message, { tone: 'danger' })
      return false
    }
  }
  return ({ said, label, value, words }) => {
    const before = valueOf(said, label)
    const text = t`${words}. Rapport learns from it.`
    // Nobody can say that they are unsure, so from there only another answer leads on.
    if (before === 'unsure') notify(text)
    else offerUndo({ text, onUndo: () => void ask(withLabel(said, label, value), label, before) })
    return ask(said, label, value)
  }
}
