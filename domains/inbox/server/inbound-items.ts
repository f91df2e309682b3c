import type { InboundMessage } from '#channels/connector'
import type { KnownSpeaker } from '#customers/server'

/** The connection that a batch item came by, as far as the inbox needs it. */
export interface InboundSource {
  readonly connectionId: string
  readonly channel: string
  readonly teamId: string | null
  readonly isSample?: boolean
}

export interface InboundItem {
  readonly source: InboundSource
  readonly message: InboundMessage
  readonly speaker: KnownSpeaker
  readonly receivedAt: Date
}

export interface StoredMessage {
  readonly messageId: string
  readonly conversationId: string
  readonly item: InboundItem
}

/** A platform's date counts unless it lies in the future or before the networks did: then arrival is when it happened. */
export function occurredAt(claimed: Date, receivedAt: Date): Date {
  const time = claimed.getTime()
  const ahead = time - receivedAt.getTime() > 10 * 60_000
  return Number.isNaN(time) || ahead || time < Date.UTC(1990, 0, 1) ? receivedAt : claimed
}
