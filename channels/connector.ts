// What a channel is to the rest of Rapport: one object. What it can do is data, so that the server enforces it before a send,
// the web app draws from it, reports group by it and the docs are made from it. A channel stores nothing, retries nothing and
// keeps no budget: the product does all of that for every channel alike. It translates, both ways, and says what happened.
import type * as t from 'typebox'
import type { TextLimit } from '#platform/contract/length'

// ── What it can do ──────────────────────────────────────────────────────────────────────────────────────────────────

export interface MediaRules {
  readonly maxCount: number
  readonly maxBytes: number
  /** Media types or prefixes ('image/'). */
  readonly types: readonly string[]
  readonly altText: boolean
}

export interface Capabilities {
  /** How deliveries arrive. 'visit': the customer comes to us (web chat, portal). */
  readonly receives: readonly ('webhook' | 'poll' | 'stream' | 'visit' | 'smtp')[]
  readonly visibility: readonly ('public' | 'private')[]
  /** `line`: one after the other; `tree`: answers hang below what they answer. */
  readonly shapes: readonly ('line' | 'tree')[]
  readonly sends: boolean
  /** 'push': we call the platform; 'fetch': the customer comes to fetch, so `send` only says that it lies ready. */
  readonly delivery: 'push' | 'fetch'
  /** Every limit holds at once (Bluesky: 300 graphemes and 3,000 bytes). */
  readonly textLimits: readonly TextLimit[]
  readonly format: 'plain' | 'markdown' | 'html'
  readonly subject: boolean
  readonly media: MediaRules | null
  /** What the platform tells us of a message afterwards. */
  readonly receipts: readonly ('delivered' | 'read' | 'failed')[]
  readonly edits: boolean
  readonly deletes: boolean
  readonly reactions: boolean
  readonly startsConversations: boolean
  /** Whether, on doubt, the platform can be asked if a message arrived (`lookUp`). */
  readonly canLookUp: boolean
  /** What a person does on the other side to finish connecting: paste a script tag, or point a signed webhook at us. */
  readonly install: 'script-tag' | 'standard-webhooks' | 'none'
  readonly handle: 'address' | 'handle' | 'phone' | 'none'
  readonly moderation: readonly ('hide' | 'remove' | 'report' | 'block')[]
}

/** The sender's budget, kept by the product: at most `count` sends in `perSeconds`, `concurrent` at once. */
export interface SendBudget {
  readonly count: number
  readonly perSeconds: number
  readonly concurrent: number
}

// ── In ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A delivery as it stood on the wire. Header names are lower case. */
export interface RawDelivery {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly receivedAt: Date
}

export interface StoredDelivery extends RawDelivery {
  readonly id: string
}

/** What `receive` may know: nothing secret, nothing that changes. */
export interface ReceiveContext {
  readonly connectionId: string
  readonly settings: Readonly<Record<string, unknown>>
}

export interface Author {
  /** The platform's id of the person, unique within `scope`. */
  readonly externalId: string
  /** Set where ids are only unique within a page, a number or an instance. */
  readonly scope?: string
  readonly handle?: string
  readonly name?: string
  readonly email?: string
  readonly phone?: string
  readonly avatarUrl?: string
  readonly profileUrl?: string
  readonly locale?: string
  readonly reach?: number
  readonly isBot?: boolean
  /** The platform (or a signature) vouches for this person's own id at the customer's: they are who they say. */
  readonly verified?: boolean
  /** Facts that the person or their signed identity gave. */
  readonly attributes?: Readonly<Record<string, string>>
}

export interface InboundMedia {
  readonly name: string
  readonly mediaType?: string
  readonly alt?: string
  /** Exactly one: where to fetch it (through the guarded fetcher), the bytes, or the hash of a file already stored. */
  readonly url?: string
  readonly bytes?: Buffer
  readonly stored?: {
    readonly sha256: string
    readonly size: number
    readonly mediaType: string
    readonly kind: string
    readonly width?: number
    readonly height?: number
  }
}

