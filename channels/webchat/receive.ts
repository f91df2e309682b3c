// What visitors did, as the domain webchat wrote it down for the accepting road, in the words that every channel uses. The
// domain has already proven who the visitor is; nothing here believes a browser.
import * as t from 'typebox'
import { Value } from 'typebox/value'
import {
  NotUnderstood,
  type Author,
  type InboundEvent,
  type InboundMedia,
  type ReceiveContext,
  type StoredDelivery,
  type ThreadRef,
} from '../connector.ts'

const Text = (maxLength: number) => t.String({ maxLength })
const Person = t.Object({
  id: t.String({ minLength: 1, maxLength: 300 }),
  verified: t.Boolean(),
  name: t.Optional(Text(200)),
  email: t.Optional(Text(320)),
  locale: t.Optional(Text(35)),
  attributes: t.Optional(t.Record(t.String(), t.String())),
})
const Page = t.Object({ url: t.Optional(Text(2000)), open: t.Optional(t.Boolean()) })
const StoredFile = t.Object({
  name: t.String({ minLength: 1, maxLength: 300 }),
  sha256: t.String({ pattern: '^[0-9a-f]{64}$' }),
  size: t.Integer({ minimum: 0 }),
  mediaType: Text(200),
  kind: Text(20),
  width: t.Optional(t.Integer()),
  height: t.Optional(t.Integer()),
})
const Message = t.Object({
  type: t.Literal('message'),
  thread: t.String({ minLength: 1, maxLength: 400 }),
  person: Person,
  page: t.Optional(Page),
  id: t.String({ minLength: 1, maxLength: 400 }),
  text: Text(5000),
  files: t.Optional(t.Array(StoredFile, { maxItems: 5 })),
})
const Receipt = t.Object({
  type: t.Literal('receipt'),
  messageIds: t.Array(t.String({ format: 'uuid' }), { minItems: 1, maxItems: 200 }),
  state: t.Unsafe<'delivered' | 'read'>({ type: 'string', enum: ['delivered', 'read'] }),
})
const Identity = t.Object({ type: t.Literal('identity'), person: Person })
const PageFacts = t.Object({ type: t.Literal('page'), thread: t.String({ minLength: 1, maxLength: 400 }), page: Page })

export const kinds = { message: Message, receipt: Receipt, identity: Identity, page: PageFacts } as const
/** A delivery of this channel, made by domains/webchat. */
export type WebchatDelivery = t.Static<(typeof kinds)[keyof typeof kinds]>
type Person = t.Static<typeof Person>

export function receive(delivery: StoredDelivery, _context: ReceiveContext): readonly InboundEvent[] {
  const given = parse(delivery.body)
  const at = delivery.receivedAt
  switch (given.type) {
    case 'message':
      return [
        {
          type: 'message',
          at,
          externalId: given.id,
          thread: threadOf(given.thread, given.page),
          author: authorOf(given.person),
          text: given.text,
          ...(given.files && given.files.length > 0 && { media: given.files.map(mediaOf) }),
        },
      ]
    case 'receipt':
      return given.messageIds.map((externalId) => ({ type: 'receipt', at, externalId, state: given.state }))
    case 'identity':
      return [{ type: 'identity', at, author: authorOf(given.person) }]
    case 'page':
      return [{ type: 'thread', at, thread: threadOf(given.thread, given.page) }]
  }
}

/** No database takes U+0000 or half a surrogate pair. */
const storable = (text: string): string => text.replaceAll('\u0000', '\uFFFD').toWellFormed()

function parse(body: Buffer): WebchatDelivery {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'), (_, part: unknown) => (typeof part === 'string' ? storable(part) : part))
  } catch (cause) {
    throw new NotUnderstood('The delivery is no JSON.', { cause })
  }
  const type = typeof value === 'object' && value !== null ? (value as { type?: unknown }).type : undefined
  if (typeof type !== 'string' || !Object.hasOwn(kinds, type))
    throw new NotUnderstood(`The delivery has no kind that this version knows (${String(type).slice(0, 40)}).`)
  const schema = kinds[type as keyof typeof kinds]
  if (!Value.Check(schema, value)) {
    const first = Value.Errors(schema, value)[0]
    throw new NotUnderstood(`The ${type} is not as it must be: ${first?.instancePath || '/'} ${first?.message ?? ''}.`)
  }
  return value as WebchatDelivery
}

const threadOf = (key: string, page: t.Static<typeof Page> | undefined): ThreadRef => ({
  key,
  shape: 'line',
  visibility: 'private',
  ...(page && {
    facts: {
      ...(page.url !== undefined && { pageUrl: page.url }),
      ...(page.open !== undefined && { pageOpen: page.open }),
    },
  }),
})

const authorOf = ({ id, verified, name, email, locale, attributes }: Person): Author => ({
  externalId: id,
  verified,
  ...(name !== undefined && { name }),
  ...(email !== undefined && { email }),
  ...(locale !== undefined && { locale }),
  ...(attributes !== undefined && {
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [storable(name), value])),
  }),
})

const mediaOf = ({
  name,
  sha256,
  size,
  mediaType,
  kind,
  width,
  height,
}: t.Static<typeof StoredFile>): InboundMedia => ({
  name,
  mediaType,
  stored: {
    sha256,
    size,
    mediaType,
    kind,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
  },
})
