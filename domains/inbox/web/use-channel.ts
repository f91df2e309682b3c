import { useQuery } from '@tanstack/react-query'
import { useChannels } from './names.tsx'
import { conversationQuery } from './queries.ts'

/** The channel of a conversation that is open: its capabilities are drawn from. */
export function useChannelOf(conversationId: string) {
  const { data } = useQuery(conversationQuery(conversationId))
  return useChannels().get(data?.channel ?? '')
}
