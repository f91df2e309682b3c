import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowLeft, CheckCheck, CircleHelp, TriangleAlert } from 'lucide-react'
import { Badge } from '../../../web/ui/badge.tsx'
import { buttonClass } from '../../../web/ui/button.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { OutboundPaused, Page } from '../../workspaces/web/index.ts'
import { MoreButton, PagedList } from './paged-list.tsx'
import { Place } from './place.tsx'
import { unsettledQuery } from './queries.ts'
import { SettleButtons } from './settle-buttons.tsx'
import { CarriedOn } from './system-line.tsx'
import type { messagesApi } from './api.ts'

type Unsettled = Awaited<ReturnType<typeof messagesApi.listUnsettled>>['items'][number]

/** Answers that failed or whose fate is unknown: each with why, since when, and what can be done. */
export function UnsettledScreen() {
  const { t } = useLingui()
  const query = useInfiniteQuery(unsettledQuery)
  const items = query.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page
      title={t`Failed and doubtful answers`}
      lead={
        <Trans>Nothing fails silently: what did not arrive, or may not have, stands here until somebody decides.</Trans>
      }
      actions={<BackToInbox />}
    >
      <OutboundPaused />
      <PagedList
        query={query}
        count={items.length}
        failed={t`The list could not be fetched`}
        rows={4}
        empty={
          <EmptyState icon={CheckCheck} title={t`Every answer has arrived`}>
            <Trans>An answer comes here when a channel refuses it, or when nobody can tell whether it arrived.</Trans>
          </EmptyState>
        }
      >
        <ul
          aria-label={t`${plural(items.length, { one: '# answer', other: '# answers' })}`}
          className="rounded-panel border border-line bg-raised"
        >
          {items.map((item) => (
            <UnsettledRow key={item.message.id} item={item} />
          ))}
        </ul>
      </PagedList>
      <MoreButton query={query} />
    </Page>
  )
}

function BackToInbox() {
  return (
    <Link
      to="/inbox/{-$conversationId}"
      params={{ conversationId: undefined }}
      search={{}}
      className={buttonClass('quiet')}
    >
      <Icon of={ArrowLeft} directional className="-ms-1" />
      <Trans>Inbox</Trans>
    </Link>
  )
}

function UnsettledRow({ item: { message, conversation } }: { item: Unsettled }) {
  const { t } = useLingui()
  const name = conversation.customerName ?? t`Unknown person`
  const isFailed = message.state === 'failed'
  const author = message.authorName
  return (
    <li className="flex flex-col gap-1.5 border-b border-line px-4 py-3 last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={isFailed ? 'overdue' : 'waiting'} icon={isFailed ? TriangleAlert : CircleHelp}>
          {isFailed ? <Trans>Not sent</Trans> : <Trans>In doubt</Trans>}
        </Badge>
        <Link
          to="/inbox/{-$conversationId}"
          params={{ conversationId: conversation.id }}
          search={{}}
          hash={`message-${message.id}`}
          className="min-w-0 truncate rounded-mark font-medium text-accent underline-offset-2 hover:underline"
        >
          <bdi>{name}</bdi>
        </Link>
        <span className="flex min-w-0 items-center gap-1.5 text-small text-muted">
          <Place conversation={conversation} />
        </span>
        <span className="ms-auto shrink-0 text-small whitespace-nowrap text-muted">
          <RelativeTime at={message.stateAt ?? message.occurredAt} />
        </span>
      </div>
      <p dir="auto" className="line-clamp-2 max-w-measure break-words">
        {message.kind === 'system' ? <CarriedOn message={message} /> : message.body || <Trans>Files only</Trans>}
      </p>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="min-w-48 flex-1 text-small text-muted">
          {message.stateReason ??
            (isFailed
              ? t`The channel gave no reason.`
              : t`The connection broke while it was sent. Nobody knows whether it arrived.`)}
          {author && (
            <span className="block">
              <Trans>Written by {author}</Trans>
            </span>
          )}
        </p>
        <SettleButtons message={message} />
      </div>
    </li>
  )
}
