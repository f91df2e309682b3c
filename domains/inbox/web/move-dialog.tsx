import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { problemOf } from '../../../platform/browser/api.ts'
import { Button } from '../../../web/ui/button.tsx'
import { Combobox } from '../../../web/ui/combobox.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import type { Choice } from '../../../web/ui/select.tsx'
import type { ConversationSummary, Message } from '../contract.ts'
import { conversationsApi, messagesApi, reorganisingApi } from './api.ts'

/** Puts a message into another conversation of the same connection: the newest ones, or what a search finds. */
export function MoveDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useLingui()
  const navigate = useNavigate()
  const [to, setTo] = useState<Choice | null>(null)
  const [words, setWords] = useState('')
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState('')
  // What was chosen stands in the box, and is nothing to search for.
  const q = words === to?.label ? '' : words.trim()
  const { data: found = [] } = useQuery({
    queryKey: ['conversations', 'to-move', q],
    queryFn: async ({ signal }): Promise<ConversationSummary[]> => {
      if (q === '') return (await conversationsApi.listConversations({ query: { limit: 30 } }, { signal })).items
      const { items } = await messagesApi.searchMessages({ query: { q, limit: 30 } }, { signal })
      return [...new Map(items.map(({ conversation }) => [conversation.id, conversation])).values()]
    },
    placeholderData: (before) => before,
  })
  const listed = found
    .filter(({ id }) => id !== message.conversationId)
    .map(({ id, subject, preview, customerName }) => ({
      value: id,
      label: subject ?? preview.slice(0, 60),
      hint: customerName ?? t`Unknown person`,
    }))
  const choices = to && !listed.some(({ value }) => value === to.value) ? [to, ...listed] : listed
  const move = async () => {
    if (to === null) return
    setBusy(true)
    try {
      await reorganisingApi.moveMessage({ params: { id: message.id }, body: { conversationId: to.value } })
      onClose()
      notify(t`The message stands there now.`)
      await navigate({
        to: '/inbox/{-$conversationId}',
        params: { conversationId: to.value },
        search: (before) => before,
        hash: `message-${message.id}`,
      })
    } catch (error) {
      setRefused(problemOf(error).message)
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t`Move the message`}
      description={t`It leaves this conversation and stands in the other one, for everybody. Answers to it follow it there.`}
      actions={
        <Button look="primary" busy={busy} disabled={to === null} onClick={() => void move()}>
          <Trans>Move</Trans>
        </Button>
      }
    >
      <Combobox
        label={t`To which conversation`}
        placeholder={t`Words that stand in it`}
        choices={choices}
        value={to?.value ?? null}
        onValueChange={(value) => setTo(choices.find((choice) => choice.value === value) ?? null)}
        onSearch={setWords}
        error={refused || undefined}
      />
    </Dialog>
  )
}
