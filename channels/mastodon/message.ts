// A post as a message: its author, words, files, what it carries, and the thread it is part of.
import type {
  Author,
  Embed,
  Engagement,
  InboundEdit,
  InboundEngagement,
  InboundIdentityChange,
  InboundMedia,
  InboundMessage,
  Poll,
  ThreadRef,
} from '../connector.ts'
import { lineKey, treeKey } from './bundle.ts'
import {
  type Account,
  countIn,
  type Fields,
  fullHandle,
  idIn,
  linkIn,
  listIn,
  momentIn,
  type Status,
  storable,
  textIn,
} from './entities.ts'
import { readPost, titleOf } from './text.ts'

export interface Place {
  readonly host: string
  readonly me: string
}

/** Names that turn the direction of what stands beside them, or can't be seen, are told without those characters. */
const visible = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u115f\u1160\u3164\uffa0]/gu, '').trim()

export function authorOf(account: Account, { host }: Place): Author {
  const handle = visible(fullHandle(account.acct || account.username, host))
  // Joiners are kept: scripts and emoji need them.
  const name = account.name.replace(/[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu, '').trim()
  return {
    externalId: account.id,
    scope: host,
    ...(handle !== '' && { handle }),
    name: (visible(name) === '' ? visible(account.username) : name) || handle || account.id,
    ...(account.avatar !== '' && { avatarUrl: account.avatar }),
    ...(account.url !== '' && { profileUrl: account.url }),
    ...(account.followers !== null && { reach: account.followers }),
    ...(account.bot && { isBot: true }),
  }
}

export interface MessageOptions extends Place {
  readonly receivedAt: Date
  /** The key of the tree; absent: the post is its root. */
  readonly tree?: string
  readonly root?: Status
  readonly context?: boolean
}

export function messageOf(status: Status, options: MessageOptions): InboundMessage {
  const { me, host, receivedAt, context = false } = options
  const { text, html } = readPost(status.content, status.mentions, host)
  const media = mediaOf(status)
  const embeds = embedsOf(status, host)
  const poll = pollOf(status)
  return {
    type: 'message',
    externalId: status.id,
    thread: threadOf(status, options),
    author: authorOf(status.account, options),
    ...(status.account.id === me && { ours: true }),
    ...(status.inReplyToId !== null && { parentExternalId: status.inReplyToId }),
    text,
    ...(html !== undefined && { html }),
    ...(media.length > 0 && { media }),
    ...(status.url !== '' && { url: status.url }),
    ...(status.warning !== '' && { warning: status.warning }),
    ...(embeds.length > 0 && { embeds }),
    ...(poll && { poll }),
    ...(countsOf(status) && { engagement: countsOf(status)! }),
    ...(context && { context: true }),
    data: dataOf(status),
    at: status.createdAt ?? receivedAt,
  }
}

function threadOf(status: Status, { me, tree, root, host, context }: MessageOptions): ThreadRef {
  const facts = { visibility: status.visibility || 'public' }
  if (status.visibility === 'direct') return { key: lineKey(status, me), shape: 'line', visibility: 'private', facts }
  const subject = root ? titleOf(root.warning || readPost(root.content, root.mentions, host).text) : ''
  return {
    key: tree ?? treeKey(status.id),
    shape: 'tree',
    visibility: 'public',
    ...(subject !== '' && { subject }),
    ...(!context && { facts }),
  }
}

function dataOf({ visibility, language, emojis }: Status): Readonly<Record<string, unknown>> {
  return {
    ...(visibility !== '' && { visibility }),
    ...(language !== '' && { language }),
    // Where to find the pictures that the words name as :shortcode:.
    ...(emojis.length > 0 && { emojis: Object.fromEntries(emojis.map(({ shortcode, url }) => [shortcode, url])) }),
  }
}

function mediaOf({ id, media }: Status): readonly InboundMedia[] {
  return media.flatMap((one, index) => {
    const url = linkIn(one, 'url') || linkIn(one, 'remote_url') || linkIn(one, 'preview_url')
    if (url === '') return []
    const alt = textIn(one, 'description').slice(0, 10_000)
    const kind = textIn(one, 'type').replace(/[^a-z]/g, '') || 'file'
    return [{ name: nameIn(url) || `${kind}-${idIn(one, 'id') || `${id}-${index}`}`, url, ...(alt !== '' && { alt }) }]
  })
}

function nameIn(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? ''
  return /^[\w.-]{1,120}\.\w{1,8}$/.test(last) ? last : ''
}

function embedsOf({ card, quoted }: Status, host: string): readonly Embed[] {
  const embeds: Embed[] = []
  if (quoted !== null && quoted.url !== '') {
    const text = readPost(quoted.content, quoted.mentions, host).text.slice(0, 2000)
    const author = visible(fullHandle(quoted.account.acct, host))
    embeds.push({
      kind: 'quote',
      url: quoted.url,
      text: storable(quoted.warning === '' ? text : quoted.warning),
      ...(author !== '' && { author }),
    })
  }
  const url = card === null ? '' : linkIn(card, 'url')
  if (card !== null && url !== '') {
    const title = textIn(card, 'title').slice(0, 300)
    const text = textIn(card, 'description').slice(0, 1000)
    const image = linkIn(card, 'image')
    const alt = textIn(card, 'image_description').slice(0, 1500)
    embeds.push({
      kind: 'link',
      url,
      ...(title !== '' && { title: storable(title) }),
      ...(text !== '' && { text: storable(text) }),
      ...(image !== '' && { image: { url: image, ...(alt !== '' && { alt: storable(alt) }) } }),
    })
  }
  return embeds
}

export function pollOf({ poll }: Status): Poll | undefined {
  if (poll === null) return undefined
  const closesAt = momentIn(poll, 'expires_at')
  const options = listIn(poll, 'options', 50).map((one) => {
    const votes = countIn(one, 'votes_count')
    return { text: storable(textIn(one, 'title').slice(0, 500)), ...(votes !== null && { votes }) }
  })
  if (options.length === 0) return undefined
  return { options, ...(closesAt && { closesAt }), multiple: poll['multiple'] === true }
}

export function countsOf({ counts }: Status): Engagement | undefined {
  const known = Object.entries(counts).filter((entry): entry is [string, number] => entry[1] !== null)
  return known.length === 0 ? undefined : Object.fromEntries(known)
}

/** The words as they are now, where the post was edited. */
export function editOf(status: Status, { host }: Place, at: Date | null = status.editedAt): InboundEdit | null {
  if (at === null) return null
  const poll = pollOf(status)
  return {
    type: 'edit',
    externalId: status.id,
    text: readPost(status.content, status.mentions, host).text,
    ...(status.warning !== '' && { warning: status.warning }),
    ...(poll && { poll }),
    at,
  }
}

export function engagementOf(status: Status, at: Date): InboundEngagement | null {
  const counts = countsOf(status)
  return counts ? { type: 'engagement', externalId: status.id, counts, at } : null
}

/** What is to be said of the author besides: that they are somewhere else now. */
export function movesOf(
  { account }: Status | { readonly account: Account },
  place: Place,
  at: Date,
): readonly InboundIdentityChange[] {
  if (account.moved === null) return []
  return [{ type: 'identity', author: authorOf(account, place), movedTo: authorOf(account.moved, place), at }]
}

/** What a server says to the account without any post: warnings of moderators, lost relations, kinds nobody has heard of. */
export function noticeOf(notification: Fields, options: MessageOptions): InboundMessage {
  const { host, receivedAt } = options
  const kind = textIn(notification, 'type').slice(0, 100) || 'unknown'
  const said = [...['moderation_warning', 'event', 'report'].map((name) => notification[name]), notification].flatMap(
    (one) => (typeof one === 'object' && one !== null && !Array.isArray(one) ? [one as Fields] : []),
  )
  const words = said.map((one) => textIn(one, 'text') || textIn(one, 'comment')).find((one) => one !== '') ?? ''
  const action = said.map((one) => textIn(one, 'action')).find((one) => one !== '')
  const title = `The server tells: ${kind.replaceAll(/[._]/g, ' ')}${action ? ` (${action.slice(0, 100).replaceAll('_', ' ')})` : ''}`
  return {
    type: 'message',
    externalId: `notice:${idIn(notification, 'id') || kind}`,
    thread: {
      key: 'notices',
      shape: 'line',
      visibility: 'private',
      subject: `Notices of ${host}`,
      facts: { notices: true },
    },
    author: { externalId: 'server', scope: host, name: host, isBot: true },
    automatic: 'report',
    text: storable(words === '' ? title : `${title}\n\n${words.slice(0, 5000)}`),
    at: momentIn(notification, 'created_at') ?? receivedAt,
  }
}
