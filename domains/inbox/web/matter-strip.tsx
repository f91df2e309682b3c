import { Trans, useLingui } from '@lingui/react/macro'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronDown, ChevronUp, Link2 } from 'lucide-react'
import { useId, useState } from 'react'
import { useMay } from '../../../platform/browser/session.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { cx } from '../../../web/ui/cx.ts'
import { Icon } from '../../../web/ui/icon.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { SkeletonRows } from '../../../web/ui/skeleton.tsx'
import { Filled } from '../../../web/ui/slot.tsx'
import { useDeed } from '../../workspaces/web/index.ts'
import type { LinkedConversation, Message } from '../contract.ts'
import { reorganisingApi } from './api.ts'
import { MessageText } from './message-text.tsx'
import { conversationQuery, keys, messagesQuery } from './queries.ts'
import { aroundWords } from './slots.ts'
import { timeWords } from './words.ts'

/** The same matter in another place: how it stands there, and what was said, without leaving this thread. */
export function MatterStrip({ conversationId, other }: { conversationId: string; other: LinkedConversation }) {
  const { t } = useLingui()
  const [shown, setShown] = useState(false)
  const listId = useId()
  // What happens there is told of that conversation alone.
  const { data: there } = useQuery({ ...conversationQuery(other.conversationId), staleTime: Infinity })
  const name = other.subject ?? other.customerName ?? t`Unknown person`
  return (
    <li className="flex flex-col gap-1">
      <div className="flex min-h-6 flex-wrap items-center gap-x-2 gap-y-1">
        <Icon of={Link2} className="mt-1 size-3.5 shrink-0 self-start text-muted" />
        <p className="min-w-0 flex-1 wrap-anywhere text-muted">
          <Trans>The same matter:</Trans>{' '}
          <Link
            to="/inbox/{-$conversationId}"
            params={{ conversationId: other.conversationId }}
            search={(before) => before}
            className="font-medium text-text underline"
          >
            <bdi>{name}</bdi>
          </Link>
          {' · '}
          <Standing state={there?.state ?? other.state} />
        </p>
        <Button
          size="small"
          look="plain"
          icon={shown ? ChevronUp : ChevronDown}
          aria-expanded={shown}
          aria-controls={shown ? listId : undefined}
          onClick={() => setShown(!shown)}
        >
          {shown ? <Trans>Hide it</Trans> : <Trans>Show it here</Trans>}
        </Button>
      </div>
      {shown && (
        <>
          <Said id={listId} conversation={other} />
          <Part conversationId={conversationId} other={other.conversationId} />
        </>
      )}
    </li>
  )
}

/** What was said by mistake is taken back where it shows. */
function Part({ conversationId, other }: { conversationId: string; other: string }) {
  const { t } = useLingui()
  const may = useMay()
  const part = useDeed(reorganisingApi.partMatter, {
    stale: [keys.conversation(conversationId), keys.conversation(other), keys.messages(conversationId)],
    loud: true,
    onDone: () => notify(t`They are two matters again. Who had them keeps them.`),
  })
  if (!may('inbox.assign')) return null
  return (
    <Button
      size="small"
      look="plain"
      className="self-start"
      busy={part.busy}
      onClick={() => part.run({ params: { id: conversationId }, body: { conversationId: other } })}
    >
      <Trans>These are two matters</Trans>
    </Button>
  )
}

function Standing({ state }: Pick<LinkedConversation, 'state'>) {
  const may = useMay()
  if (state === 'resolved') return <Trans>Resolved</Trans>
  if (state === 'snoozed') return <Trans>Snoozed</Trans>
  return may('inbox.resolve') ? <Trans>Resolving one resolves both.</Trans> : <Trans>Open</Trans>
}

const MOST = 20

function Said({ id, conversation }: { id: string; conversation: LinkedConversation }) {
  const { t } = useLingui()
  const { data, error } = useInfiniteQuery(messagesQuery(conversation.conversationId))
  if (error)
    return (
      <p className="text-muted">
        <Trans>What was said there could not be fetched.</Trans>
      </p>
    )
  if (!data) return <SkeletonRows rows={1} />
  const said = data.pages[0]?.items.filter(({ kind, deletedAt }) => kind !== 'system' && !deletedAt) ?? []
  return (
    <ol
      id={id}
      aria-label={t`What was said there`}
      tabIndex={0}
      className="flex max-h-64 flex-col gap-2 overflow-y-auto rounded-panel border border-line bg-page p-3"
    >
      {said
        .slice(0, MOST)
        .toReversed()
        .map((message) => (
          <Line key={message.id} message={message} customerName={conversation.customerName} />
        ))}
    </ol>
  )
}

function Line({ message, customerName }: { message: Message; customerName: string | null }) {
  const { t, i18n } = useLingui()
  const who = message.authorName ?? (message.kind === 'in' ? customerName : null) ?? t`Unknown person`
  return (
    <li
      className={cx(
        'flex flex-col gap-0.5 text-body',
        message.kind === 'out' && 'border-s-2 border-accent ps-2',
        message.kind === 'note' && 'rounded-mark bg-note px-2 py-1',
      )}
    >
      <p className="flex items-baseline gap-2 text-small text-muted">
        <bdi className="font-medium text-text">{who}</bdi>
        <time dateTime={message.occurredAt}>{timeWords(message.occurredAt, true, i18n.locale)}</time>
      </p>
      <Filled
        slot={aroundWords}
        props={{ message, children: (shown) => <MessageText text={shown.body} /> }}
        fallback={<MessageText text={message.body} />}
      />
    </li>
  )
}
