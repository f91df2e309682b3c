// Their payload to our events. A delivery is one event or a batch, and a batch stands or falls as one: half a batch stored
// would be half a truth, while a whole one in quarantine can be tried again once it is understood.
import { Compile } from 'typebox/compile'
import {
  type Addressee,
  type Author,
  type InboundEvent,
  type InboundMedia,
  NotUnderstood,
  type ReceiveContext,
  type StoredDelivery,
  type ThreadRef,
} from '../connector.ts'
import {
  type AddresseeFields,
  type AuthorFields,
  DeletionPayload,
  EditPayload,
  IdentityPayload,
  type MediaFields,
  MessagePayload,
  MOST_EVENTS,
  patternInWords,
  ReceiptPayload,
  type ThreadFields,
  ThreadPayload,
  VERSION,
} from './payload.ts'

const checks = {
  message: Compile(MessagePayload),
  edit: Compile(EditPayload),
  deletion: Compile(DeletionPayload),
  receipt: Compile(ReceiptPayload),
  thread: Compile(ThreadPayload),
  identity: Compile(IdentityPayload),
}
const kinds = Object.keys(checks)

const utf8 = new TextDecoder('utf-8', { fatal: true })

export function receive(delivery: StoredDelivery, context: ReceiveContext): readonly InboundEvent[] {
  const body = parse(delivery.body)
  if (!isObject(body)) throw new NotUnderstood('The body is not a JSON object')
  if (body['version'] !== undefined && body['version'] !== VERSION) {
    throw new NotUnderstood(`version: only ${VERSION} is understood`)
  }
  const defaults = { at: delivery.receivedAt, shape: context.settings['shape'] === 'tree' ? 'tree' : 'line' } as const
  if (body['events'] === undefined) return [eventOf(body, '', defaults)]
  const events = body['events']
  if (!Array.isArray(events)) throw new NotUnderstood('events: must be array')
  if (events.length > MOST_EVENTS) throw new NotUnderstood(`events: ${events.length} are more than ${MOST_EVENTS}`)
  return events.map((event: unknown, index) => eventOf(event, `events.${index}`, defaults))
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body))
  } catch (error) {
    const why = error instanceof SyntaxError ? 'The body is not JSON' : 'The body is not UTF-8'
    throw new NotUnderstood(why, { cause: error })
  }
}

interface Defaults {
  readonly at: Date
  readonly shape: 'line' | 'tree'
}

function eventOf(value: unknown, path: string, defaults: Defaults): InboundEvent {
  if (!isObject(value)) throw new NotUnderstood(`${path || 'The body'}: must be object`)
  const type = value['type']
  const at = () => momentOf(value['at'], path, defaults.at)
  switch (type) {
    case 'message': {
      const event = checked(checks.message, value, path)
      return {
        type,
        externalId: wellFormed(event.id),
        thread: threadOf(event.thread, defaults.shape),
        author: authorOf(event.author),
        ...given('ours', event.ours),
        ...given('parentExternalId', event.parent),
        ...(event.follows != null && { placing: { follows: event.follows.map(wellFormed) } }),
        ...given('html', event.html),
        ...given('quoted', event.quoted),
        ...(event.addressees != null && {
          addressees: { to: event.addressees.to.map(addresseeOf), cc: (event.addressees.cc ?? []).map(addresseeOf) },
        }),
        ...given('automatic', event.automatic),
        text: wellFormed(event.text),
        ...given('subject', event.subject),
        ...(event.media != null && event.media.length > 0 && { media: event.media.map(mediaOf) }),
        ...given('data', event.data && flat(event.data)),
        at: at(),
      }
    }
    case 'edit': {
      const event = checked(checks.edit, value, path)
      return { type, externalId: wellFormed(event.id), text: wellFormed(event.text), at: at() }
    }
    case 'deletion':
      return { type, externalId: wellFormed(checked(checks.deletion, value, path).id), at: at() }
    case 'receipt': {
      const event = checked(checks.receipt, value, path)
      return { type, externalId: wellFormed(event.id), state: event.state, ...given('reason', event.reason), at: at() }
    }
    case 'thread':
      return { type, thread: threadOf(checked(checks.thread, value, path).thread, defaults.shape), at: at() }
    case 'identity': {
      const event = checked(checks.identity, value, path)
      return { type, author: authorOf(event.author), ...given('gone', event.gone), at: at() }
    }
    default: {
      const told = typeof type === 'string' ? `"${wellFormed(type.slice(0, 50))}" is not` : 'must be'
      throw new NotUnderstood(`${joined(path, 'type')}: ${told} one of ${kinds.join(', ')}`)
    }
  }
}

