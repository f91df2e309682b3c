import type { InboundMedia, InboundMessage } from '#channels/connector'
import type { KnownSpeaker } from '#customers/server'
import type { Placement } from '../contract.ts'
import type { PersonalSpan } from './covering.ts'

/** The connection that a batch item came by, as far as the inbox needs it. */
export interface InboundSource {
  readonly connectionId: string
  readonly channel: string
  readonly teamId: string | null
  readonly isSample?: boolean
}

/** A file as intake hands it on: its bytes are stored by then, or it says why they could not be. */
export type InboundFile = Omit<InboundMedia, 'bytes'> & { readonly failed?: string }

export interface InboundItem {
  readonly source: InboundSource
  readonly message: Omit<InboundMessage, 'media'> & { readonly media?: readonly InboundFile[] }
  readonly speaker: KnownSpeaker
  /** Whom a message of our own went to first: the conversation that it begins is theirs, not ours. */
  readonly counterpart?: KnownSpeaker
  readonly receivedAt: Date
  /** Personal data in its texts, in the order of the text. */
  readonly personal?: readonly PersonalSpan[]
  /** The delivery that was this message and nothing else. */
  readonly deliveryId?: string
}

export interface StoredMessage {
  readonly messageId: string
  readonly conversationId: string
  readonly item: InboundItem
  readonly placedBy: Placement
  /** One of too many from a program: kept, and nobody is told. */
  readonly quiet: boolean
  /** Set where its deletion came first: then only that there was one is stored. */
  readonly deletedAt: Date | null
  /** It was here already, as something that stands around, and is heard from now on. */
  readonly promoted?: boolean
}

/** The address by which others would write to an author; lower case. */
export const addressOf = ({ author }: Pick<InboundMessage, 'author'>): string =>
  (author.email ?? author.handle ?? author.externalId).toLowerCase()
