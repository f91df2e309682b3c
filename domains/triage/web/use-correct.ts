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
  const ask = async (shown: MessageAssessment, next: MessageAssessment, answer: () => Promise<MessageAssessment>) => {
    put(client, next)
    try {
      put(client, await answer())
      return true
    } catch (error) {
      put(client, shown)
      notify(problemOf(error).message, { tone: 'danger' })
      return false
    }
  }
  return ({ said, label, value, words }) => {
    const params = { id: said.messageId }
    const next = withLabel(said, label, value)
    const asked = ask(said, next, () => assessments.correctMessage({ params, body: { label, value, from } }))
    offerUndo({
      text: t`${words}. Rapport learns from it.`,
      // Taken back only after it arrived, or the two could pass each other.
      onUndo: () => void asked.then((taken) => taken && ask(next, said, () => takeBack(said, label, from))),
    })
    return asked
  }
}

/** As it was before: without a word of anybody, or with the word that somebody had said earlier. */
export const takeBack = (
  said: MessageAssessment,
  label: CorrectableLabel,
  from: 'thread' | 'review',
): Promise<MessageAssessment> =>
  said.corrected.includes(label)
    ? assessments.correctMessage({
        params: { id: said.messageId },
        body: { label, value: valueOf(said, label), from },
      })
    : assessments.withdrawCorrection({ params: { id: said.messageId, label } })
