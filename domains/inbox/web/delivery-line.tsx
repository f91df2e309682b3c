import { Trans, useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { Check, CheckCheck, CircleHelp, Clock, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { problemOf } from '../../../platform/browser/api.ts'
import { useMay } from '../../../platform/browser/session.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import type { Message } from '../contract.ts'
import { messagesApi } from './api.ts'
import { putMessage } from './cache.ts'

/** How far an answer has come, in a word; where it failed, why, and what can be done about it. */
export function DeliveryLine({ message }: { message: Message }) {
  switch (message.state) {
    case null:
    case 'cancelled':
      return null
    case 'held':
      // Before the server has taken it there is nothing that it could hold.
      if (message.undoUntil === null) return <Quiet icon={Clock} words={<Trans>Saving</Trans>} />
      return <Quiet icon={Clock} words={<Trans>Held, can still be undone</Trans>} />
    case 'queued':
      return <Quiet icon={Clock} words={message.stateReason ?? <Trans>Queued</Trans>} />
    case 'sending':
      return <Quiet icon={Clock} words={<Trans>Sending</Trans>} />
    case 'sent':
      return <Quiet icon={Check} words={<Trans>Sent</Trans>} />
    case 'delivered':
      return <Quiet icon={CheckCheck} words={<Trans>Delivered</Trans>} />
    case 'read':
      return <Quiet icon={CheckCheck} words={<Trans>Read</Trans>} />
    case 'failed':
      return <Failed message={message} />
    case 'unknown':
      return <Unknown message={message} />
  }
}

function Quiet({ icon, words }: { icon: typeof Check; words: React.ReactNode }) {
  return (
    <span className="flex items-center gap-1">
      <Icon of={icon} className="size-3.5" />
      {words}
    </span>
  )
}

function useAsk() {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const ask = async (call: () => Promise<Message>) => {
    setBusy(true)
    try {
      putMessage(client, await call())
    } catch (error) {
      notify(problemOf(error).message, { tone: 'danger' })
    } finally {
      setBusy(false)
    }
  }
  return { busy, ask }
}

function Failed({ message: { id, stateReason } }: { message: Message }) {
  const { t } = useLingui()
  const { busy, ask } = useAsk()
  const may = useMay()
  return (
    <span className="flex flex-wrap items-center justify-end gap-2 text-overdue">
      <span className="flex items-center gap-1">
        <Icon of={TriangleAlert} className="size-3.5" />
        <span>
          <Trans>Not sent</Trans>: {stateReason ?? t`the channel gave no reason`}
        </span>
      </span>
      {may('inbox.reply') && (
        <Button size="small" busy={busy} onClick={() => void ask(() => messagesApi.retryMessage({ params: { id } }))}>
          <Trans>Try again</Trans>
        </Button>
      )}
    </span>
  )
}

function Unknown({ message: { id, stateReason } }: { message: Message }) {
  const { busy, ask } = useAsk()
  const may = useMay()
  const decide = (decision: 'arrived' | 'send_again') =>
    void ask(() => messagesApi.decideUnknown({ params: { id }, body: { decision } }))
  return (
    <span className="flex flex-wrap items-center justify-end gap-2 text-waiting">
      <span className="flex items-center gap-1">
        <Icon of={CircleHelp} className="size-3.5" />
        <span>
          {stateReason ?? <Trans>The connection broke while it was sent. Nobody knows whether it arrived.</Trans>}
        </span>
      </span>
      {may('inbox.decide_unknown') && (
        <>
          <Button size="small" busy={busy} onClick={() => decide('arrived')}>
            <Trans>It arrived</Trans>
          </Button>
          <Button size="small" busy={busy} onClick={() => decide('send_again')}>
            <Trans>Send it again</Trans>
          </Button>
        </>
      )}
    </span>
  )
}
