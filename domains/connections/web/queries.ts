// What the screens of this domain ask for. Keys are those that the events name as stale.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { connections } from './calls.ts'

export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: async ({ signal }) => (await connections.listChannels({}, { signal })).items,
  staleTime: Infinity,
})
export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: async ({ signal }) => (await connections.listConnections({}, { signal })).items,
})
export const connectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['connection', id],
    queryFn: ({ signal }) => connections.getConnection({ params: { id } }, { signal }),
  })
export const quarantineQuery = (connection: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['quarantine', { connection }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      connections.listQuarantine(
        { query: { limit: 30, ...(pageParam && { after: pageParam }), ...(connection && { connection }) } },
        { signal },
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  })
