import { useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { useMay } from '../../../platform/browser/session.tsx'
import { SkeletonRows } from '../../../web/ui/skeleton.tsx'
import { useShortcuts } from '../../../web/ui/use-shortcuts.tsx'
import { wantEarly, wantsEarly, type EarlyKind } from './early-writing.ts'

/**
 * While a conversation is on its way. The keys that begin an answer are remembered, and from then on no other key does
 * anything: the words of who types ahead would else be orders, and their `e` would resolve it.
 */
export function OpeningConversation({ id }: { id: string }) {
  const { t } = useLingui()
  const may = useMay()
  const [asked, setAsked] = useState(() => wantsEarly(id))
  const group = t`Conversation`
  const want = (kind: EarlyKind) => () => {
    wantEarly(id, kind)
    setAsked(true)
  }
  useShortcuts(
    [
      ...(may('inbox.reply') ? [{ id: 'inbox.reply', keys: 'r', label: t`Reply`, group, run: want('out') }] : []),
      ...(may('inbox.note') ? [{ id: 'inbox.note', keys: 'n', label: t`Write a note`, group, run: want('note') }] : []),
    ],
    { blocking: asked },
  )
  return <SkeletonRows rows={3} />
}
