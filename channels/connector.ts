// What a channel is to the rest of Rapport: one object. What it can do is data, so that the server enforces it before a send,
// the web app draws from it, reports group by it and the docs are made from it. A channel stores nothing, retries nothing and
// keeps no budget: the product does all of that for every channel alike. It translates, both ways, and says what happened.
import type * as t from 'typebox'
import type { TextLimit } from '#platform/contract/length'
import type { Addressee, InboundEvent } from './inbound.ts'

export type {
  Author,
  InboundMedia,
  ThreadRef,
  Addressee,
  Placing,
  InboundMessage,
  InboundEdit,
  InboundDeletion,
  InboundReceipt,
  InboundThreadChange,
  InboundIdentityChange,
  InboundEvent,
} from './inbound.ts'

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
  /** `many`: an answer may go to several people, openly or blind (mail). */
  readonly addressees: 'one' | 'many'
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
  readonly recipient: { readonly externalId: string; readonly handle: string | null; readonly scope: string } | null
  readonly authorName: string
  readonly text: string
  readonly subject: string | null
  readonly media: readonly OutboundMedia[]
  readonly threadFacts: Readonly<Record<string, unknown>>
  /** 1 on the first try. */
  readonly attempt: number
  /** When its writer sent it: the same on every try. */
  readonly at: Date
  /** In doubt: a moment since which it was surely not tried again, the try itself or later. Null otherwise. */
  readonly triedAt: Date | null
}

/** What a connector needs to reach its platform. `fetch` refuses private addresses, redirects away, and endless bodies. */
export interface PlatformContext {
  readonly connectionId: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly credentials: Readonly<Record<string, string>>
  readonly fetch: PlatformFetch
  /** Where a socket may be opened to: the address behind a name, or why not (private addresses, unless the program allows them). */
  readonly resolve: (host: string, port: number) => Promise<ResolvedHost>
  readonly signal: AbortSignal
  readonly now: () => Date
  /** Keeps credentials that the platform exchanged for new ones (a refresh token that rotates). */
  readonly keep?: (credentials: Readonly<Record<string, string>>) => Promise<void>
}

export type ResolvedHost =
  | { readonly ok: true; readonly address: string }
  | { readonly ok: false; readonly reason: string }

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
 * arrive, try later; a `retryAt` holds up everything of the connection, unless it is `onlyThis` message's. `rejected`: it never will. `reauthorize`: the connection is broken, the message waits. `unknown`: it may
 * or may not have arrived; nobody tries again before the platform, or a person, has said.
 */
export type SendOutcome =
  | { readonly state: 'sent'; readonly externalId: string; readonly data?: Readonly<Record<string, unknown>> }
  | { readonly state: 'pending'; readonly externalId: string }
  | { readonly state: 'retry'; readonly reason: string; readonly retryAt?: Date; readonly onlyThis?: boolean }
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

/**
 * Thrown by `poll` and `stream` to say in plain words what is wrong. `reauthorize`: a person has to act, the connection shows as
 * broken at once. `later`: it is tried again by itself, not before `retryAt` where the platform named a time (an hour at most).
 * Anything else that is thrown counts as `later`.
 */
export class NotFetched extends Error {
  override readonly name = 'NotFetched'
  readonly kind: 'later' | 'reauthorize'
  readonly retryAt: Date | null

  constructor(kind: 'later' | 'reauthorize', words: string, retryAt: Date | null = null) {
    super(words)
    this.kind = kind
    this.retryAt = retryAt
  }
}

/** One step of a poll: what was found, whole and unparsed, and where to go on. Stored and moved in one transaction. */
export interface PollStep {
  readonly deliveries: readonly { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer }[]
  readonly cursor: unknown
  readonly more: boolean
}

/**
 * Where a stream hands over what it heard; the promise settles once it is stored, and a stream waits for it before it reads on.
 * Rejects when it was not stored, and from then on always: the stream ends, and the next begins from the stored cursor.
 */
export type StreamSink = (step: Omit<PollStep, 'more'>) => Promise<void>

/** How far looking back has come, for people. */
export interface CatchingUp {
  /** Messages fetched so far. */
  readonly done: number
  /** Days or moments (ISO 8601): how far back it shall go, and the oldest that was fetched. */
  readonly from: string | null
  readonly oldest: string | null
}

// ── A door of its own ───────────────────────────────────────────────────────────────────────────────────────────────

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

// ── What stands outside ─────────────────────────────────────────────────────────────────────────────────────────────

