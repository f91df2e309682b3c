import { Trans, useLingui } from '@lingui/react/macro'
import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import { useMay } from '../../../platform/browser/session.tsx'
import { CustomerPanel } from '../../customers/web/index.ts'
import { StateDot, type Tone } from '../../../web/ui/badge.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { Filled } from '../../../web/ui/slot.tsx'
import { conversationStates, type Conversation, type ConversationSummary } from '../contract.ts'
import { conversationsApi } from './api.ts'
import { useChannels, useColleagues } from './names.tsx'
import { connectionsQuery } from './queries.ts'
import { besideConversation } from './slots.ts'

const tones: Record<ConversationSummary['state'], Tone> = {
  open: 'open',
  waiting: 'waiting',
  snoozed: 'plain',
  resolved: 'resolved',
}

type Shown = Pick<Conversation, 'id' | 'customerId' | 'connectionId' | 'connectionName' | 'channel'>

/** Who the conversation is with, and what else they wrote. */
export function CustomerSide({ conversation }: { conversation: Shown }) {
  const { t } = useLingui()
  const colleagues = useColleagues()
  const others = useOtherConversations(conversation)
  const placeOf = usePlaces([conversation, ...others])
  return (
    <CustomerPanel
      key={conversation.customerId}
      id={conversation.customerId}
      nameOf={(id) => (id ? colleagues.get(id)?.name : undefined) ?? t`Somebody`}
      placeOf={placeOf}
    >
      <Filled slot={besideConversation} props={{ conversationId: conversation.id }} />
      <OtherConversations others={others} />
    </CustomerPanel>
  )
}

/** What people call the places of a channel where this customer wrote: the connections by their own names, else the channel. */
function usePlaces(spoken: readonly (Pick<Shown, 'channel' | 'connectionId'> & { connectionName?: string })[]) {
  const may = useMay()
  const channels = useChannels()
  const { data } = useQuery({ ...connectionsQuery, enabled: may('connections.read'), staleTime: Infinity })
  return (channel: string): string => {
    const names = spoken
      .filter((one) => one.channel === channel)
      .flatMap(
        ({ connectionId, connectionName }) => connectionName ?? data?.find(({ id }) => id === connectionId)?.name ?? [],
      )
    return [...new Set(names)].join(', ') || (channels.get(channel)?.name ?? channel)
  }
}

function useOtherConversations({ id, customerId }: Shown): readonly ConversationSummary[] {
  const found = useQueries({
    queries: conversationStates.map((state) => ({
      queryKey: ['conversations', 'of-customer', customerId, state],
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        (await conversationsApi.listConversations({ query: { state, customer: customerId, limit: 10 } }, { signal }))
          .items,
    })),
  })
  return found
    .flatMap(({ data }) => data ?? [])
    .filter((other) => other.id !== id)
    .toSorted((a, b) => (a.lastActivityAt < b.lastActivityAt ? 1 : -1))
}

function OtherConversations({ others }: { others: readonly ConversationSummary[] }) {
  const heading = useId()
  const words = useStateWords()
  if (others.length === 0) return null
  return (
    <section aria-labelledby={heading} className="flex flex-col gap-1 border-t border-line py-3">
      <h3 id={heading} className="px-4 text-small text-muted">
        <Trans>Other conversations</Trans>
      </h3>
      <ul>
        {others.map((other) => (
          <li key={other.id}>
            <Link
              to="/inbox/{-$conversationId}"
              params={{ conversationId: other.id }}
              search={(before) => before}
              className="flex gap-2 px-4 py-1.5 ring-inside hover:bg-hover"
            >
              <StateDot tone={tones[other.state]} label={words[other.state]} />
              <bdi className="min-w-0 flex-1 truncate">{other.subject ?? other.preview}</bdi>
              <RelativeTime at={other.lastActivityAt} className="shrink-0 text-small whitespace-nowrap text-muted" />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function useStateWords(): Record<ConversationSummary['state'], string> {
  const { t } = useLingui()
  return { open: t`Open`, waiting: t`Waiting`, snoozed: t`Snoozed`, resolved: t`Resolved` }
}
