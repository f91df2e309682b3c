// Direct messages: behind the account's server sits a chat service, named in a header of every call. An app password may be
// made without access to it, and then says so.
import type { LookUpOutcome, Outbound, PlatformContext, PrivateLine, SendOutcome } from '../connector.ts'
import type { TxtQuery } from './identity.ts'
import { asText, objectsOf, textAt, type Json } from './json.ts'
import type { Session } from './kept-session.ts'
import { mentioned } from './mention.ts'
import { outcomeOfRefusal } from './outcome.ts'
import { facetsOf } from './rich-text.ts'
import { type Access, openAccess } from './session.ts'
import { isTid, microsOf } from './tid.ts'
import { chatMessageName, convoKey, isDid, readConvoName } from './uri.ts'
import type { Answer, Call, Refusal } from './xrpc.ts'

export const NO_CHAT = 'This app password does not allow direct messages: make one that does'
export const NO_CHAT_OAUTH = 'No leave was given for direct messages'

/** Never throws. */
export function askChat(access: Access, call: Call): Promise<Answer> {
  return access.call(call, access.account.chatService)
}

/** Whether a refusal says that this account's keys do not open the chat at all. */
export function isChatRefused({ status, error, reason }: Refusal): boolean {
  if (error === 'InsufficientScope' || error === 'ScopeMissing' || error === 'ScopeMissingError') return true
  return (
    (status === 400 || status === 401 || status === 403) && error === 'InvalidToken' && /method|scope/i.test(reason)
  )
}

export async function sendChat(
  outbound: Outbound,
  convoId: string,
  { access, context, session, txt }: { access: Access; context: PlatformContext; session: Session; txt: TxtQuery },
): Promise<SendOutcome> {
  if (outbound.media.length > 0) return { state: 'rejected', reason: 'Direct messages carry no files' }
  if (outbound.attempt > 1) {
    const before = await lookUpChat(outbound, convoId, session.did, access)
    if (before.state === 'found') return { state: 'sent', externalId: before.externalId }
    if (before.state === 'unknown') return { state: 'retry', reason: before.reason }
  }
  if (outbound.threadFacts['status'] === 'request') {
    // Answering is accepting; where that was done already, nothing happens.
    await askChat(access, { method: 'chat.bsky.convo.acceptConvo', input: { convoId } })
  }
  const facets = await facetsOf(outbound.text, mentioned(access, context, txt))
  if (context.signal.aborted) return { state: 'retry', reason: 'Stopped before it was sent' }
  const answer = await askChat(access, {
    method: 'chat.bsky.convo.sendMessage',
    input: { convoId, message: { text: outbound.text, ...(facets.length > 0 && { facets }) } },
  })
  if (!answer.ok) {
    if (isChatRefused(answer)) return { state: 'rejected', reason: refusedWords(access) }
    return chatOutcome(answer)
  }
  const id = asText(answer.body['id'])
  if (id === null) return { state: 'unknown', reason: 'The chat took the message and gave it no name' }
  return { state: 'sent', externalId: chatMessageName(convoId, id) }
}

/** Behind a proxy a refusal of the chat is no refusal of our keys. */
function chatOutcome(answer: Refusal): SendOutcome {
  const closed = [
    'ConvoLocked',
    'InvalidConvo',
    'BlockedActor',
    'BlockedSubject',
    'MessagesDisabled',
    'NotFollowedBySender',
  ]
  if (closed.includes(answer.error)) return { state: 'rejected', reason: chatWords(answer) }
  return outcomeOfRefusal(answer)
}

const MOST_LOOKED_AT = 100
/** Two clocks differ. */
const SLACK_MS = 2 * 60_000

/**
 * A chat gives its messages names of its own, so one of ours is known by its words: the newest of the same text that is no
 * older than the first try, whose moment stands in the name that the message got then. Where somebody of ours wrote the very
 * same meanwhile elsewhere, that one counts as it.
 */
export async function lookUpChat(
  outbound: Outbound,
  convoId: string,
  did: string,
  access: Access,
): Promise<LookUpOutcome> {
  const answer = await askChat(access, {
    method: 'chat.bsky.convo.getMessages',
    params: { convoId, limit: MOST_LOOKED_AT },
  })
  if (!answer.ok) return { state: 'unknown', reason: answer.reason }
  const messages = objectsOf(answer.body['messages'])
  if (!Array.isArray(answer.body['messages'])) return { state: 'unknown', reason: 'The chat showed no messages' }
  const after = firstTryOf(outbound) - SLACK_MS
  const known = new Set(outbound.follows)
  const mine = messages.find(
    (message) =>
      textAt(message, 'sender', 'did') === did &&
      message['text'] === outbound.text &&
      Date.parse(asText(message['sentAt']) ?? '') >= after &&
      !known.has(chatMessageName(convoId, asText(message['id']) ?? '')),
  )
  const id = asText(mine?.['id'])
  return id === null ? { state: 'absent' } : { state: 'found', externalId: chatMessageName(convoId, id) }
}

function firstTryOf({ platformIdentity, at }: Outbound): number {
  const tid = platformIdentity.slice(platformIdentity.lastIndexOf('/') + 1)
  return isTid(tid) ? Math.min(Number(microsOf(tid) / 1000n), at.getTime()) : at.getTime()
}

/** The chat with one person: theirs and ours, the same for ever, made when it is first asked for. */
export async function privateLine(
  person: { readonly externalId: string },
  context: PlatformContext,
): Promise<PrivateLine> {
  const access = openAccess(context)
  if (!access.account.chat) return { ok: false, why: 'Direct messages are switched off for this connection' }
  if (!isDid(person.externalId)) return { ok: false, why: 'This person has no account here' }
  const answer = await askChat(access, {
    method: 'chat.bsky.convo.getConvoForMembers',
    params: { members: [person.externalId] },
  })
  if (!answer.ok) return { ok: false, why: isChatRefused(answer) ? refusedWords(access) : chatWords(answer) }
  const convo = answer.body['convo'] as Json | undefined
  const id = textAt(convo, 'id')
  if (id === null || readConvoName(convoKey(id)) === null) return { ok: false, why: 'The chat could not be opened' }
  return { ok: true, threadKey: convoKey(id), facts: { convoId: id, status: textAt(convo, 'status') ?? 'accepted' } }
}

export function refusedWords({ account }: Access): string {
  return account.signIn === 'oauth' ? NO_CHAT_OAUTH : NO_CHAT
}

const sentences: Readonly<Record<string, string>> = {
  MessagesDisabled: 'This person takes no direct messages',
  NotFollowedBySender: 'This person takes direct messages only from accounts that they follow',
  BlockedActor: 'This account is blocked by that person',
  BlockedSubject: 'That person is blocked by this account',
  AccountSuspended: 'That account is suspended',
  RecipientNotFound: 'That account is not there any more',
  ConvoLocked: 'The conversation is locked',
  InvalidConvo: 'This conversation is not there any more',
}

function chatWords(answer: Refusal): string {
  return sentences[answer.error] ?? `The chat could not be opened: ${answer.reason}`
}