/** One thing that has to stand outside (a DNS record), and whether it does. */
export interface Advice {
  readonly id: string
  /** What it is for, in one plain sentence. */
  readonly why: string
  readonly record: { readonly type: 'TXT' | 'MX' | 'CNAME'; readonly name: string; readonly value: string }
  readonly state: 'right' | 'missing' | 'different' | 'unclear'
  /** What was found there instead, or why nothing could be asked. */
  readonly found?: string
}

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
  /** The budget of this connection, where it is not the same for all (what a mail provider allows). */
  readonly budgetOf?: (settings: Readonly<Record<string, unknown>>) => SendBudget
  /** Settings that the program makes itself at connecting (keys, secrets shown to copy). */
  readonly generate?: () => Readonly<Record<string, string>>
  /** Pure: what is kept of made secrets that are about to be replaced, where what they signed is still on its way. */
  readonly former?: (credentials: Readonly<Record<string, string>>, now: Date) => Readonly<Record<string, string>>
  /** Over the raw bytes, before anything is parsed or stored; absent where deliveries do not come by webhook. */
  readonly verify?: (
    delivery: RawDelivery,
    credentials: Readonly<Record<string, string>>,
    settings: Readonly<Record<string, unknown>>,
  ) => Verification
  /** Pure: no clock, no network, no memory. Throws NotUnderstood. Unknown fields are ignored, unknown kinds are not lost. */
  readonly receive: (
    delivery: StoredDelivery,
    context: ReceiveContext,
  ) => readonly InboundEvent[] | Promise<readonly InboundEvent[]>
  /** The platform's name for an outbound message, made before the first try (a TID, a Message-ID, an idempotency key). */
  readonly identityFor: (messageId: string, at: Date, settings: Readonly<Record<string, unknown>>) => string
  /** The limits of this connection, where they are not the same for all (an instance's own length). */
  readonly textLimitsOf?: (settings: Readonly<Record<string, unknown>>) => readonly TextLimit[]
  readonly canReply: (thread: ThreadState, now: Date, settings: Readonly<Record<string, unknown>>) => CanReply
  readonly send?: (outbound: Outbound, context: PlatformContext) => Promise<SendOutcome>
  /** How long `send` and `lookUp` may take before `signal` ends them, in seconds. Default 45. */
  readonly sendSeconds?: number
  readonly lookUp?: (outbound: Outbound, context: PlatformContext) => Promise<LookUpOutcome>
  /** Whether this connection can be asked at all; absent: where `lookUp` is. */
  readonly canAsk?: (settings: Readonly<Record<string, unknown>>) => boolean
  readonly test?: (context: PlatformContext) => Promise<TestOutcome>
  /**
   * One step from the cursor on (null: the first ever), within a minute and by `signal`. Poll and stream of a connection share
   * one cursor and never run at the same time. After a change of settings the cursor is handed over as it was: if it belongs to
   * an account, it has to say which.
   */
  /** Whether this connection is fetched from at all; absent: where `poll` or `stream` is. */
  readonly fetches?: (settings: Readonly<Record<string, unknown>>) => boolean
  readonly poll?: (cursor: unknown, context: PlatformContext) => Promise<PollStep>
  /** How often to poll when there is nothing more, in seconds. Default 60. */
  readonly pollSeconds?: number
  /** Listens from the cursor on until `signal` or the line breaks; what was missed meanwhile it fetches first, or leaves to `poll`. */
  readonly stream?: (cursor: unknown, sink: StreamSink, context: PlatformContext) => Promise<void>
  /** Pure: the cursor that makes `poll` fetch what is as old as `from`, too. */
  readonly backfill?: (from: Date, cursor: unknown) => unknown
  /** Pure: how far looking back has come; null when there is nothing to catch up with. */
  readonly progressOf?: (cursor: unknown) => CatchingUp | null
  /** Pure: what is addressed so comes through the door to this connection (lower case). No other connection may claim the same. */
  readonly addressesOf?: (settings: Readonly<Record<string, unknown>>) => readonly string[]
  /** Opens the one door of this channel, for all of its connections. */
  readonly listen?: (options: ListenOptions, host: ListenHost) => Promise<Listener>
  /** What has to stand outside for this connection to work well, asked now. */
  readonly advise?: (context: PlatformContext) => Promise<readonly Advice[]>
  /** Guesses settings from an address, so that a person has less to type; null when nothing is known. */
  readonly discover?: (
    address: string,
    context: Omit<PlatformContext, 'connectionId' | 'settings' | 'credentials'>,
  ) => Promise<Readonly<Record<string, unknown>> | null>
}
