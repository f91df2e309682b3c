// A message that is still held, taken back: its words are the draft again, in front of whatever was begun since.
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { problemOf } from '../../../platform/browser/api.ts'
import { useSession } from '../../../platform/browser/session.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { messagesApi } from './api.ts'
import { dropMessage, patchConversation } from './cache.ts'
import { keys } from './queries.ts'
import { flushDraft } from './use-draft.ts'

interface Held {
  readonly id: string
  readonly conversationId: string
  /** Whether its conversation was resolved with it. */
  readonly resolved?: boolean
}

export function useTakeBack(): (held: Held) => Promise<void> {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { memberId } = useSession()
  return useCallback(
    async ({ id, conversationId, resolved = false }) => {
      try {
        // What was begun since is kept: the server puts the message in front of it.
        await flushDraft(conversationId)
        const restored = await messagesApi.undoMessage({ params: { id } })
        dropMessage(client, conversationId, id)
        client.setQueryData(keys.draft(conversationId), restored)
        if (resolved) patchConversation(client, memberId, conversationId, { state: 'open' })
        await navigate({ to: '/inbox/{-$conversationId}', params: { conversationId }, search: (before) => before })
        requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-composer]')?.focus())
      } catch (error) {
        notify(problemOf(error).message, { tone: 'danger' })
      }
    },
    [client, memberId, navigate],
  )
}
