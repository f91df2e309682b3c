import { Trans, useLingui } from '@lingui/react/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Lock, Megaphone } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import { problemOf } from '../../../platform/browser/api.ts'
import { Button } from '../../../web/ui/button.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { SkeletonRows } from '../../../web/ui/skeleton.tsx'
import type { Conversation, Message } from '../contract.ts'
import { arrangeThread, type Block } from './arrange.ts'
import { MessageItem } from './message-item.tsx'
import { messagesQuery } from './queries.ts'
import { SystemLine } from './system-line.tsx'
import { useSought } from './use-sought.ts'
import { useChannels } from './names.tsx'
import { useNow } from './use-now.ts'
import { dayOf, dayWords } from './words.ts'

type ThreadProps = {
  conversation: Conversation
  onAnswer?: ((message: Message) => void) | undefined
}

/** Every message of a conversation, read from its end. The scroller grows upwards, so what comes above moves nothing. */
export function Thread({ conversation, onAnswer }: ThreadProps) {
  const { t } = useLingui()
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(
    messagesQuery(conversation.id),
  )
  const blocks = useMemo(() => {
    const messages = (data?.pages ?? []).flatMap(({ items }) => items).toReversed()
    return arrangeThread(messages, conversation.shape, dayOf)
  }, [data, conversation.shape])
  const sought = useSought({ blocks, hasNextPage, isFetchingNextPage, fetchNextPage })
  const name = conversation.customerName ?? t`Unknown person`
  const hasMarks = useChannels().get(conversation.channel)?.capabilities['format'] === 'markdown'
  return (
    <div
      role="region"
      aria-label={t`Messages`}
      tabIndex={0}
      className="flex min-h-0 flex-1 flex-col-reverse overflow-y-auto overscroll-contain ring-inside"
    >
      {/* Pushes a short thread up to the top: the box is filled from its end. */}
      <div aria-hidden className="flex-1" />
      <div className="mx-auto w-full max-w-dialog-wide px-4 pt-2 pb-6 laptop:px-6">
        {hasNextPage && <Earlier busy={isFetchingNextPage} onNear={() => void fetchNextPage()} />}
        {isPending && <SkeletonRows rows={4} />}
        {error && !data && (
          <EmptyState
            title={t`The messages could not be fetched`}
            action={
              <Button onClick={() => void refetch()}>
                <Trans>Try again</Trans>
              </Button>
            }
          >
            {problemOf(error).message}
          </EmptyState>
        )}
        {blocks.map((block) => (
          <BlockView
            key={block.key}
            block={block}
            customer={{ id: conversation.customerId, name }}
            subject={conversation.subject}
            hasMarks={hasMarks}
            onAnswer={conversation.shape === 'tree' ? onAnswer : undefined}
            sought={sought}
          />
        ))}
      </div>
    </div>
  )
}

function BlockView({
  block,
  customer,
  subject,
  hasMarks,
  onAnswer,
  sought,
}: {
  block: Block
  customer: { id: string; name: string }
  subject: string | null
  hasMarks: boolean
  onAnswer: ThreadProps['onAnswer']
  sought: string | null
}) {
  switch (block.kind) {
    case 'day':
      return <Day at={block.at} />
    case 'join':
      return <Join to={block.to} />
    case 'system':
      return <SystemLine message={block.message} dated={block.dated} />
    case 'message':
      return <MessageItem {...{ block, customer, subject, hasMarks, onAnswer }} sought={block.message.id === sought} />
  }
}

function Day({ at }: { at: string }) {
  const { t, i18n } = useLingui()
  const now = useNow()
  const its = dayOf(at)
  const day = new Date(now)
  const yesterday = new Date(day.getFullYear(), day.getMonth(), day.getDate() - 1)
  const words =
    its === day.toDateString() ? t`Today` : its === yesterday.toDateString() ? t`Yesterday` : dayWords(at, i18n.locale)
  return (
    <h3 className="mt-5 flex items-center gap-3 text-small font-medium text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      {words}
    </h3>
  )
}

/** Where a complaint moves out of the public eye, and where it comes back. */
function Join({ to }: { to: 'public' | 'private' }) {
  return (
    <p className="mt-5 flex items-center justify-center gap-2 text-small text-muted">
      <Icon of={to === 'public' ? Megaphone : Lock} className="size-3.5" />
      {to === 'public' ? <Trans>In public from here on</Trans> : <Trans>In private from here on</Trans>}
    </p>
  )
}

/** Fetches the next earlier page when the reader comes near; also a button, for those who do not scroll. */
function Earlier({ busy, onNear }: { busy: boolean; onNear: () => void }) {
  const mark = useRef<HTMLDivElement>(null)
  const near = useRef(onNear)
  useEffect(() => {
    near.current = onNear
  })
  useEffect(() => {
    if (!mark.current || busy) return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && near.current(), {
      rootMargin: '600px',
    })
    observer.observe(mark.current)
    return () => observer.disconnect()
  }, [busy])
  return (
    <div ref={mark} className="flex justify-center py-2">
      <Button look="plain" size="small" busy={busy} onClick={onNear}>
        <Trans>Earlier messages</Trans>
      </Button>
    </div>
  )
}
