import * as t from 'typebox'
import { Id, Moment, nullable, oneOf } from '#platform/contract/kernel'

/** One address that a message goes or went to. */
export const Addressee = t.Object({
  address: t.String({ minLength: 1, maxLength: 320 }),
  name: t.Optional(t.String({ maxLength: 200 })),
})
export type Addressee = t.Static<typeof Addressee>

const addressees = t.Array(Addressee, { maxItems: 100 })

/** Everybody that a message goes or went to; `bcc` is known of our own messages only. */
export const Addressees = t.Object({ to: addressees, cc: addressees, bcc: addressees })
export type Addressees = t.Static<typeof Addressees>

/** What a caller gives: lists that are left out are empty. */
export const AddresseesInput = t.Object({
  to: t.Array(Addressee, { minItems: 1, maxItems: 50 }),
  cc: t.Optional(t.Array(Addressee, { maxItems: 50 })),
  bcc: t.Optional(t.Array(Addressee, { maxItems: 50 })),
})
export type AddresseesInput = t.Static<typeof AddresseesInput>

/**
 * Why a message stands where it does. `thread`: the platform named the thread. `reply_address`: our signed reply address named
 * the conversation. `follows`: it answers a message of a conversation that its author takes part in. `stranger`: it answers one
 * that its author took no part in, so it has a conversation of its own. `report`: it tells what became of a message of ours here.
 * `new`: it answers nothing that is known here. `moved` and `split`: a member put it here.
 */
export const placements = ['thread', 'reply_address', 'follows', 'stranger', 'report', 'new', 'moved', 'split'] as const
export type Placement = (typeof placements)[number]

/** A message that another one answers, and the conversation where it stands. */
export const Ancestor = t.Object({ messageId: Id, conversationId: Id })

/** Written by a program: an answering machine, a mailing list, a delivery report. */
export const automaticKinds = ['reply', 'list', 'report'] as const

/** What a message says of its place and its road; empty for channels whose threads are the platform's own. */
export const placingFields = {
  placedBy: oneOf(placements),
  /** The nearest message that it answers, of those that are here, if the caller may see it; also in another conversation. */
  ancestor: nullable(Ancestor),
  addressees: nullable(Addressees),
  automatic: nullable(oneOf(automaticKinds)),
  /** Whether `readHtml` has something to show. */
  hasHtml: t.Boolean(),
  /** What followed the new words (earlier messages, a signature): folded away, not searched. */
  quoted: nullable(t.String()),
  /** Whether `readRaw` and `listHeaders` have the delivery that it came by: where one delivery is one message. */
  raw: t.Boolean(),
}

export const CanReply = t.Object({
  ok: t.Boolean(),
  how: t.Optional(t.String()),
  until: t.Optional(nullable(Moment)),
  cost: t.Optional(nullable(t.String())),
  why: t.Optional(t.String()),
})
export type CanReply = t.Static<typeof CanReply>

/** A conversation that has to do with another one. Seen by members only. */
export const LinkedConversation = t.Object({
  conversationId: Id,
  /**
   * `answered_there`: a message of this one was answered there, by somebody who takes no part here. `answers`: this one began as
   * such an answer to a message there. `split_off`, `split_from`: a member took messages from one into the other. `moved`: a
   * member moved messages between them. `same_matter`: a member said that they are one matter of one person.
   */
  reason: oneOf(['answered_there', 'answers', 'split_off', 'split_from', 'moved', 'same_matter']),
  subject: nullable(t.String()),
  customerName: nullable(t.String()),
  state: t.String(),
})
export type LinkedConversation = t.Static<typeof LinkedConversation>

/** What an answer to everybody would have on its envelope; the composer begins with it. */
export const AnswerEnvelope = t.Object({
  to: addressees,
  cc: addressees,
  subject: nullable(t.String()),
})
export type AnswerEnvelope = t.Static<typeof AnswerEnvelope>
