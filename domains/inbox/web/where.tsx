// Where an answer goes: into the public, or into somebody's private line. It follows what is answered, it says who will see it, and
// nothing goes public because somebody forgot to look.
import { Trans, useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { Lock, Megaphone } from 'lucide-react'
import { useState } from 'react'
import { problemOf } from '../../../platform/browser/api.ts'
import { Button } from '../../../web/ui/button.tsx'
import { cx } from '../../../web/ui/cx.ts'
import { Icon } from '../../../web/ui/icon.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import type { Conversation, ConversationThread, Message } from '../contract.ts'
import { networksApi } from './api.ts'
import { keys } from './queries.ts'
import type { Composed } from './use-draft.ts'

const FIRST = 'first'

/** The last thing that was said to us, of those messages (newest first). */
export const lastSaid = (messages: readonly Message[]): Message | null =>
  messages.find(({ kind, context }) => kind === 'in' && !context) ?? null

/** The thread of the answer that is being written: the chosen one, else that of what it answers, else of the last word to us. */
export function threadOf(
  { threads }: Pick<Conversation, 'threads'>,
  { thread }: Pick<Composed, 'thread'>,
  answered: Pick<Message, 'threadId'> | null,
): ConversationThread {
  const chosen = thread === null ? undefined : threads.find(({ id }) => (id ?? FIRST) === thread)
  return chosen ?? threads.find(({ id }) => id === (answered?.threadId ?? null)) ?? threads[0]!
}

/** Whether there is a choice, or could be one. */
export const mayChoose = ({ threads, invitesToPrivate }: Conversation): boolean =>
  threads.length > 1 || invitesToPrivate

type WhereProps = {
  conversation: Conversation
  chosen: ConversationThread
  onChoose: (thread: string) => void
}

/** The switch, where there is a choice or could be one; nothing in an ordinary conversation. */
export function Where({ conversation, chosen, onChoose }: WhereProps) {
  const { t } = useLingui()
  const { threads } = conversation
  const mayInvite = conversation.invitesToPrivate && threads.every(({ visibility }) => visibility === 'public')
  if (!mayChoose(conversation)) return null
  const isPublic = chosen.visibility === 'public'
  return (
    <div
      className={cx(
        'mx-2 mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-control px-2 py-1',
        isPublic ? 'border border-waiting bg-raised' : 'border border-line bg-sunken',
      )}
    >
      <div role="radiogroup" aria-label={t`Where it goes`} className="flex flex-wrap gap-1">
        {threads.map((thread) => (
          <Choice
            key={thread.id ?? FIRST}
            thread={thread}
            alone={threads.filter(({ visibility }) => visibility === thread.visibility).length === 1}
            on={thread.id === chosen.id}
            onChoose={() => onChoose(thread.id ?? FIRST)}
          />
        ))}
      </div>
      <span role="status" className="min-w-0 flex-1 text-small">
        {isPublic ? (
          <Trans>Everybody will see this</Trans>
        ) : chosen.who ? (
          <Trans>Only {chosen.who} will see this</Trans>
        ) : (
          <Trans>Only the customer will see this</Trans>
        )}
      </span>
      {mayInvite && <Invite conversation={conversation} onInvited={onChoose} />}
    </div>
  )
}

function Choice({
  thread,
  alone,
  on,
  onChoose,
}: {
  thread: ConversationThread
  alone: boolean
  on: boolean
  onChoose: () => void
}) {
  const isPublic = thread.visibility === 'public'
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- two words that look like a switch, not a list of circles
    <button
      type="button"
      role="radio"
      aria-checked={on}
      title={thread.canReply.ok ? undefined : thread.canReply.why}
      onClick={onChoose}
      className={cx(
        'flex h-control-small max-w-full items-center gap-1.5 rounded-control border px-2 font-medium',
        on ? 'border-edge bg-raised text-text' : 'border-transparent text-muted hover:text-text',
        !thread.canReply.ok && 'line-through',
      )}
    >
      <Icon of={isPublic ? Megaphone : Lock} className={cx('size-3.5', on && isPublic && 'text-waiting')} />
      <span className="truncate">
        {isPublic ? <Trans>Public</Trans> : <Trans>Private</Trans>}
        {!alone && thread.who && <bdi>: {thread.who}</bdi>}
      </span>
    </button>
  )
}

/** Asks the network whether this person can be spoken to alone; the composer stands at that line then. */
function Invite({ conversation, onInvited }: { conversation: Conversation; onInvited: (thread: string) => void }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const invite = async () => {
    setBusy(true)
    try {
      const { thread } = await networksApi.inviteToPrivate({ params: { id: conversation.id }, body: {} })
      await client.invalidateQueries({ queryKey: keys.conversation(conversation.id) })
      onInvited(thread.id ?? FIRST)
      notify(t`Your next answer goes to them alone. What they answer there will stand here.`)
    } catch (error) {
      notify(problemOf(error).message, { tone: 'danger' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button size="small" icon={Lock} busy={busy} onClick={() => void invite()}>
      <Trans>Go on in private</Trans>
    </Button>
  )
}
