// An answer on its way: in public a record under a name fixed before the first try, in private a message of a chat.
import { overLimit } from '#platform/contract/length'
import type { Connector, LookUpOutcome, Outbound, PlatformContext, SendOutcome } from '../connector.ts'
import { lookUpChat, sendChat } from './chat.ts'
import { embedOf } from './embed.ts'
import { machineTxt, type TxtQuery } from './identity.ts'
import { asText, type Json } from './json.ts'
import type { Session } from './kept-session.ts'
import { mentioned } from './mention.ts'
import { outcomeOfRefusal } from './outcome.ts'
import { facetsOf } from './rich-text.ts'
import { type Access, openAccess } from './session.ts'
import { refIn, strongRefOf, type StrongRef } from './strong-ref.ts'
import { tidFor } from './tid.ts'
import { atUri, POST, readAtUri, readConvoName, webAddressOf } from './uri.ts'

export const TEXT_LIMITS = [
  { unit: 'grapheme', max: 300 },
  { unit: 'byte', max: 3000 },
] as const
const CHAT_LIMITS = [
  { unit: 'grapheme', max: 1000 },
  { unit: 'byte', max: 10_000 },
] as const

export const textLimitsOf: NonNullable<Connector['textLimitsOf']> = (_settings, visibility) =>
  visibility === 'private' ? CHAT_LIMITS : TEXT_LIMITS

/** The name of a message before it is sent: its address where the account is known, else the record key alone. */
export function identityFor(messageId: string, at: Date, settings: Readonly<Record<string, unknown>>): string {
  const rkey = tidFor(messageId, at)
  const name = atUri({ did: String(settings['did']), collection: POST, rkey })
  return readAtUri(name) !== null && name.length <= 255 ? name : rkey
}

/** The record key in a name that `identityFor` gave. */
function rkeyOf({ platformIdentity }: Outbound): string {
  return platformIdentity.slice(platformIdentity.lastIndexOf('/') + 1)
}

export async function send(
  outbound: Outbound,
  context: PlatformContext,
  txt: TxtQuery = machineTxt,
): Promise<SendOutcome> {
  if (context.signal.aborted) return { state: 'retry', reason: 'Stopped before it was sent' }
  const over = overLimit(textLimitsOf(context.settings, outbound.visibility), outbound.text)
  if (over) {
    const unit = over.unit === 'byte' ? 'bytes' : 'characters'
    return { state: 'rejected', reason: `The text has ${over.length} ${unit}; it may have ${over.max}` }
  }
  const access = openAccess(context)
  const opened = await access.session()
  if (!opened.ok) {
    const { broken, reason, retryAt } = opened
    return broken ? { state: 'reauthorize', reason } : { state: 'retry', reason, ...(retryAt && { retryAt }) }
  }
  const convo = readConvoName(outbound.threadKey)
  if (outbound.visibility === 'private' || convo !== null) {
    if (convo === null) return { state: 'rejected', reason: 'This thread is no chat' }
    return sendChat(outbound, convo.convoId, { access, context, session: opened.session, txt })
  }
  return sendPost(outbound, { access, context, session: opened.session, txt })
}

interface Sending {
  readonly access: Access
  readonly context: PlatformContext
  readonly session: Session
  readonly txt: TxtQuery
}

async function sendPost(outbound: Outbound, { access, context, session, txt }: Sending): Promise<SendOutcome> {
  const name = { did: session.did, collection: POST, rkey: rkeyOf(outbound) }
  if (outbound.attempt > 1) {
    const before = await lookUpPost(access, session.did, name.rkey)
    if (before.state === 'found') return { ...before, state: 'sent', url: webAddressOf(name) }
    if (before.state === 'unknown') return { state: 'retry', reason: before.reason }
  }
  const reply = await replyOf(outbound, access, context)
  if ('state' in reply) return reply
  const embedded = await embedOf(outbound, access, context, txt)
  if (!embedded.ok) return embedded.outcome
  const facets = await facetsOf(outbound.text, mentioned(access, context, txt))
  if (context.signal.aborted) return { state: 'retry', reason: 'Stopped before it was sent' }
  const record: Json = {
    $type: POST,
    text: outbound.text,
    createdAt: context.now().toISOString(),
    ...(reply.ref !== null && { reply: reply.ref }),
    ...(facets.length > 0 && { facets }),
    ...(embedded.embed !== null && { embed: embedded.embed }),
  }
  const answer = await access.call({
    method: 'com.atproto.repo.createRecord',
    input: { repo: session.did, collection: POST, rkey: name.rkey, record },
  })
  if (!answer.ok) return outcomeOfRefusal(answer)
  const uri = asText(answer.body['uri'])
  const cid = asText(answer.body['cid'])
  // The key was ours to choose: an answer with another is no answer to this.
  if (uri === null || readAtUri(uri)?.rkey !== name.rkey) {
    return { state: 'unknown', reason: 'The server took a post and named another' }
  }
  return { state: 'sent', externalId: uri, url: webAddressOf(name), ...(cid !== null && { data: { cid } }) }
}

type Reply = { readonly ref: { readonly root: StrongRef; readonly parent: StrongRef } | null } | SendOutcome

/** Root and parent by address and content. What the thread's facts tell needs no asking. */
async function replyOf(outbound: Outbound, access: Access, context: PlatformContext): Promise<Reply> {
  const facts = outbound.threadFacts
  const known = (name: 'root' | 'last') => refIn({ uri: facts[`${name}Uri`], cid: facts[`${name}Cid`] })
  const root = known('root')
  const last = known('last')
  const thread = readAtUri(outbound.threadKey) === null ? null : outbound.threadKey
  const parentUri = outbound.parentExternalId ?? last?.uri ?? root?.uri ?? thread
  if (parentUri === null) return { ref: null }
  const parent = [last, root].find((ref) => ref?.uri === parentUri)
  if (parent && root) return { ref: { root, parent } }
  const found = await strongRefOf(parentUri, access, context)
  if ('missing' in found) {
    const { missing, reason, retryAt } = found
    return missing === 'gone' ? { state: 'rejected', reason } : { state: 'retry', reason, ...(retryAt && { retryAt }) }
  }
  const { uri, cid } = found
  return { ref: { root: found.root ?? root ?? { uri, cid }, parent: { uri, cid } } }
}

/** Whether a message arrived after all. */
export async function lookUp(outbound: Outbound, context: PlatformContext): Promise<LookUpOutcome> {
  const access = openAccess(context)
  const opened = await access.session()
  if (!opened.ok) return { state: 'unknown', reason: opened.reason }
  const convo = readConvoName(outbound.threadKey)
  if (convo !== null) return lookUpChat(outbound, convo.convoId, opened.session.did, access)
  return lookUpPost(access, opened.session.did, rkeyOf(outbound))
}

async function lookUpPost(access: Access, did: string, rkey: string): Promise<LookUpOutcome> {
  const answer = await access.call({
    method: 'com.atproto.repo.getRecord',
    params: { repo: did, collection: POST, rkey },
  })
  const name = { did, collection: POST, rkey }
  if (answer.ok) {
    return readAtUri(answer.body['uri'])?.rkey === rkey
      ? { state: 'found', externalId: atUri(name), url: webAddressOf(name) }
      : { state: 'unknown', reason: 'The server showed another record than the one asked for' }
  }
  if (answer.error === 'RecordNotFound') return { state: 'absent' }
  return { state: 'unknown', reason: answer.reason }
}
