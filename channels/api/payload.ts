// The words that this channel speaks, version 1: what a customer's own system sends us. Fields that are not named here are
// ignored, null means absent. Caps are generous and exist so that one delivery can't fill the house.
import * as t from 'typebox'

export const VERSION = 1
export const MOST_EVENTS = 200

/** What strings must look like, and how to say so to somebody who wrote them otherwise. */
const patterns = {
  // Control characters in a name are a mistake or an attack.
  id: ['^[^\\u0000-\\u001f\\u007f]+$', 'must not hold control characters'],
  url: ['^[Hh][Tt][Tt][Pp][Ss]?://[^\\s]+$', 'must be an address that begins with http:// or https://'],
  // Without a zone it would depend on the clock of this machine.
  moment: [
    '^\\d{4}-\\d{2}-\\d{2}[Tt ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?([Zz]|[+-]\\d{2}:\\d{2})$',
    'must be a moment with its zone, like 2026-09-01T12:00:00Z',
  ],
} as const
export const patternInWords: ReadonlyMap<unknown, string> = new Map(Object.values(patterns))

const id = t.String({ minLength: 1, maxLength: 512, pattern: patterns.id[0] })
const line = (maxLength: number) => t.String({ maxLength })
const url = t.String({ maxLength: 4096, pattern: patterns.url[0] })
const moment = t.String({ pattern: patterns.moment[0] })
const maybe = <T extends t.TSchema>(schema: T) => t.Optional(t.Union([schema, t.Null()]))
/** Flat on purpose: nested facts could be deeper than anything that later reads them. */
const facts = t.Record(t.String(), t.Union([line(2000), t.Number(), t.Boolean(), t.Null()]), { maxProperties: 50 })

const thread = t.Object({
  key: id,
  shape: maybe(t.Union([t.Literal('line'), t.Literal('tree')])),
  visibility: maybe(t.Union([t.Literal('private'), t.Literal('public')])),
  subject: maybe(line(1000)),
  facts: maybe(facts),
})

const author = t.Object({
  id,
  scope: maybe(id),
  handle: maybe(line(512)),
  name: maybe(line(512)),
  email: maybe(line(512)),
  phone: maybe(line(64)),
  avatarUrl: maybe(url),
  profileUrl: maybe(url),
  locale: maybe(line(35)),
  reach: maybe(t.Number({ minimum: 0 })),
  isBot: maybe(t.Boolean()),
  verified: maybe(t.Boolean()),
  attributes: maybe(t.Record(t.String(), line(2000), { maxProperties: 50 })),
})

const media = t.Object({
  url,
  name: maybe(line(255)),
  mediaType: maybe(line(127)),
  alt: maybe(line(2000)),
})

const text = t.String({ maxLength: 200_000 })
const addressee = t.Object({ address: t.String({ minLength: 1, maxLength: 320 }), name: maybe(line(200)) })
const addressees = t.Array(addressee, { maxItems: 100 })
const at = maybe(moment)

export const MessagePayload = t.Object({
  type: t.Literal('message'),
  id,
  thread,
  author,
  text,
  subject: maybe(line(1000)),
  media: maybe(t.Array(media, { maxItems: 20 })),
  parent: maybe(id),
  follows: maybe(t.Array(id, { maxItems: 200 })),
  html: maybe(t.String({ maxLength: 1_000_000 })),
  quoted: maybe(text),
  addressees: maybe(t.Object({ to: addressees, cc: maybe(addressees) })),
  automatic: maybe(t.Union([t.Literal('reply'), t.Literal('list'), t.Literal('report')])),
  ours: maybe(t.Boolean()),
  data: maybe(facts),
  at,
})
export const EditPayload = t.Object({ type: t.Literal('edit'), id, text, at })
export const DeletionPayload = t.Object({ type: t.Literal('deletion'), id, at })
export const ReceiptPayload = t.Object({
  type: t.Literal('receipt'),
  id,
  state: t.Union([t.Literal('delivered'), t.Literal('read'), t.Literal('failed')]),
  reason: maybe(line(1000)),
  at,
})
export const ThreadPayload = t.Object({ type: t.Literal('thread'), thread, at })
export const IdentityPayload = t.Object({ type: t.Literal('identity'), author, gone: maybe(t.Boolean()), at })

export type ThreadFields = t.Static<typeof thread>
export type AuthorFields = t.Static<typeof author>
export type AddresseeFields = t.Static<typeof addressee>
export type MediaFields = t.Static<typeof media>

/** What we send for an answer. Byte for byte the same on every try. */
export interface AnswerBody {
  readonly version: 1
  readonly type: 'answer'
  readonly messageId: string
  readonly thread: {
    readonly key: string
    readonly visibility: string
    readonly facts: Readonly<Record<string, unknown>>
  }
  readonly inReplyTo: string | null
  readonly recipient: { readonly id: string; readonly handle: string | null; readonly scope: string } | null
  readonly author: { readonly name: string }
  readonly text: string
  readonly subject: string | null
  readonly media: readonly {
    readonly name: string
    readonly mediaType: string
    readonly size: number
    readonly alt: string | null
    /** Base64. */
    readonly content: string
  }[]
  readonly at: string
}
