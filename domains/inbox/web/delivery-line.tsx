import { Trans, useLingui } from '@lingui/react/macro'
import { Check, CheckCheck, CircleHelp, Clock, TriangleAlert } from 'lucide-react'
import { useSession } from '../../../platform/browser/session.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import type { Message } from '../contract.ts'
import { SettleButtons } from './settle-buttons.tsx'
import { useTakeBack } from './use-take-back.ts'

/** How far an answer has come, in a word; where it failed, why, and what can be done about it. */
export function DeliveryLine({ message }: { message: Message }) {
  switch (message.state) {
    case null:
    case 'cancelled':
      return null
    case 'held':
      // Before the server has taken it there is nothing that it could hold.
      if (message.chain && message.chain.index > 0)
        return <Quiet icon={Clock} words={<Trans>Held, then out after the part before it</Trans>} />
      if (message.undoUntil === null) return <Quiet icon={Clock} words={<Trans>Saving</Trans>} />
      return <Held message={message} />
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

/** Whoever wrote it can take it back while nothing has left, also after the bar with Undo is gone or the page was loaded anew. */
function Held({ message: { id, conversationId, memberId: author } }: { message: Message }) {
  const { memberId } = useSession()
  const takeBack = useTakeBack()
  return (
    <span className="flex items-center gap-2">
      <Quiet icon={Clock} words={<Trans>Held, can still be undone</Trans>} />
      {author === memberId && (
        <button
          type="button"
          onClick={() => void takeBack({ id, conversationId })}
          className="min-h-6 rounded-mark font-medium text-accent underline-offset-2 hover:underline"
        >
          <Trans>Take it back</Trans>
        </button>
      )}
    </span>
  )
}

function Quiet({ icon, words }: { icon: typeof Check; words: React.ReactNode }) {
  return (
    <span className="flex items-center gap-1">
      <Icon of={icon} className="size-3.5" />
      {words}
    </span>
  )
}

function Failed({ message }: { message: Message }) {
  const { t } = useLingui()
  return (
    <span className="flex flex-wrap items-center justify-end gap-2 text-overdue">
      <span className="flex items-center gap-1">
        <Icon of={TriangleAlert} className="size-3.5" />
        <span>
          <Trans>Not sent</Trans>: {message.stateReason ?? t`the channel gave no reason`}
        </span>
      </span>
      <SettleButtons message={message} />
    </span>
  )
}

function Unknown({ message }: { message: Message }) {
  return (
    <span className="flex flex-wrap items-center justify-end gap-2 text-waiting">
      <span className="flex items-center gap-1">
        <Icon of={CircleHelp} className="size-3.5" />
        <span>
          {message.stateReason ?? (
            <Trans>The connection broke while it was sent. Nobody knows whether it arrived.</Trans>
          )}
        </span>
      </span>
      <SettleButtons message={message} />
    </span>
  )
}
