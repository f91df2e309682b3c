// What goes out, as a channel is handed it, and what became of it.
import type { Moderation } from './capabilities.ts'
import type { Addressee } from './inbound.ts'

export interface OutboundMedia {
  readonly name: string
  readonly mediaType: string
  readonly size: number
  readonly alt: string | null
  /** Opens the bytes. */
  readonly read: () => Promise<Buffer>
}

/** A person as their platform knows them. */
export interface Recipient {
  readonly externalId: string
  readonly handle: string | null
  readonly scope: string
}

export interface Outbound {
  /** Ours, the same on every try. */
  readonly messageId: string
  /** The name that `identityFor` gave it before the first try. */
  readonly platformIdentity: string
  readonly threadKey: string
  readonly visibility: 'public' | 'private'
  readonly parentExternalId: string | null
  readonly conversationId: string
  /** The platform's ids of what it follows in its thread, oldest first, at most 20. */
  readonly follows: readonly string[]
  /** Set where an answer may go to several: who gets it. */
  readonly addressees: {
    readonly to: readonly Addressee[]
    readonly cc: readonly Addressee[]
    readonly bcc: readonly Addressee[]
  } | null
  /** Written by a program: the platform is told so, and programs do not answer it. */
  readonly automatic: boolean
  /** It carries answers of another channel on: a reply belongs there only if it comes from whom this went to. */
  readonly carriesOn?: boolean
  readonly recipient: Recipient | null
  readonly authorName: string
  readonly text: string
  readonly subject: string | null
  /** The line that the message is hidden behind; null where there is none. */
  readonly warning: string | null
  readonly media: readonly OutboundMedia[]
  readonly threadFacts: Readonly<Record<string, unknown>>
  /** 1 on the first try. */
  readonly attempt: number
  /** When its writer sent it: the same on every try. */
  readonly at: Date
  /** In doubt: a moment since which it was surely not tried again, the try itself or later. Null otherwise. */
  readonly triedAt: Date | null
}

/** Something to be done about a message, or about who wrote it, on the platform. Doing it twice is doing it once. */
export interface ModerationOrder {
  readonly action: Moderation
  /** The message; null where it is about the person alone. */
  readonly externalId: string | null
  readonly author: Recipient | null
  /** Told to the platform's own moderators with a report; never to the customer. */
  readonly reason: string
  /** Whether the message is ours. */
  readonly ours: boolean
}

/**
 * What happened, as data.
 * `sent`: the platform has it. `pending`: accepted, the platform will tell (receipt or `lookUp`). `retry`: it surely did not
 * arrive, try later. `rejected`: it never will. `reauthorize`: the connection is broken, the message waits. `unknown`: it may
 * or may not have arrived; nobody tries again before the platform, or a person, has said.
 */
export type SendOutcome =
  | {
      readonly state: 'sent'
      readonly externalId: string
      /** Where it can be seen on the platform. */
      readonly url?: string
      readonly data?: Readonly<Record<string, unknown>>
    }
  | { readonly state: 'pending'; readonly externalId: string }
  | {
      readonly state: 'retry'
      readonly reason: string
      /** Holds up everything of the connection until then, unless it is `onlyThis` message's. */
      readonly retryAt?: Date
      readonly onlyThis?: boolean
    }
  | { readonly state: 'rejected'; readonly reason: string }
  | { readonly state: 'reauthorize'; readonly reason: string }
  | { readonly state: 'unknown'; readonly reason: string }

export type LookUpOutcome =
  | { readonly state: 'found'; readonly externalId: string; readonly url?: string }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly reason: string }

/** What became of an order to moderate. `gone`: nothing is there any more, which is as good as done. */
export type ModerationOutcome =
  | { readonly state: 'done' | 'gone' }
  | { readonly state: 'retry'; readonly reason: string; readonly retryAt?: Date }
  | { readonly state: 'rejected' | 'reauthorize'; readonly reason: string }
