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
  /** Set where its deletion came first: then only that there was one is stored. */
  readonly deletedAt: Date | null
}
