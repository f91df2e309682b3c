// What can be done about a post or about who wrote it, on the network itself. Each may be asked for twice: records that say
// something for good have a name that follows from what they are about.
import type { ModerationOrder, ModerationOutcome, PlatformContext } from '../connector.ts'
import { askAppView } from './app-view.ts'
import { askChat } from './chat.ts'
import { asList, asObject, textAt, type Json } from './json.ts'
import { outcomeOfRefusal } from './outcome.ts'
import { type Access, openAccess } from './session.ts'
import { strongRefOf } from './strong-ref.ts'
import { tidNamed } from './tid.ts'
import { isDid, POST, readAtUri, readConvoName } from './uri.ts'
import type { Answer, Refusal } from './xrpc.ts'

const BLOCK = 'app.bsky.graph.block'
const GATE = 'app.bsky.feed.threadgate'
const MOST_HIDDEN = 300
const MOST_REASON = 2000

const done: ModerationOutcome = { state: 'done' }
const rejected = (reason: string): ModerationOutcome => ({ state: 'rejected', reason })

export async function moderate(order: ModerationOrder, context: PlatformContext): Promise<ModerationOutcome> {
  if (context.signal.aborted) return { state: 'retry', reason: 'Stopped before it was done' }
  const access = openAccess(context)
  const opened = await access.session()
  if (!opened.ok) {
    const { broken, reason, retryAt } = opened
    return broken ? { state: 'reauthorize', reason } : { state: 'retry', reason, ...(retryAt && { retryAt }) }
  }
  const acting: Acting = { order, access, context, did: opened.session.did }
  switch (order.action) {
    case 'hide':
      return hide(acting)
    case 'remove':
      return remove(acting)
    case 'report':
      return report(acting)
    case 'block':
      return withPerson(acting, block)
    case 'unblock':
      return withPerson(acting, unblock)
    case 'mute':
    case 'unmute':
      return withPerson(acting, mute)
  }
}

interface Acting {
  readonly order: ModerationOrder
  readonly access: Access
  readonly context: PlatformContext
  readonly did: string
}

function outcomeOf(answer: Answer): ModerationOutcome {
  return answer.ok ? done : refusedOutcome(answer)
}

/** Doing it again does no harm, so a doubt is tried again. */
function refusedOutcome(refusal: Refusal): ModerationOutcome {
  if (refusal.error === 'RecordNotFound' || refusal.error === 'AccountNotFound') return { state: 'gone' }
  const outcome = outcomeOfRefusal(refusal)
  if (outcome.state === 'unknown') return { state: 'retry', reason: outcome.reason }
  return outcome.state === 'sent' || outcome.state === 'pending' ? done : outcome
}

/** An answer below our own thread is put behind a fold for everybody, by the thread's own record. */
async function hide({ order, access, context, did }: Acting): Promise<ModerationOutcome> {
  const name = readAtUri(order.externalId)
  if (name === null) return rejected('Only posts can be hidden')
  const post = await strongRefOf(order.externalId!, access, context)
  if ('missing' in post) return post.missing === 'gone' ? { state: 'gone' } : { state: 'retry', reason: post.reason }
  const thread = readAtUri(post.root?.uri)
  if (post.root === null || thread?.did !== did) return rejected('Only answers below your own posts can be hidden')
  const found = await access.call({
    method: 'com.atproto.repo.getRecord',
    params: { repo: did, collection: GATE, rkey: thread.rkey },
  })
  if (!found.ok && found.error !== 'RecordNotFound') return refusedOutcome(found)
  const before: Json = (found.ok && asObject(found.body['value'])) || {
    $type: GATE,
    post: post.root.uri,
    createdAt: context.now().toISOString(),
  }
  const hidden = asList(before['hiddenReplies'])
  if (hidden.includes(order.externalId)) return done
  if (hidden.length >= MOST_HIDDEN) return rejected(`No more than ${MOST_HIDDEN} answers of a thread can be hidden`)
  return outcomeOf(
    await access.call({
      method: 'com.atproto.repo.putRecord',
      input: {
        repo: did,
        collection: GATE,
        rkey: thread.rkey,
        record: { ...before, hiddenReplies: [...hidden, order.externalId] },
        // Nobody's change in between is written over.
        swapRecord: found.ok ? (textAt(found.body, 'cid') ?? null) : null,
      },
    }),
  )
}