export interface ThreadRef {
  /** The platform's name of the thread; deliveries with the same key end in the same conversation. */
  readonly key: string
  readonly shape: 'line' | 'tree'
  readonly visibility: 'public' | 'private'
  readonly subject?: string
  /** What decides whether it can be answered (window ends, locks); merged into what is known of the thread. */
  readonly facts?: Readonly<Record<string, unknown>>
}

interface InboundBase {
  /** When it happened by the platform's word; the product falls back to the time of arrival when that can't be. */
  readonly at: Date
}

/** Somebody wrote. `ours`: written by our own account elsewhere than here, stored as an answer that already left. */
export interface InboundMessage extends InboundBase {
  readonly type: 'message'
  readonly externalId: string
  readonly thread: ThreadRef
  readonly author: Author
  readonly ours?: boolean
  readonly parentExternalId?: string
  readonly text: string
  readonly subject?: string
  readonly media?: readonly InboundMedia[]
  /** The channel's own knowledge of the message, kept as it is. */
  readonly data?: Readonly<Record<string, unknown>>
}

export interface InboundEdit extends InboundBase {
  readonly type: 'edit'
  readonly externalId: string
  readonly text: string
}

export interface InboundDeletion extends InboundBase {
  readonly type: 'deletion'
  readonly externalId: string
}

/** What became of something we sent, found by the id that the platform (or we) gave it. */
export interface InboundReceipt extends InboundBase {
  readonly type: 'receipt'
  readonly externalId: string
  readonly state: 'delivered' | 'read' | 'failed'
  readonly reason?: string
}

/** Something changed about the thread: its window, a lock, its title. */
export interface InboundThreadChange extends InboundBase {
  readonly type: 'thread'
  readonly thread: ThreadRef
}

/** Something changed about a person: a new handle, a deleted account. */
export interface InboundIdentityChange extends InboundBase {
  readonly type: 'identity'
  readonly author: Author
  readonly gone?: boolean
}

export type InboundEvent =
  | InboundMessage
  | InboundEdit
  | InboundDeletion
  | InboundReceipt
  | InboundThreadChange
  | InboundIdentityChange

/** Thrown by `receive` when a delivery can't be understood; the reason is shown beside it in quarantine. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood'
}

export type Verification =
  | {
      readonly ok: true
      /** Echoed at once where the platform demands words back (handshakes). */ readonly answer?: string
      /** The delivery's own name, where the signature covers it: the same bytes under it are the same delivery come again. */
      readonly once?: string
    }
  | { readonly ok: false; readonly reason: 'bad_signature' | 'stale' | 'malformed' }

// ── Out ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface OutboundMedia {
  readonly name: string
  readonly mediaType: string
  readonly size: number
  readonly alt: string | null
  /** Opens the bytes. */
  readonly read: () => Promise<Buffer>
}

export interface Outbound {
  /** Ours, the same on every try. */
  readonly messageId: string
  /** The name that `identityFor` gave it before the first try. */
  readonly platformIdentity: string
  readonly threadKey: string
  readonly visibility: 'public' | 'private'
  readonly parentExternalId: string | null
  readonly recipient: { readonly externalId: string; readonly handle: string | null; readonly scope: string } | null
  readonly authorName: string
  readonly text: string
  readonly subject: string | null
  readonly media: readonly OutboundMedia[]
  readonly threadFacts: Readonly<Record<string, unknown>>
  /** 1 on the first try. */
  readonly attempt: number
  readonly at: Date
}

/** What a connector needs to reach its platform. `fetch` refuses private addresses, redirects away, and endless bodies. */
export interface PlatformContext {
  readonly connectionId: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly credentials: Readonly<Record<string, string>>
  readonly fetch: PlatformFetch
  readonly signal: AbortSignal
  readonly now: () => Date
}

export type PlatformFetch = (
  url: string,
  init?: {
    readonly method?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string | Buffer
    readonly timeoutMs?: number
    readonly maxBytes?: number
  },
) => Promise<PlatformResponse>

/** `sent`: whether the request may have reached the platform although no answer came: the root of *unknown*. */
export type PlatformResponse =
  | {
      readonly ok: true
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: Buffer
    }
  | { readonly ok: false; readonly sent: 'no' | 'maybe'; readonly reason: string }

