// What a member does with a conversation: shown at once, asked of the server meanwhile, taken back with Undo.
import { useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { isRefusal, problemOf } from '../../../platform/browser/api.ts'
import { useSession } from '../../../platform/browser/session.tsx'
import { notify, offerUndo } from '../../../web/ui/notice-store.ts'
import type { Conversation, ConversationSummary } from '../contract.ts'
import { conversationsApi } from './api.ts'
import { patchConversation } from './cache.ts'
import { othersOfMatter } from './matter.ts'
import { keys } from './queries.ts'

type Row = Pick<ConversationSummary, 'id' | 'state' | 'snoozedUntil' | 'assigneeId' | 'teamId' | 'labelIds'> &
  Pick<ConversationSummary, 'customerName'>

/** What it takes to resolve a conversation and to put it back. */
type Line = Pick<Row, 'id' | 'state' | 'snoozedUntil' | 'customerName'>

export type Actions = ReturnType<typeof useActions>

export function useActions() {
  const client = useQueryClient()
  const { t } = useLingui()
  const { memberId } = useSession()
  return useMemo(() => {
    /** Changes now, asks, and puts back what was there when the server refuses. */
    const change = async (
      row: Pick<Row, 'id'>,
      patch: Partial<ConversationSummary>,
      ask: () => Promise<Conversation>,
    ) => {
      patchConversation(client, memberId, row.id, patch)
      try {
        const answer = await ask()
        client.setQueryData(keys.conversation(row.id), answer)
        return true
      } catch (error) {
        void client.invalidateQueries({ queryKey: keys.conversation(row.id) })
        void client.invalidateQueries({ queryKey: keys.conversations })
        // Somebody did the same a moment before: that is no news to complain about.
        if (isRefusal(error, 'inbox.already_resolved') || isRefusal(error, 'inbox.already_open')) return true
        notify(problemOf(error).message, { tone: 'danger' })
        return false
      }
    }
    const params = (row: Pick<Row, 'id'>) => ({ params: { id: row.id } })
    const nameOf = (row: Pick<Row, 'customerName'>) => row.customerName ?? t`Unknown person`

    const putBack = (row: Line) => {
      if (row.state === 'snoozed' && row.snoozedUntil) return snooze(row, row.snoozedUntil, false)
      if (row.state === 'waiting')
        return change(row, { state: 'waiting' }, () => conversationsApi.waitConversation({ ...params(row), body: {} }))
      return change(row, { state: 'open' }, () => conversationsApi.reopenConversation({ ...params(row), body: {} }))
    }
    const matterOf = (id: string): Line[] => {
      const known = client.getQueryData<Conversation>(keys.conversation(id))
      return known ? othersOfMatter(known) : []
    }
    /** Resolves the others of each one's matter too: what is known of them now, and what its answer tells of them. */
    const resolve = async (chosen: readonly Line[]): Promise<void> => {
      const rows = [
        ...new Map([...chosen.flatMap(({ id }) => matterOf(id)), ...chosen].map((row) => [row.id, row])).values(),
      ]
      const name = chosen[0] ? nameOf(chosen[0]) : ''
      const count = rows.length
      offerUndo({
        text: count === 1 ? t`Resolved: ${name}` : t`Resolved: ${count} conversations`,
        onUndo: () => void Promise.all(rows.map(putBack)),
      })
      await Promise.all(
        rows.map(async (row) => {
          const went = await change(row, { state: 'resolved', snoozedUntil: null, waitingSince: null }, () =>
            conversationsApi.resolveConversation({ ...params(row), body: {} }),
          )
          const learnt = went ? matterOf(row.id).filter(({ id }) => rows.every((one) => one.id !== id)) : []
          if (learnt.length > 0) await resolve(learnt)
        }),
      )
    }
    /** What a conversation that was resolved by its answer leaves to do. */
    const resolveOthers = async (id: string): Promise<void> => {
      const others = matterOf(id)
      if (others.length > 0) await resolve(others)
    }
    const snooze = (row: Line, until: string, offer = true) => {
      const name = nameOf(row)
      if (offer) offerUndo({ text: t`Snoozed: ${name}`, onUndo: () => void putBack(row) })
      return change(row, { state: 'snoozed', snoozedUntil: until }, () =>
        conversationsApi.snoozeConversation({ ...params(row), body: { until } }),
      )
    }
    const assign = (rows: readonly Row[], to: { assigneeId?: string | null; teamId?: string | null }) =>
      Promise.all(
        rows.map((row) => change(row, to, () => conversationsApi.assignConversation({ ...params(row), body: to }))),
      )
    const reopen = (row: Row) =>
      change(row, { state: 'open', snoozedUntil: null }, () =>
        conversationsApi.reopenConversation({ ...params(row), body: {} }),
      )
    const wait = (row: Row) => {
      const name = nameOf(row)
      offerUndo({ text: t`Waiting for ${name}`, onUndo: () => void putBack(row) })
      return change(row, { state: 'waiting', snoozedUntil: null, waitingSince: null }, () =>
        conversationsApi.waitConversation({ ...params(row), body: {} }),
      )
    }
    const label = (row: Row, labelId: string, on: boolean) =>
      change(row, { labelIds: on ? [...row.labelIds, labelId] : row.labelIds.filter((id) => id !== labelId) }, () =>
        conversationsApi.labelConversation({ ...params(row), body: on ? { add: [labelId] } : { remove: [labelId] } }),
      )
    return { resolve, resolveOthers, snooze, assign, reopen, wait, label }
  }, [client, memberId, t])
}