interface Check<V> {
  Check(value: unknown): value is V
  Errors(value: unknown): unknown
}

/** The value as its schema says, or the first place where it differs. */
function checked<V>(check: Check<V>, value: unknown, path: string): V {
  if (check.Check(value)) return value
  const [first] = check.Errors(value) as Finding[]
  const inside = (first?.instancePath ?? '').split('/').filter(Boolean)
  const missing = (first?.params['requiredProperties'] as string[] | undefined)?.[0]
  const where = [path, ...inside, missing].filter(Boolean).join('.') || 'The body'
  const words = missing ? 'is missing' : (patternInWords.get(first?.params['pattern']) ?? first?.message)
  throw new NotUnderstood(`${wellFormed(where.slice(0, 200))}: ${words ?? 'is not as it must be'}`)
}

interface Finding {
  readonly instancePath: string
  readonly message: string
  readonly params: Readonly<Record<string, unknown>>
}

function threadOf(thread: ThreadFields, shape: 'line' | 'tree'): ThreadRef {
  return {
    key: wellFormed(thread.key),
    shape: thread.shape ?? shape,
    visibility: thread.visibility ?? 'private',
    ...given('subject', thread.subject),
    ...given('facts', thread.facts && flat(thread.facts)),
  }
}

function authorOf(author: AuthorFields): Author {
  return {
    externalId: wellFormed(author.id),
    ...given('scope', author.scope),
    ...given('handle', author.handle),
    ...given('name', author.name),
    ...given('email', author.email),
    ...given('phone', author.phone),
    ...given('avatarUrl', author.avatarUrl),
    ...given('profileUrl', author.profileUrl),
    ...given('locale', author.locale),
    ...given('reach', author.reach),
    ...given('isBot', author.isBot),
    ...given('verified', author.verified),
    ...given('attributes', author.attributes && flat(author.attributes)),
  }
}

function addresseeOf({ address, name }: AddresseeFields): Addressee {
  return { address: wellFormed(address), ...given('name', name) }
}

function mediaOf(media: MediaFields): InboundMedia {
  return {
    url: wellFormed(media.url),
    name: wellFormed(media.name || lastPartOf(media.url)) || 'file',
    ...given('mediaType', media.mediaType),
    ...given('alt', media.alt),
  }
}

function lastPartOf(url: string): string {
  const part = URL.parse(url)?.pathname.split('/').at(-1)?.slice(0, 255) ?? ''
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** When it happened: by their word, however odd (the product judges that), or the time of arrival where they gave none. */
function momentOf(value: unknown, path: string, arrival: Date): Date {
  if (value === undefined || value === null) return arrival
  const at = new Date(String(value))
  if (Number.isNaN(at.getTime())) throw new NotUnderstood(`${joined(path, 'at')}: there is no such moment`)
  return at
}

/** The field where it was given, and no field where it was not. */
function given<K extends string, V>(name: K, value: V | null | undefined): { readonly [key in K]?: V } {
  if (value === undefined || value === null) return {}
  return { [name]: typeof value === 'string' ? wellFormed(value) : value } as { [key in K]: V }
}

function flat<V>(fields: Readonly<Record<string, V>>): Record<string, V> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      wellFormed(name),
      typeof value === 'string' ? (wellFormed(value) as V) : value,
    ]),
  )
}

/** What a database can hold and a browser can show: no half of a pair, no U+0000. */
function wellFormed(text: string): string {
  return text.toWellFormed().replaceAll('\0', '')
}

function joined(path: string, name: string): string {
  return [path, name].filter(Boolean).join('.')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
