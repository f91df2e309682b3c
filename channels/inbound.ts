// What comes in, as a channel tells it: people, messages and what happens to them afterwards.

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
  /** What HTML of the same message calls it by (`cid:` without brackets), where it is shown inside. */
  readonly contentId?: string
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

/** One address that a message went to. */
export interface Addressee {
  readonly address: string
  readonly name?: string
}

/**
 * Where a message belongs that names no thread but what it answers (mail). The inbox decides: a signed address first, then a
 * message that it follows whose conversation its author takes part in, else a conversation of its own, linked to that one.
 */
export interface Placing {
  /** Ids of what it follows, nearest first (In-Reply-To, then References from last to first). */
  readonly follows: readonly string[]
  /** The conversation that a signed reply address named; the signature was proven before the delivery was stored. */
  readonly conversationId?: string
}

/** What others did with a message, as far as the platform tells: the newest word replaces the ones before. */
export interface Engagement {
  readonly likes?: number
  readonly reposts?: number
  readonly quotes?: number
  readonly replies?: number
  readonly views?: number
}

/** What a message carries that is not its own words: a link's card, or another's post that it quotes. */
export interface Embed {
  readonly kind: 'link' | 'quote'
  readonly url: string
  readonly title?: string
  readonly text?: string
  /** Who wrote what is quoted, as people would name them. */
  readonly author?: string
  readonly image?: { readonly url: string; readonly alt?: string }
}

export interface Poll {
  readonly options: readonly { readonly text: string; readonly votes?: number }[]
  readonly closesAt?: Date
  readonly multiple: boolean
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
  /** Set where threads are made of answers; then `thread.key` names the thread that it begins when nothing else places it. */
  readonly placing?: Placing
  /** The message as HTML, as it came: cleaned where it is shown. `text` says the same in plain words. */
  readonly html?: string
  /** What follows the new words: quoted answers, a signature. Kept, folded away, not searched and not assessed. */
  readonly quoted?: string
  readonly addressees?: { readonly to: readonly Addressee[]; readonly cc: readonly Addressee[] }
  /**
   * Written by a program (RFC 3834, lists, delivery reports): shown, and never answered by one. `report`: somebody has to know
   * (it did not arrive); `receipt`: nobody has (it did), so that it opens nothing and makes nothing unread.
   */
  readonly automatic?: 'reply' | 'list' | 'report' | 'receipt'
  /** Where it can be seen on the platform. */
  readonly url?: string
  /** The line that its author hid it behind. */
  readonly warning?: string
  readonly embeds?: readonly Embed[]
  readonly poll?: Poll
  readonly engagement?: Engagement
  /** Stands around what was said to us (what it answers, what others answered): shown, and nobody waits for us because of it. */
  readonly context?: boolean
  /** The channel's own knowledge of the message, kept as it is. */
  readonly data?: Readonly<Record<string, unknown>>
}

export interface InboundEdit extends InboundBase {
  readonly type: 'edit'
  readonly externalId: string
  readonly text: string
  readonly warning?: string
  readonly poll?: Poll
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
  /** The id is one of a kind in the world: where this connection does not know it, another one may have sent it. */
  readonly anywhere?: boolean
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
  /** Who they are now, where an account moved to another server. */
  readonly movedTo?: Author
}

/** What others did with a message that we know: counts as they stand now, or one deed more and by whom. */
export interface InboundEngagement extends InboundBase {
  readonly type: 'engagement'
  /** The message that it concerns. */
  readonly externalId: string
  readonly counts?: Engagement
  readonly deed?: {
    readonly kind: 'like' | 'repost' | 'quote'
    readonly by: Author
    /** The deed's own name on the platform: told twice, it counts once. */
    readonly externalId: string
    readonly undone?: boolean
  }
}

export type InboundEvent =
  | InboundMessage
  | InboundEdit
  | InboundDeletion
  | InboundReceipt
  | InboundThreadChange
  | InboundIdentityChange
  | InboundEngagement
