// Sending: shown at once, held by the server for its ten seconds, taken back whole by Undo.
import { useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { RefusedError } from '#platform/contract/client'
import { isRefusal, problemOf } from '../../../platform/browser/api.ts'
import { useSession } from '../../../platform/browser/session.tsx'
import { notify, offerUndo } from '../../../web/ui/notice-store.ts'
import type { Conversation, ConversationThread, Message } from '../contract.ts'
import { messagesApi } from './api.ts'
import { untilAnswered } from './until-answered.ts'
import { dropMessage, patchConversation, putMessage } from './cache.ts'
import { keys } from './queries.ts'
import { noPost } from './no-post.ts'
import type { Composed, DraftHandle } from './use-draft.ts'
import { useTakeBack } from './use-take-back.ts'

export interface SendOptions {
  readonly resolve?: boolean
  /** Somebody read the names of those who took no part so far, and wants them to get it. */
  readonly confirmed?: boolean
  /** In which thread, and who will see it there; left out for notes. */
  readonly where?: ConversationThread
  /** As several, each below the one before. */
  readonly chain?: boolean
}

/** `strangers`: the server asks first whether these addresses shall get it. */
export type Sent = { readonly ok: true } | { readonly ok: false; readonly strangers?: readonly string[] }

/** Sends what is composed, or writes it as a note. Answers whether the server took it; what it refused is still there. */
export function useSend(conversation: Conversation, draft: DraftHandle) {
  const client = useQueryClient()
  const { t } = useLingui()
  const { memberId, memberName } = useSession()
  const { id, customerName } = conversation

  const takeBack = useTakeBack()

  return useCallback(
    async ({ resolve = false, confirmed = false, where, chain = false }: SendOptions = {}): Promise<Sent> => {
      const composed = draft.composed
      const clientId = crypto.randomUUID()
      const shown = optimistic(conversation, composed, where, { clientId, memberId, memberName })
      await draft.flush()
      putMessage(client, shown)
      draft.clear()
      const name = customerName ?? t`Unknown person`
      let taken: Promise<Message>
      const body = composed.body.trim()
      const attachmentIds = composed.attachments.map((attachment) => attachment.id)
      if (composed.kind === 'note') {
        taken = untilAnswered(() => messagesApi.writeNote({ params: { id }, body: { body, clientId, attachmentIds } }))
      } else {
        taken = untilAnswered(() =>
          messagesApi.sendMessage({
            params: { id },
            body: {
              body,
              clientId,
              attachmentIds,
              parentId: composed.parentId,
              resolve,
              ...(composed.addressees && { addressees: composed.addressees }),
              ...(composed.subject !== null && { subject: composed.subject }),
              ...(where && { threadId: where.id, visibility: where.visibility }),
              ...(composed.warning && { warning: composed.warning }),
              ...(chain && { chain }),
              ...(confirmed && { confirmNewAddressees: true }),
            },
          }),
        )
        patchConversation(client, memberId, id, { state: resolve ? 'resolved' : 'waiting', waitingSince: null })
      }
      const closeUndo =
        composed.kind === 'out'
          ? offerUndo({
              text: resolve ? t`Answer to ${name} sent, and resolved` : t`Answer to ${name} sent`,
              seconds: 10,
              onUndo: () =>
                void taken
                  .then(() => takeBack({ id: clientId, conversationId: id, resolved: resolve }))
                  .catch(() => undefined),
            })
          : null
      try {
        putMessage(client, await taken)
        // A note leaves the draft on the server as it was.
        if (composed.kind === 'note') await removeStoredDraft(id, client)
        return { ok: true }
      } catch (error) {
        closeUndo?.()
        dropMessage(client, id, clientId)
        draft.change(composed)
        void client.invalidateQueries({ queryKey: keys.conversation(id) })
        void client.invalidateQueries({ queryKey: keys.conversations })
        if (isRefusal(error, 'inbox.new_addressees') && error instanceof RefusedError)
          return { ok: false, strangers: strangersIn(error.problem.details) }
        notify(problemOf(error).message, { tone: 'danger' })
        return { ok: false }
      }
    },
    [client, conversation, customerName, draft, id, memberId, memberName, t, takeBack],
  )
}

function strangersIn(details: Readonly<Record<string, unknown>> | undefined): string[] {
  const addresses = details?.['addresses']
  return Array.isArray(addresses) ? addresses.map(String) : []
}

async function removeStoredDraft(id: string, client: ReturnType<typeof useQueryClient>): Promise<void> {
  const { draft } = await messagesApi.getDraft({ params: { id } })
  if (draft && draft.kind === 'note')
    await messagesApi.saveDraft({ params: { id }, body: { kind: 'note', body: '', version: draft.version } })
  await client.invalidateQueries({ queryKey: keys.draft(id) })
}

function optimistic(
  conversation: Conversation,
  composed: Composed,
  where: ConversationThread | undefined,
  { clientId, memberId, memberName }: { clientId: string; memberId: string; memberName: string },
): Message {
  const at = new Date().toISOString()
  const out = composed.kind === 'out'
  return {
    id: clientId,
    conversationId: conversation.id,
    seq: Number.MAX_SAFE_INTEGER,
    episode: conversation.episode,
    kind: composed.kind,
    visibility: out ? (where?.visibility ?? conversation.visibility) : 'private',
    parentId: composed.parentId,
    identityId: null,
    memberId,
    authorName: memberName,
    subject: composed.subject,
    body: composed.body.trim(),
    attachments: [...composed.attachments],
    occurredAt: at,
    editedAt: null,
    deletedAt: null,
    state: out ? 'held' : null,
    stateReason: null,
    stateAt: at,
    undoUntil: null,
    ...noPost,
    warning: out ? composed.warning : null,
    threadId: out ? (where?.id ?? null) : null,
    placedBy: 'thread',
    ancestor: null,
    addressees: composed.addressees ?? (conversation.envelope ? { ...conversation.envelope, bcc: [] } : null),
    automatic: null,
    hasHtml: false,
    quoted: null,
    raw: false,
    data: {},
  }
}
