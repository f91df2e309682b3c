import { useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { problemOf } from '../../../platform/browser/api.ts'
import { notify, offerUndo } from '../../../web/ui/notice-store.ts'
import { unblockCustomer } from '../../customers/web/index.ts'
import type { Message } from '../contract.ts'
import { conversationsApi, reorganisingApi } from './api.ts'
import { keys } from './queries.ts'

/** Blocks whom a message is from at once; Undo lets them through again and brings the conversation back. */
export function useBlockSender(): (message: Message, name: string) => Promise<void> {
  const { t } = useLingui()
  const client = useQueryClient()
  return useCallback(
    async ({ id, conversationId }, name) => {
      const fresh = (customerId: string) => {
        void client.invalidateQueries({ queryKey: ['customer', customerId] })
        void client.invalidateQueries({ queryKey: keys.conversations })
        void client.invalidateQueries({ queryKey: keys.conversation(conversationId) })
      }
      const told = (error: unknown) => notify(problemOf(error).message, { tone: 'danger' })
      const undo = async (customerId: string, resolved: boolean) => {
        await unblockCustomer(customerId)
        if (resolved) await conversationsApi.reopenConversation({ params: { id: conversationId }, body: {} })
        fresh(customerId)
      }
      try {
        const { customerId, resolved } = await reorganisingApi.blockSender({ params: { id }, body: {} })
        fresh(customerId)
        offerUndo({
          text: t`${name} is blocked: what they write is kept and reaches nobody`,
          onUndo: () => void undo(customerId, resolved).catch(told),
        })
      } catch (error) {
        told(error)
      }
    },
    [client, t],
  )
}
