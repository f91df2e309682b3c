import { Trans, useLingui } from '@lingui/react/macro'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { isRefusal, problemOf } from '../../../platform/browser/api.ts'
import { useMay, useSession } from '../../../platform/browser/session.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { Filled } from '../../../web/ui/slot.tsx'
import { BlockedStrip } from '../../customers/web/index.ts'
import type { Conversation } from '../contract.ts'
import { conversationsApi } from './api.ts'
import { patchConversation } from './cache.ts'
import { Composer } from './composer.tsx'
import { ConversationHead } from './conversation-head.tsx'
import { LinkedStrip } from './linked-strip.tsx'
import { OpeningConversation } from './opening-conversation.tsx'
import { conversationQuery, messagesQuery } from './queries.ts'
import { aboveThread } from './slots.ts'
import { Thread } from './thread.tsx'
import { useDraft } from './use-draft.ts'
import { useActions } from './use-actions.ts'
import { lastSaid } from './where.tsx'
import { usePresence, type Doing } from './use-presence.ts'

type PaneProps = { id: string; onResolve: (conversation: Conversation, andNext: boolean) => void; onNext: () => void }

/** One conversation: head, thread, composer. */
export function ConversationPane({ id, ...rest }: PaneProps) {
  const { t } = useLingui()
  const { data, error, refetch } = useQuery(conversationQuery(id))
  if (data) return <Opened key={id} conversation={data} {...rest} />
  if (!error) return <OpeningConversation key={id} id={id} />
  return isRefusal(error, 'not_found') ? (
    <EmptyState title={t`This conversation is not here`}>
      <Trans>It was removed, or it belongs to a team that you are not in.</Trans>
    </EmptyState>
  ) : (
    <EmptyState
      title={t`This conversation could not be opened`}
      action={
        <Button onClick={() => void refetch()}>
          <Trans>Try again</Trans>
        </Button>
      }
    >
      {problemOf(error).message}
    </EmptyState>
  )
}

function Opened({ conversation, onResolve, onNext }: Omit<PaneProps, 'id'> & { conversation: Conversation }) {
  const may = useMay()
  const actions = useActions()
  const { id } = conversation
  const [doing, setDoing] = useState<Doing>('viewing')
  const others = usePresence(id, doing)
  const draft = useDraft(id, may('inbox.reply'))
  const idle = useRef<ReturnType<typeof setTimeout>>(undefined)
  useMarkRead(conversation)
  const { data } = useInfiniteQuery(messagesQuery(id))
  const onTyping = useCallback(() => {
    setDoing('typing')
    clearTimeout(idle.current)
    idle.current = setTimeout(() => setDoing('viewing'), 5000)
  }, [])
  useEffect(() => () => clearTimeout(idle.current), [])
  const { parentId } = draft.composed
  const messages = data?.pages.flatMap(({ items }) => items) ?? []
  const answered = parentId ? (messages.find((m) => m.id === parentId) ?? null) : null
  return (
    <>
      <ConversationHead
        conversation={conversation}
        others={others}
        onResolve={(next) => onResolve(conversation, next)}
      />
      <BlockedStrip id={conversation.customerId} />
      <LinkedStrip key={id} id={id} linked={conversation.linked} />
      <Filled slot={aboveThread} props={{ conversation }} />
      <Thread
        conversation={conversation}
        onAnswer={(message) => {
          draft.change({ kind: 'out', parentId: message.id, thread: message.threadId ?? 'first' })
          document.querySelector<HTMLElement>('[data-composer]')?.focus()
        }}
      />
      {(may('inbox.reply') || may('inbox.note')) && (
        <Composer
          conversation={conversation}
          draft={draft}
          others={others}
          answered={answered}
          said={lastSaid(messages)}
          onTyping={onTyping}
          onSent={(resolved) => {
            clearTimeout(idle.current)
            setDoing('viewing')
            if (!resolved) return
            void actions.resolveOthers(id)
            onNext()
          }}
        />
      )}
    </>
  )
}

/** Remembers how far was read, once it has really been looked at. */
function useMarkRead(conversation: Conversation): void {
  const client = useQueryClient()
  const { memberId } = useSession()
  const { id, unread } = conversation
  const { data } = useInfiniteQuery(messagesQuery(id))
  const last = Math.max(
    0,
    ...(data?.pages[0]?.items.map(({ seq }) => (seq === Number.MAX_SAFE_INTEGER ? 0 : seq)) ?? []),
  )
  const told = useRef(0)
  useEffect(() => {
    if (!unread || last === 0 || last <= told.current) return
    const mark = () => {
      if (document.visibilityState !== 'visible' || last <= told.current) return
      told.current = last
      patchConversation(client, memberId, id, { unread: false })
      conversationsApi.markConversationRead({ params: { id }, body: { seq: last } }).catch(() => {
        told.current = 0
      })
    }
    mark()
    document.addEventListener('visibilitychange', mark)
    return () => document.removeEventListener('visibilitychange', mark)
  }, [client, id, last, memberId, unread])
}
