import { useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useMay } from '../../../platform/browser/session.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { useShortcuts } from '../../../web/ui/use-shortcuts.tsx'
import { openedCorrection } from './opened-correction.ts'
import { assessmentsQuery } from './queries.ts'

/** `c` puts a message right: the one with the focus, else the one under the pointer, else the newest that came in. */
export function useCorrectionKey(conversationId: string): void {
  const { t } = useLingui()
  const may = useMay()
  const client = useQueryClient()
  useEffect(() => () => openedCorrection.set(null), [conversationId])
  const run = () => {
    const said =
      client.getQueryData(assessmentsQuery(conversationId).queryKey)?.pages.flatMap(({ items }) => items) ?? []
    const meant = [':focus-within', ':hover']
      .map((state) => document.querySelector(`article[id^="message-"]${state}`)?.id.slice('message-'.length))
      .find((id) => said.some(({ messageId }) => messageId === id))
    const target = meant ?? said[0]?.messageId
    if (!target) return void notify(t`Nothing was said of these messages yet.`)
    document.querySelector(`#message-${target}`)?.scrollIntoView({ block: 'nearest' })
    openedCorrection.set(target)
  }
  useShortcuts(
    [{ id: 'triage.correct', keys: 'c', label: t`Put the labels of a message right`, group: t`Conversation`, run }],
    { enabled: may('triage.correct') },
  )
}
