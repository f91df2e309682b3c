import { useQuery } from '@tanstack/react-query'
import type { Channel } from '../contract.ts'
import { channelsQuery } from './queries.ts'

/** Whether a channel is finished by putting a script tag into a page, as web chat is. */
export const isScriptTag = ({ capabilities }: Pick<Channel, 'capabilities'>): boolean =>
  capabilities['install'] === 'script-tag'

/** What has to be done on the other side of a channel, as the channel itself says. */
export function useInstall(channel: string): unknown {
  const { data = [] } = useQuery(channelsQuery)
  return data.find(({ id }) => id === channel)?.capabilities['install']
}
