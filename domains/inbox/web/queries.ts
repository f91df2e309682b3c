// Every question that the inbox asks the server, under the keys that the events of the contracts name.
import { infiniteQueryOptions, queryOptions, type InfiniteData } from '@tanstack/react-query'
import type { Page } from '#platform/contract/kernel'
import type { Conversation, ConversationSummary, Message } from '../contract.ts'
import { channelsApi, conversationsApi, labelsApi, messagesApi, peopleApi, teamsApi } from './api.ts'
import type { ViewQuery } from './views.ts'

export const keys = {
  conversations: ['conversations'] as const,
  list: (query: ViewQuery) => ['conversations', query] as const,
  counts: ['counts'] as const,
  conversation: (id: string) => ['conversation', id] as const,
  messages: (id: string) => ['messages', id] as const,
  draft: (id: string) => ['draft', id] as const,
  unsettled: ['unsettled'] as const,
  labels: ['labels'] as const,
  colleagues: ['colleagues'] as const,
  teams: ['teams'] as const,
  channels: ['channels'] as const,
}

export type Pages<T> = InfiniteData<Page<T>, string | null>

export const conversationsQuery = (query: ViewQuery) =>
  infiniteQueryOptions({
    queryKey: keys.list(query),
    queryFn: ({ pageParam, signal }): Promise<Page<ConversationSummary>> =>
      conversationsApi.listConversations({ query: { ...query, ...(pageParam && { after: pageParam }) } }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })

export const countsQuery = queryOptions({
  queryKey: keys.counts,
  queryFn: ({ signal }) => conversationsApi.countConversations({}, { signal }),
})

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: keys.conversation(id),
    queryFn: ({ signal }): Promise<Conversation> => conversationsApi.getConversation({ params: { id } }, { signal }),
  })

/** Pages from the end of the thread; within a page the newest comes first. */
export const messagesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: keys.messages(id),
    queryFn: ({ pageParam, signal }): Promise<Page<Message>> =>
      messagesApi.listMessages({ params: { id }, query: pageParam ? { after: pageParam } : {} }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })

/** Answers that failed or whose fate is unknown, newest first. */
export const unsettledQuery = infiniteQueryOptions({
  queryKey: keys.unsettled,
  queryFn: ({ pageParam, signal }) =>
    messagesApi.listUnsettled({ query: { limit: 50, ...(pageParam && { after: pageParam }) } }, { signal }),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next }) => next,
})

export const draftQuery = (id: string) =>
  queryOptions({
    queryKey: keys.draft(id),
    queryFn: async ({ signal }) => (await messagesApi.getDraft({ params: { id } }, { signal })).draft,
  })

const named = { staleTime: Infinity }

export const labelsQuery = queryOptions({
  queryKey: keys.labels,
  queryFn: async ({ signal }) => (await labelsApi.listLabels({}, { signal })).items,
  ...named,
})

export const colleaguesQuery = queryOptions({
  queryKey: keys.colleagues,
  queryFn: async ({ signal }) => (await peopleApi.listColleagues({}, { signal })).items,
  ...named,
})

export const teamsQuery = queryOptions({
  queryKey: keys.teams,
  queryFn: async ({ signal }) => (await teamsApi.listTeams({}, { signal })).items,
  ...named,
})

export const channelsQuery = queryOptions({
  queryKey: keys.channels,
  queryFn: async ({ signal }) => (await channelsApi.listChannels({}, { signal })).items,
  ...named,
})

/** Connected accounts, for their names; only asked by those who may read them. */
export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: async ({ signal }) => (await channelsApi.listConnections({}, { signal })).items,
})
