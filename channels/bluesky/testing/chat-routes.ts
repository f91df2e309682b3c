// The chat service behind the account's server.
import { profileBasic } from './views.ts'
import type { ChatMessage, Convo } from './chats.ts'
import type { Route } from './route.ts'
import type { World } from './world.ts'
import { XrpcError } from './xrpc-error.ts'

const LOG_PAGE = 100

export const chatRoutes: Readonly<Record<string, Route>> = {
  'chat.bsky.convo.getLog': ({ world, params, me }) => {
    const did = me()
    const all = world.chats.log.filter(({ to }) => to === did)
    const latest = all.at(-1)?.rev
    // Without a cursor it only says where the log stands.
    if (params['cursor'] === undefined) return { logs: [], ...(latest && { cursor: latest }) }
    const logs = all.filter(({ rev }) => rev > String(params['cursor'])).slice(0, LOG_PAGE)
    return {
      logs: logs.map(({ kind, rev, convoId, message, reaction }) => ({
        $type: `chat.bsky.convo.defs#${kind}`,
        rev,
        convoId,
        ...(message && { message: kind === 'logDeleteMessage' ? deletedView(message) : messageView(message) }),
        ...(reaction && { reaction: { ...reaction, sender: { did: reaction.sender } } }),
      })),
      cursor: logs.at(-1)?.rev ?? String(params['cursor']),
    }
  },
  'chat.bsky.convo.listConvos': ({ world, params, me }) => {
    const did = me()
    const mine = [...world.chats.convos.values()].filter(({ members }) => members.includes(did))
    const all = mine.sort((a, b) => (a.rev < b.rev ? 1 : -1))
    const rest = params['cursor'] === undefined ? all : all.filter(({ rev }) => rev < String(params['cursor']))
    const page = rest.slice(0, Number(params['limit'] ?? 50))
    return {
      convos: page.map((convo) => convoView(world, convo, did)),
      ...(rest.length > page.length && { cursor: page.at(-1)!.rev }),
    }
  },
  'chat.bsky.convo.getConvo': ({ world, params, me }) => ({
    convo: convoView(world, convoOf(world, params['convoId'], me()), me()),
  }),
  'chat.bsky.convo.getConvoForMembers': ({ world, params, me }) => {
    const [other] = (params['members'] as readonly string[]).filter((did) => did !== me())
    const person = world.people.get(other ?? '')
    if (!person || person.state !== 'active') throw new XrpcError(400, 'RecipientNotFound', 'recipient not found')
    if (world.isBlocked(person.did, me()))
      throw new XrpcError(400, 'BlockedActor', 'block between recipient and sender')
    if (person.allowIncoming === 'none') throw new XrpcError(400, 'MessagesDisabled', 'recipient has disabled messages')
    if (person.allowIncoming === 'following') {
      throw new XrpcError(400, 'NotFollowedBySender', 'recipient requires a follow')
    }
    return { convo: convoView(world, world.chats.between(me(), person.did), me()) }
  },
  'chat.bsky.convo.getMessages': ({ world, params, me }) => {
    const convo = convoOf(world, params['convoId'], me())
    const all = convo.messages.toReversed()
    const rest = params['cursor'] === undefined ? all : all.filter(({ rev }) => rev < String(params['cursor']))
    const page = rest.slice(0, Number(params['limit'] ?? 50))
    return { messages: page.map(messageView), ...(rest.length > page.length && { cursor: page.at(-1)!.rev }) }
  },
  'chat.bsky.convo.sendMessage': ({ world, input, me }) => {
    const convo = convoOf(world, input['convoId'], me())
    if (convo.locked) throw new XrpcError(400, 'ConvoLocked', 'conversation is locked')
    const { text, facets } = input['message'] as { text: string; facets?: unknown }
    world.chats.accept(me(), convo)
    return messageView(world.chats.say(me(), convo, text, facets === undefined ? {} : { facets }))
  },
  'chat.bsky.convo.acceptConvo': ({ world, input, me }) => {
    const convo = convoOf(world, input['convoId'], me())
    world.chats.accept(me(), convo)
    return { rev: convo.rev }
  },
  'chat.bsky.convo.deleteMessageForSelf': ({ world, input, me }) => {
    const convo = convoOf(world, input['convoId'], me())
    const message = convo.messages.find(({ id }) => id === input['messageId'])
    if (!message) throw new XrpcError(400, 'InvalidRequest', 'message not found')
    world.chats.deleteFor(me(), convo, message)
    return deletedView(message)
  },
}

function convoOf(world: World, id: unknown, did: string): Convo {
  const convo = world.chats.convos.get(String(id))
  if (!convo?.members.includes(did)) throw new XrpcError(400, 'InvalidConvo', 'conversation not found')
  return convo
}

function messageView({ id, rev, text, facets, sender, sentAt }: ChatMessage): Record<string, unknown> {
  return {
    $type: 'chat.bsky.convo.defs#messageView',
    id,
    rev,
    text,
    ...(facets !== undefined && { facets }),
    sender: { did: sender },
    sentAt,
  }
}

function deletedView({ id, rev, sender, sentAt }: ChatMessage): Record<string, unknown> {
  return { $type: 'chat.bsky.convo.defs#deletedMessageView', id, rev, sender: { did: sender }, sentAt }
}

function convoView(world: World, convo: Convo, did: string): Record<string, unknown> {
  const last = convo.messages.at(-1)
  return {
    id: convo.id,
    rev: convo.rev,
    members: convo.members.map((member) => profileBasic(world, member, did)),
    ...(last && { lastMessage: messageView(last) }),
    muted: false,
    status: convo.requests.has(did) ? 'request' : 'accepted',
    unreadCount: 0,
    kind: { $type: 'chat.bsky.convo.defs#directConvo' },
  }
}
