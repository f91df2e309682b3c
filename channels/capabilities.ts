// What a channel can do, as data: enforced before a send, drawn by the web app, grouped by in reports, told in the docs.
import type { TextLimit } from '#platform/contract/length'

/** What can be done about a message (hide, remove, report) or about who wrote it (block, mute, and back). */
export const moderations = ['hide', 'remove', 'report', 'block', 'unblock', 'mute', 'unmute'] as const
export type Moderation = (typeof moderations)[number]

export interface MediaRules {
  readonly maxCount: number
  readonly maxBytes: number
  /** Media types or prefixes ('image/'). */
  readonly types: readonly string[]
  readonly altText: boolean
  /** Of these types or prefixes, where they may be less large than others. */
  readonly maxBytesOf?: Readonly<Record<string, number>>
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
  /** Can carry answers of another channel on to an address that the customer left there, and tell where a reply to them belongs. */
  readonly carriesOn: boolean
  /** `many`: an answer may go to several people, openly or blind (mail). */
  readonly addressees: 'one' | 'many'
  /** Whether, on doubt, the platform can be asked if a message arrived (`lookUp`). */
  readonly canLookUp: boolean
  /** What a person does on the other side to finish connecting: paste a script tag, or point a signed webhook at us. */
  readonly install: 'script-tag' | 'standard-webhooks' | 'none'
  readonly handle: 'address' | 'handle' | 'phone' | 'none'
  /** What can be done about a message or its author on the platform itself (`moderate`). */
  readonly moderation: readonly Moderation[]
  /** A public complaint can be taken into a private line there, and the answer closed in public. */
  readonly invitesToPrivate: boolean
  /** A long answer may leave as several posts, each below the one before. */
  readonly chains: boolean
  /** A message may be hidden behind a line of warning. */
  readonly contentWarning: boolean
}

/** The sender's budget, kept by the product: at most `count` sends in `perSeconds`, `concurrent` at once. */
export interface SendBudget {
  readonly count: number
  readonly perSeconds: number
  readonly concurrent: number
}
