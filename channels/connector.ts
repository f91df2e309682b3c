// What a channel is to the rest of Rapport: one object. What it can do is data, so that the server enforces it before a send,
// the web app draws from it, reports group by it and the docs are made from it. A channel stores nothing, retries nothing and
// keeps no budget: the product does all of that for every channel alike. It translates, both ways, and says what happened.
import type * as t from 'typebox'
import type { TextLimit } from '#platform/contract/length'
import type { Authorization } from './authorization.ts'
import type { Capabilities, MediaRules, SendBudget } from './capabilities.ts'
import type { CatchingUp, PollStep, StreamSink } from './fetching.ts'
import type { InboundEvent } from './inbound.ts'
import type { Listener, ListenHost, ListenOptions } from './listener.ts'
import type { LookUpOutcome, ModerationOrder, ModerationOutcome, Outbound, Recipient, SendOutcome } from './outbound.ts'
import type { Learned, PlatformContext } from './platform-context.ts'

export { NotAuthorized } from './authorization.ts'
export type { Authorization, AuthorizationOutcome, AuthorizationRequest, AuthorizationStart } from './authorization.ts'
export { moderations } from './capabilities.ts'
export type { Capabilities, MediaRules, Moderation, SendBudget } from './capabilities.ts'
export { NotFetched } from './fetching.ts'
export type { CatchingUp, PollStep, StreamSink } from './fetching.ts'
export type {
  Learned,
  PlatformContext,
  PlatformFetch,
  PlatformResponse,
  PlatformStream,
  PlatformStreamed,
  ResolvedHost,
} from './platform-context.ts'
export type { Listener, ListenHost, ListeningConnection, ListenOptions } from './listener.ts'
export type {
  LookUpOutcome,
  ModerationOrder,
  ModerationOutcome,
  Outbound,
  OutboundMedia,
  Recipient,
  SendOutcome,
} from './outbound.ts'
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
  InboundEngagement,
  InboundEvent,
  Embed,
  Engagement,
  Poll,
} from './inbound.ts'

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

/** Whether this thread can be answered now. `how` names what the answer will be, for the composer. */
export type CanReply =
  | { readonly ok: true; readonly how: string; readonly until: Date | null; readonly cost: string | null }
  | { readonly ok: false; readonly why: string }

/** The thread in which a person is spoken to in private, under the key that their answers will come with. */
export type PrivateLine =
  | { readonly ok: true; readonly threadKey: string; readonly facts?: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly why: string }

export interface ThreadState {
  readonly visibility: 'public' | 'private'
  readonly lastInboundAt: Date | null
  readonly facts: Readonly<Record<string, unknown>>
}

export type TestOutcome =
  | { readonly ok: true; readonly note: string; readonly learned?: Learned }
  | { readonly ok: false; readonly reason: string; readonly field?: string }

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
  /**
   * JSON Schema of what a person sets; the web app draws the form from it. Fields with `format: 'password'` are sealed. For the
   * form alone: `group` (a title that several share), `advanced` (its group starts folded), `when` (asked for only while other
   * settings hold one of these values), `multiline` (a text of several lines).
   */
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
  /** The limits of this connection, where they are not the same for all (an instance's own length) or not the same in private. */
  readonly textLimitsOf?: (
    settings: Readonly<Record<string, unknown>>,
    visibility: 'public' | 'private',
  ) => readonly TextLimit[]
  /** The same for files; null: none are taken there. */
  readonly mediaOf?: (
    settings: Readonly<Record<string, unknown>>,
    visibility: 'public' | 'private',
  ) => MediaRules | null
  /** Pure: what comes below every answer, in the format of answers; `{agent}` stands for the name of who wrote it. Absent: nothing. */
  readonly signatureOf?: (settings: Readonly<Record<string, unknown>>) => string
  /**
   * Pure: what a post to this person begins with where its words do not name them already (a mention and a blank). It counts in
   * the limits, so whoever counts or splits a text counts it in.
   */
  readonly openingOf?: (person: Recipient, settings: Readonly<Record<string, unknown>>) => string
  /** Pure: what people should know of this connection although it works, each in a sentence. */
  readonly notesOf?: (settings: Readonly<Record<string, unknown>>, now: Date) => readonly string[]
  readonly canReply: (thread: ThreadState, now: Date, settings: Readonly<Record<string, unknown>>) => CanReply
  readonly send?: (outbound: Outbound, context: PlatformContext) => Promise<SendOutcome>
  /** How long `send` and `lookUp` may take before `signal` ends them, in seconds. Default 45. */
  readonly sendSeconds?: number
  readonly lookUp?: (outbound: Outbound, context: PlatformContext) => Promise<LookUpOutcome>
  /** Whether this connection can be asked at all; absent: where `lookUp` is. */
  readonly canAsk?: (settings: Readonly<Record<string, unknown>>) => boolean
  /** Present where `capabilities.moderation` names anything. */
  readonly moderate?: (order: ModerationOrder, context: PlatformContext) => Promise<ModerationOutcome>
  /** Whether this person can be written to in private from a public thread of theirs, and how; asked when a member wants to. */
  readonly privateLine?: (person: Recipient, context: PlatformContext) => Promise<PrivateLine>
  /** How people give leave on the platform (OAuth); absent: secrets are typed in. */
  readonly authorization?: Authorization
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