async function remove({ order, access, did }: Acting): Promise<ModerationOutcome> {
  const message = readConvoName(order.externalId)
  if (message?.messageId) {
    return outcomeOf(
      await askChat(access, {
        method: 'chat.bsky.convo.deleteMessageForSelf',
        input: { convoId: message.convoId, messageId: message.messageId },
      }),
    )
  }
  const name = readAtUri(order.externalId)
  if (name === null || name.did !== did) return rejected('Only your own posts can be removed')
  const { collection, rkey } = name
  return outcomeOf(
    await access.call({ method: 'com.atproto.repo.deleteRecord', input: { repo: did, collection, rkey } }),
  )
}

/** To the moderators of the network: about the post where there is one, else about the account. */
async function report(acting: Acting): Promise<ModerationOutcome> {
  const { order, access, context } = acting
  const name = readAtUri(order.externalId)
  let subject: Json | null = null
  if (name !== null && name.collection === POST) {
    const post = await strongRefOf(order.externalId!, access, context)
    if ('missing' in post && post.missing === 'unknown') return { state: 'retry', reason: post.reason }
    if ('uri' in post) subject = { $type: 'com.atproto.repo.strongRef', uri: post.uri, cid: post.cid }
    // It is gone, and its author may still be reported.
  }
  if (subject === null && isDid(order.author?.externalId)) {
    subject = { $type: 'com.atproto.admin.defs#repoRef', did: order.author.externalId }
  }
  if (subject === null) return { state: 'gone' }
  const reason = order.reason.trim().slice(0, MOST_REASON)
  const call = {
    method: 'com.atproto.moderation.createReport',
    input: { reasonType: 'com.atproto.moderation.defs#reasonOther', subject, ...(reason && { reason }) },
  }
  return outcomeOf(await access.call(call, access.account.moderationService))
}

function withPerson(
  acting: Acting,
  act: (acting: Acting, person: string) => Promise<ModerationOutcome>,
): Promise<ModerationOutcome> | ModerationOutcome {
  const person = acting.order.author?.externalId ?? readAtUri(acting.order.externalId)?.did
  if (!isDid(person)) return rejected('Nobody is known who wrote this')
  if (person === acting.did) return rejected('This is your own account')
  return act(acting, person)
}

const blockName = (person: string): string => tidNamed(`block ${person}`)

async function block({ access, context, did }: Acting, person: string): Promise<ModerationOutcome> {
  const record = { $type: BLOCK, subject: person, createdAt: context.now().toISOString() }
  const rkey = blockName(person)
  const found = await access.call({
    method: 'com.atproto.repo.getRecord',
    params: { repo: did, collection: BLOCK, rkey },
  })
  if (found.ok) return done
  return outcomeOf(
    await access.call({ method: 'com.atproto.repo.putRecord', input: { repo: did, collection: BLOCK, rkey, record } }),
  )
}

/** The block that we made, and the one that was made elsewhere. */
async function unblock({ access, context, did }: Acting, person: string): Promise<ModerationOutcome> {
  const profile = await askAppView(access, context, { method: 'app.bsky.actor.getProfile', params: { actor: person } })
  const other = profile.ok ? readAtUri(textAt(profile.body, 'viewer', 'blocking')) : null
  const names = new Set([blockName(person), ...(other?.did === did && other.collection === BLOCK ? [other.rkey] : [])])
  for (const rkey of names) {
    const answer = await access.call({
      method: 'com.atproto.repo.deleteRecord',
      input: { repo: did, collection: BLOCK, rkey },
    })
    if (!answer.ok) return refusedOutcome(answer)
  }
  return profile.ok ? done : refusedOutcome(profile)
}

async function mute({ order, access, context }: Acting, person: string): Promise<ModerationOutcome> {
  const method = order.action === 'mute' ? 'app.bsky.graph.muteActor' : 'app.bsky.graph.unmuteActor'
  return outcomeOf(await askAppView(access, context, { method, input: { actor: person } }))
}
