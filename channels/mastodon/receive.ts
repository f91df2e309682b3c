// Deliveries of this channel (see bundle.ts) as events. Pure. What a kind of notification means that did not exist when this was
// written: whoever sends a post says something; whoever sends none is told of as far as can be.
import {
  type InboundEngagement,
  type InboundEvent,
  NotUnderstood,
  type ReceiveContext,
  type StoredDelivery,
} from '../connector.ts'
import { type Bundle, treeKey } from './bundle.ts'
import {
  type Fields,
  idIn,
  isObject,
  listIn,
  momentIn,
  objectIn,
  readAccount,
  readStatus,
  type Status,
  textIn,
} from './entities.ts'
import { authorOf, editOf, engagementOf, type MessageOptions, messageOf, movesOf, noticeOf } from './message.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

export function receiveMastodon(delivery: StoredDelivery, _context: ReceiveContext): readonly InboundEvent[] {
  const bundle = parse(delivery.body)
  const options: MessageOptions = {
    host: textIn(bundle, 'host').slice(0, 300),
    me: idIn(bundle, 'me'),
    receivedAt: delivery.receivedAt,
  }
  switch (bundle['what'] as Bundle['what']) {
    case 'notification':
      return notified(bundle, options)
    case 'conversation':
    case 'own':
      return said(bundle, postIn(bundle), options)
    case 'context':
      return around(listIn(bundle, 'descendants', MOST), bundle, options, null)
    case 'status':
      return changed(postIn(bundle), options)
    case 'deleted':
      return [{ type: 'deletion', externalId: idOf(bundle), at: delivery.receivedAt }]
    case 'account': {
      const account = readAccount(bundle['account'])
      if (account === null) throw new NotUnderstood('account: is not there or has no id')
      if (account.moved !== null) return movesOf({ account }, options, delivery.receivedAt)
      const gone = bundle['gone'] === true && { gone: true }
      return [{ type: 'identity', author: authorOf(account, options), ...gone, at: delivery.receivedAt }]
    }
  }
  throw new NotUnderstood('what: this kind of delivery is not known')
}

const MOST = 1000

function parse(body: Buffer): Fields {
  let value: unknown
  try {
    value = JSON.parse(utf8.decode(body))
  } catch (error) {
    throw new NotUnderstood('The body is not JSON in UTF-8', { cause: error })
  }
  if (!isObject(value)) throw new NotUnderstood('The body is not a JSON object')
  if (value['v'] !== 1) throw new NotUnderstood('v: only 1 is understood')
  return value
}

function postIn(bundle: Fields): Status {
  const status = readStatus(bundle['status'])
  if (status === null) throw new NotUnderstood('status: is not there, or has no id or no author')
  return status
}

function idOf(bundle: Fields): string {
  const id = idIn(bundle, 'id')
  if (id === '') throw new NotUnderstood('id: is not there')
  return id
}

function notified(bundle: Fields, options: MessageOptions): readonly InboundEvent[] {
  const notification = objectIn(bundle, 'notification')
  if (notification === null) throw new NotUnderstood('notification: is not there')
  const type = textIn(notification, 'type')
  const at = momentIn(notification, 'created_at') ?? options.receivedAt
  const status = readStatus(notification['status'])
  const account = readAccount(notification['account'])
  if (status === null) {
    if (account === null || notices.has(type)) return [noticeOf(notification, options)]
    // A new follower, a request to follow: who they are is all there is to say.
    return [{ type: 'identity', author: authorOf(account, options), at }, ...movesOf({ account }, options, at)]
  }
  switch (type) {
    case 'favourite':
      return deed('like', status, notification, options, at)
    case 'reblog':
      return deed('repost', status, notification, options, at)
    case 'pleroma:emoji_reaction':
      return deed('like', status, notification, options, at)
    case 'update':
    case 'quoted_update':
      return changed(status, options)
    case 'poll': {
      const edit = editOf(status, options, at)
      return edit && status.account.id === options.me ? [edit] : changed(status, options)
    }
    case 'quote': {
      const quoted = status.quoted
      return [...said(bundle, status, options), ...(quoted ? deed('quote', quoted, notification, options, at) : [])]
    }
    default:
      return status.account.id === options.me ? changed(status, options) : said(bundle, status, options)
  }
}

const notices = new Set(['moderation_warning', 'severed_relationships'])

function deed(
  kind: 'like' | 'repost' | 'quote',
  status: Status,
  notification: Fields,
  options: MessageOptions,
  at: Date,
): readonly InboundEvent[] {
  const by = readAccount(notification['account'])
  const counts = engagementOf(status, at)?.counts
  if (by === null && !counts) return []
  const event: InboundEngagement = {
    type: 'engagement',
    externalId: status.id,
    ...(counts && { counts }),
    // Done, undone and done again is one deed, whatever the notification is called.
    ...(by && { deed: { kind, by: authorOf(by, options), externalId: `${kind}:${status.id}:${by.id}` } }),
    at,
  }
  return [event]
}

/** What was said, with what stands around it: what it answers first, then itself, then what was answered. */
function said(bundle: Fields, status: Status, options: MessageOptions): readonly InboundEvent[] {
  const above = listIn(bundle, 'ancestors', MOST)
  const top = status.inReplyToId === null ? status : rootOf(above)
  const tree = textIn(bundle, 'thread') || (top ? treeKey(top.id) : '')
  // Where the real root is gone, what is topmost now gives no new title.
  const root = top !== null && tree === treeKey(top.id) ? top : null
  const here: MessageOptions = { ...options, ...(tree !== '' && { tree }), ...(root && { root }) }
  const missed = listIn(bundle, 'missed', MOST).flatMap((raw) => {
    const one = readStatus(raw)
    return one !== null && one.visibility === 'direct' ? messageEvents(one, options) : []
  })
  return [
    ...around(above, bundle, here, root),
    ...missed,
    ...messageEvents(status, here),
    ...movesOf(status, options, status.createdAt ?? options.receivedAt),
    ...around(listIn(bundle, 'descendants', MOST), bundle, here, root),
  ]
}

function messageEvents(status: Status, options: MessageOptions): readonly InboundEvent[] {
  const edit = editOf(status, options)
  // It may have come before, unedited.
  return [messageOf(status, options), ...(edit ? [edit] : [])]
}

function rootOf(above: readonly Fields[]): Status | null {
  const first = readStatus(above[0])
  return first !== null && first.inReplyToId === null ? first : null
}

/** What is private is never told as something that stands around. */
function around(
  statuses: readonly Fields[],
  bundle: Fields,
  options: MessageOptions,
  root: Status | null,
): readonly InboundEvent[] {
  const tree = options.tree ?? textIn(bundle, 'thread')
  if (tree === '') return []
  return statuses.flatMap((raw) => {
    const status = readStatus(raw)
    if (status === null || status.visibility === 'direct' || status.isBoost) return []
    return [messageOf(status, { ...options, tree, ...(root && { root }), context: true })]
  })
}

function changed(status: Status, options: MessageOptions): readonly InboundEvent[] {
  const edit = editOf(status, options)
  const engagement = engagementOf(status, options.receivedAt)
  return [...(edit ? [edit] : []), ...(engagement ? [engagement] : [])]
}
