// Direct messages to events: one conversation of the chat, one line.
import {
  type Author,
  type Embed,
  type InboundEvent,
  type InboundMessage,
  NotUnderstood,
  type ThreadRef,
} from '../connector.ts'
import { asObject, asText, objectsOf, textAt, type Json } from './json.ts'
import { authorOf } from './people.ts'
import { embedsOf } from './receive-embed.ts'
import { momentOf } from './receive-post.ts'
import { readRichText } from './rich-text.ts'
import { chatMessageName, convoKey, isDid, POST, readConvoName } from './uri.ts'

interface ChatSource {
  readonly bundle: Json
  readonly did: string
  readonly at: Date
}

const MOST_TEXT = 20_000

/** One entry of the log. Entries about our own reading and muting, and about who is in a group, say nothing. */
export function chatEvents({ bundle, did, at }: ChatSource): readonly InboundEvent[] {
  const log = asObject(bundle['log'])
  const convoId = asText(log?.['convoId']) ?? ''
  if (log === null || readConvoName(convoKey(convoId)) === null) throw new NotUnderstood('log.convoId: is no name')
  const thread = threadOf(asObject(bundle['convo']), convoId)
  const kind = asText(log['$type']) ?? ''
  const message = asObject(log['message'])
  const people = [...objectsOf(asObject(bundle['convo'])?.['members'], 100), ...objectsOf(log['relatedProfiles'], 100)]
  if (kind.endsWith('#logDeleteMessage') && message !== null) {
    const name = nameOf(message, convoId)
    return name === null ? [] : [{ type: 'deletion', externalId: name, at }]
  }
  if (/#log(?:Add|Remove)Reaction$/.test(kind) && message !== null) {
    return reactionOf(log, message, { convoId, people, undone: /Remove/.test(kind), at, did })
  }
  if (/#log(?:BeginConvo|AcceptConvo)$/.test(kind) || /#log(?:Lock|Unlock)/.test(kind))
    return [{ type: 'thread', thread, at }]
  if (kind.endsWith('#logCreateMessage') || (message !== null && asText(message['text']) !== null)) {
    if (message === null) throw new NotUnderstood('log.message: is missing')
    return wordsOf(message, { thread, convoId, people, did, at })
  }
  return []
}

export function historyEvents({ bundle, did, at }: ChatSource): readonly InboundEvent[] {
  const convo = asObject(bundle['convo'])
  const convoId = asText(convo?.['id']) ?? ''
  if (convo === null || readConvoName(convoKey(convoId)) === null) throw new NotUnderstood('convo.id: is no name')
  const thread = threadOf(convo, convoId)
  const people = objectsOf(convo['members'], 100)
  return objectsOf(bundle['messages'], 1000).flatMap((message) =>
    wordsOf(message, { thread, convoId, people, did, at }),
  )
}

function nameOf(message: Json, convoId: string): string | null {
  const name = chatMessageName(convoId, asText(message['id']) ?? '')
  return readConvoName(name)?.messageId ? name : null
}

interface Around {
  readonly thread: ThreadRef
  readonly convoId: string
  readonly people: readonly Json[]
  readonly did: string
  readonly at: Date
}

function wordsOf(message: Json, { thread, convoId, people, did, at }: Around): readonly InboundEvent[] {
  const name = nameOf(message, convoId)
  if (name === null) return []
  const when = momentOf(message['sentAt']) ?? at
  // Deleted before it was read: that it was there is known by its name.
  if ((asText(message['$type']) ?? '').endsWith('#deletedMessageView'))
    return [{ type: 'deletion', externalId: name, at: when }]
  const author = personOf(textAt(message, 'sender', 'did'), people)
  if (author === null) return []
  const { text } = readRichText((asText(message['text']) ?? '').slice(0, MOST_TEXT), message['facets'])
  const embeds = carriedBy(message)
  const parent = asObject(message['replyTo'])
  const answered = parent === null ? null : nameOf(parent, convoId)
  const event: InboundMessage = {
    type: 'message',
    externalId: name,
    thread,
    author,
    ...(author.externalId === did && { ours: true }),
    ...(answered !== null && answered !== name && { parentExternalId: answered }),
    text,
    ...(embeds.length > 0 && { embeds }),
    at: when,
  }
  return [event]
}

function carriedBy(message: Json): readonly Embed[] {
  const embed = asObject(message['embed'])
  const sender = textAt(message, 'sender', 'did')
  return embed === null || !isDid(sender)
    ? []
    : embedsOf(embed, null, { did: sender, collection: POST, rkey: '-' }).embeds
}

function personOf(did: string | null, people: readonly Json[]): Author | null {
  if (!isDid(did)) return null
  return authorOf(people.find((one) => one['did'] === did) ?? { did }, null)
}

function reactionOf(
  log: Json,
  message: Json,
  { convoId, people, undone, at, did }: Omit<Around, 'thread'> & { readonly undone: boolean },
): readonly InboundEvent[] {
  const name = nameOf(message, convoId)
  const reaction = asObject(log['reaction'])
  const by = personOf(textAt(reaction, 'sender', 'did'), people)
  if (name === null || by === null || by.externalId === did) return []
  const value = (asText(reaction?.['value']) ?? '').slice(0, 64)
  const deed = { kind: 'like', by, externalId: `${name} ${by.externalId} ${value}`, ...(undone && { undone }) } as const
  return [{ type: 'engagement', externalId: name, deed, at: momentOf(reaction?.['createdAt']) ?? at }]
}

function threadOf(convo: Json | null, convoId: string): ThreadRef {
  const kind = asObject(convo?.['kind'])
  const group = (asText(kind?.['$type']) ?? '').endsWith('#groupConvo')
  const name = asText(kind?.['name'])?.slice(0, 500)
  const members = objectsOf(convo?.['members'], 100)
  const some = (test: (member: Json) => boolean): boolean => members.some(test)
  return {
    key: convoKey(convoId),
    shape: 'line',
    visibility: 'private',
    ...(group && name && { subject: name }),
    facts: {
      convoId,
      ...(convo !== null && {
        status: asText(convo['status'])?.slice(0, 50) ?? 'accepted',
        group,
        locked: group && (asText(kind?.['lockStatus']) ?? '').startsWith('locked'),
        chatDisabled: !group && some((member) => member['chatDisabled'] === true),
        blockedBy: !group && some((member) => asObject(member['viewer'])?.['blockedBy'] === true),
        blocking: !group && some((member) => asText(asObject(member['viewer'])?.['blocking']) !== null),
      }),
    },
  }
}
