// A door of a channel's own, through which deliveries come (SMTP): what it is opened with and what it may ask of the program.
import type { RawDelivery } from './connector.ts'

/** A connection as a listener knows it. */
export interface ListeningConnection {
  readonly id: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly credentials: Readonly<Record<string, string>>
}

/** What a listener may ask of the program. */
export interface ListenHost {
  /** All connections of the channel that take what is addressed so (lower case); none: the sender is refused at once. */
  readonly find: (address: string) => Promise<readonly ListeningConnection[]>
  /** Settles after commit; rejects when it could not be stored, and the sender is told to come again. */
  readonly accept: (connection: ListeningConnection, delivery: Omit<RawDelivery, 'receivedAt'>) => Promise<void>
  /** Counts what was turned away, by reason. */
  readonly refused: (reason: string) => void
  readonly now: () => Date
}

export interface ListenOptions {
  readonly port: number
  readonly host: string
  /** The name that it greets with. */
  readonly name: string
  /** PEM; absent: a certificate of its own making, good for encryption and not for proof. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

export interface Listener {
  readonly port: number
  readonly close: () => Promise<void>
}