/**
 * What happened, as data.
 * `sent`: the platform has it. `pending`: accepted, the platform will tell (receipt or `lookUp`). `retry`: it surely did not
 * arrive, try later. `rejected`: it never will. `reauthorize`: the connection is broken, the message waits. `unknown`: it may
 * or may not have arrived; nobody tries again before the platform, or a person, has said.
 */
export type SendOutcome =
  | { readonly state: 'sent'; readonly externalId: string; readonly data?: Readonly<Record<string, unknown>> }
  | { readonly state: 'pending'; readonly externalId: string }
  | { readonly state: 'retry'; readonly reason: string; readonly retryAt?: Date }
  | { readonly state: 'rejected'; readonly reason: string }
  | { readonly state: 'reauthorize'; readonly reason: string }
  | { readonly state: 'unknown'; readonly reason: string }

export type LookUpOutcome =
  | { readonly state: 'found'; readonly externalId: string }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly reason: string }

/** Whether this thread can be answered now. `how` names what the answer will be, for the composer. */
export type CanReply =
  | { readonly ok: true; readonly how: string; readonly until: Date | null; readonly cost: string | null }
  | { readonly ok: false; readonly why: string }

export interface ThreadState {
  readonly visibility: 'public' | 'private'
  readonly lastInboundAt: Date | null
  readonly facts: Readonly<Record<string, unknown>>
}

export type TestOutcome =
  | { readonly ok: true; readonly note: string }
  | { readonly ok: false; readonly reason: string; readonly field?: string }

/** One step of a poll: what was found, whole and unparsed, and where to go on. Stored and moved in one transaction. */
export interface PollStep {
  readonly deliveries: readonly { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer }[]
  readonly cursor: unknown
  readonly more: boolean
}

/** Where a stream hands over what it heard; the promise settles once it is stored. */
export type StreamSink = (step: Omit<PollStep, 'more'>) => Promise<void>

// ── The object ──────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Connector {
  /** The folder's name. */
  readonly id: string
  readonly name: string
  /** One sentence for the list of channels. */
  readonly summary: string
  /** JSON Schema of what a person sets; the web app draws the form from it. Fields with `format: 'password'` are sealed. */
  readonly settings: t.TObject
  readonly capabilities: Capabilities
  readonly budget: SendBudget
  /** Settings that the program makes itself at connecting (keys, secrets shown to copy). */
  readonly generate?: () => Readonly<Record<string, string>>
  /** Over the raw bytes, before anything is parsed or stored; absent where deliveries do not come by webhook. */
  readonly verify?: (
    delivery: RawDelivery,
    credentials: Readonly<Record<string, string>>,
    settings: Readonly<Record<string, unknown>>,
  ) => Verification
  /** Pure: no clock, no network, no memory. Throws NotUnderstood. Unknown fields are ignored, unknown kinds are not lost. */
  readonly receive: (delivery: StoredDelivery, context: ReceiveContext) => readonly InboundEvent[]
  /** The platform's name for an outbound message, made before the first try (a TID, a Message-ID, an idempotency key). */
  readonly identityFor: (messageId: string, at: Date, settings: Readonly<Record<string, unknown>>) => string
  /** The limits of this connection, where they are not the same for all (an instance's own length). */
  readonly textLimitsOf?: (settings: Readonly<Record<string, unknown>>) => readonly TextLimit[]
  readonly canReply: (thread: ThreadState, now: Date, settings: Readonly<Record<string, unknown>>) => CanReply
  readonly send?: (outbound: Outbound, context: PlatformContext) => Promise<SendOutcome>
  readonly lookUp?: (outbound: Outbound, context: PlatformContext) => Promise<LookUpOutcome>
  readonly test?: (context: PlatformContext) => Promise<TestOutcome>
  readonly poll?: (cursor: unknown, context: PlatformContext) => Promise<PollStep>
  readonly stream?: (cursor: unknown, sink: StreamSink, context: PlatformContext) => Promise<void>
}
