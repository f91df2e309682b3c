// Stored bundles to events. Pure: everything that it says stands in the bundle. A post may come many times (as what somebody
// answered, as an answer, on its own): its name is its address, and the first to come is the one that is kept.
import { type InboundEvent, NotUnderstood, type StoredDelivery } from '../connector.ts'
import { storableEvents } from './clean.ts'
import { asObject, asText, at, objectsOf, textAt, type Json } from './json.ts'
import { authorOf } from './people.ts'
import { chatEvents, historyEvents } from './receive-chat.ts'
import { engagementOf, messageOf, momentOf, type PostSource } from './receive-post.ts'
import { threadPosts } from './receive-thread.ts'
import { isDid, POST, readAtUri } from './uri.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

export function receive(delivery: StoredDelivery): readonly InboundEvent[] {
  const bundle = parse(delivery.body)
  const did = bundle['did']
  if (!isDid(did)) throw new NotUnderstood('did: the account that it came to is missing')
  const source = { bundle, did, at: momentOf(bundle['at']) ?? delivery.receivedAt }
  return storableEvents(eventsOf(source))
}

export interface Source {
  readonly bundle: Json
  readonly did: string
  readonly at: Date
}

function eventsOf(source: Source): readonly InboundEvent[] {
  const { bundle } = source
  switch (bundle['kind']) {
    case 'notification':
      return notificationEvents(source)
    case 'own':
      return ownEvents(source)
    case 'watch':
      return watchEvents(source)
    case 'chat':
      return chatEvents(source)
    case 'chat-history':
      return historyEvents(source)
    default:
      throw new NotUnderstood('kind: must be one of notification, own, watch, chat, chat-history')
  }
}

function parse(body: Buffer): Json {
  let text: string
  try {
    text = utf8.decode(body)
  } catch (error) {
    throw new NotUnderstood('The body is not UTF-8', { cause: error })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new NotUnderstood('The body is not JSON', { cause: error })
  }
  const object = asObject(value)
  if (object === null) throw new NotUnderstood('The body is not a JSON object')
  return object
}

/** Reasons that tell of a person and of no words. */
const aboutPeople = new Set(['follow', 'starterpack-joined', 'verified', 'unverified', 'contact-match'])
const deeds: Readonly<Record<string, 'like' | 'repost'>> = {
  like: 'like',
  'like-via-repost': 'like',
  repost: 'repost',
  'repost-via-repost': 'repost',
}

function notificationEvents(source: Source): readonly InboundEvent[] {
  const notification = asObject(source.bundle['notification'])
  const name = readAtUri(notification?.['uri'])
  const author = asObject(notification?.['author'])
  const record = asObject(notification?.['record'])
  if (notification === null || name === null) throw new NotUnderstood('notification.uri: is no address of a record')
  const by = authorOf(author, asObject(source.bundle['profile']))
  if (by === null) throw new NotUnderstood('notification.author.did: is missing')
  const reason = asText(notification['reason']) ?? ''
  const happened = momentOf(notification['indexedAt']) ?? source.at
  const deed = deeds[reason]
  const subject = textAt(record, 'subject', 'uri') ?? asText(notification['reasonSubject'])
  if (deed !== undefined) {
    if (readAtUri(subject) === null) return []
    const externalId = String(notification['uri'])
    return [{ type: 'engagement', externalId: subject!, deed: { kind: deed, by, externalId }, at: happened }]
  }
  if (aboutPeople.has(reason)) return [{ type: 'identity', author: by, at: happened }]
  return wordsOf(source, notification, record, reason)
}

/** Somebody wrote: with what stands around it, where that was fetched. */
function wordsOf(source: Source, notification: Json, record: Json | null, reason: string): readonly InboundEvent[] {
  const uri = String(notification['uri'])
  const bare: PostSource = {
    uri,
    cid: asText(notification['cid']),
    author: asObject(notification['author']),
    record,
    view: null,
    labels: notification['labels'],
    at: momentOf(notification['indexedAt']) ?? source.at,
  }
  const thread = threadPosts(source, uri, bare)
  const profile = asObject(source.bundle['profile'])
  const message = messageOf(thread.post, {
    did: source.did,
    profile,
    subject: thread.subject,
    facts: thread.facts,
    context: reason === 'subscribed-post',
  })
  if (message === null)
    throw new NotUnderstood(`notification.record: ${kindOf(record)} of reason ${reason || '(none)'} has no words`)
  const events: InboundEvent[] = [...thread.before, message, ...thread.after]
  const subject = asText(notification['reasonSubject'])
  if (reason === 'quote' && readAtUri(subject) !== null) {
    const deed = { kind: 'quote', by: message.author, externalId: uri } as const
    events.push({ type: 'engagement', externalId: subject!, deed, at: message.at })
  }
  return events
}

function kindOf(record: Json | null): string {
  return (asText(record?.['$type']) ?? 'something').slice(0, 100).toWellFormed().replaceAll('\0', '')
}

function ownEvents(source: Source): readonly InboundEvent[] {
  const { bundle, did } = source
  const name = readAtUri(bundle['uri'])
  const record = asObject(bundle['record'])
  if (name === null || record === null) throw new NotUnderstood('uri, record: are missing')
  const handle = asText(bundle['handle'])
  const message = messageOf(
    {
      uri: String(bundle['uri']),
      cid: asText(bundle['cid']),
      author: { did: name.did, ...(handle && { handle }) },
      record,
      view: null,
      labels: null,
      at: source.at,
    },
    { did, profile: null, subject: null, facts: {}, context: false },
  )
  return message === null ? [] : [message]
}

/** Posts looked at again: counts, names, and what is there no more. */
function watchEvents(source: Source): readonly InboundEvent[] {
  const { bundle } = source
  const events: InboundEvent[] = []
  for (const view of objectsOf(bundle['posts'], 100)) {
    const uri = asText(view['uri'])
    const counts = engagementOf(view)
    const name = readAtUri(uri)
    if (uri === null || name === null) continue
    if (counts !== null) events.push({ type: 'engagement', externalId: uri, counts, at: source.at })
    const author = authorOf(asObject(view['author']), null)
    if (author !== null && author.externalId !== source.did) events.push({ type: 'identity', author, at: source.at })
    const root = textAt(view, 'record', 'reply', 'root', 'uri') ?? uri
    const disabled = at(view, 'viewer', 'replyDisabled')
    if (name.collection === POST && readAtUri(root) !== null && typeof disabled === 'boolean') {
      const thread = { key: root, shape: 'tree', visibility: 'public', facts: { replyDisabled: disabled } } as const
      events.push({ type: 'thread', thread, at: source.at })
    }
  }
  for (const uri of textsOf(bundle['gone'])) {
    if (readAtUri(uri) !== null) events.push({ type: 'deletion', externalId: uri, at: source.at })
  }
  for (const did of textsOf(bundle['goneActors'])) {
    if (isDid(did)) events.push({ type: 'identity', author: { externalId: did }, gone: true, at: source.at })
  }
  return events
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.slice(0, 200).filter((one): one is string => typeof one === 'string') : []
}
