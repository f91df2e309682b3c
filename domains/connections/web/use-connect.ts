// Connecting a channel: by what was typed, or, where these settings ask for leave, by way of the platform's own page.
import { useDeed } from '../../workspaces/web/index.ts'
import type { Channel, Connection } from '../contract.ts'
import { connections, leave } from './calls.ts'
import type { ConnectionInput } from './connection-form.tsx'

export interface Made {
  readonly connection: Connection
  readonly secrets: Record<string, string>
}

export function useConnect(channel: Channel, onMade: (made: Made) => void) {
  return useDeed((input: ConnectionInput) => connectOrLeave(channel, input), {
    stale: [['connections']],
    onDone: (made) => made && onMade(made),
  })
}

/** Null: the person is on their way to the platform. */
async function connectOrLeave(channel: Channel, input: ConnectionInput): Promise<Made | null> {
  if (channel.offers.includes('authorization')) {
    const { url } = await leave.beginAuthorization({ params: { channel: channel.id }, body: input })
    if (url !== null) return goTo(url)
  }
  return connections.createConnection({ body: { channel: channel.id, ...input } })
}

/** The server answers web addresses only; whatever else it were, nobody is sent there. */
export function goTo(url: string): null {
  if (/^https?:\/\//i.test(url)) window.location.assign(url)
  return null
}
