// The chat keeps a log of what happened, read from a cursor on; what was said before the first look is read from the
// conversations themselves. Where the account's keys do not open the chat, public work goes on without it.
import { askChat, isChatRefused, refusedWords } from './chat.ts'
import { deliveryOf } from './bundle.ts'
import type { Chat } from './cursor.ts'
import { asObject, asText, objectsOf, textAt, type Json } from './json.ts'
import type { Part, Reading } from './reading.ts'
import type { Refusal } from './xrpc.ts'

const CONVOS = 20
const MESSAGES = 50
const MOST_PAGES_OF_ONE = 10
const MOST_PAGES = 100
const REFUSED_MS = 3600_000
const MOST_WAIT_MS = 15 * 60_000

export async function readChat(state: Chat, reading: Reading): Promise<Part<Chat>> {
  const { access, now } = reading
  const none: Part<Chat> = { state, deliveries: [], more: false }
  if (!access.account.chat) return { ...none, learned: { chatAccess: 'off', chatReason: null } }
  if (state.after !== null && Date.parse(state.after) > now.getTime()) return none
  const part = await (state.rev === null
    ? firstLook(state, reading)
    : state.look
      ? lookBack(state, reading)
      : readLog(state, reading))
  if ('status' in part) return { ...none, ...troubled(state, part, reading) }
  return { ...part, learned: { chatAccess: 'open', chatReason: null } }
}

/** Public work is not kept waiting: the chat is asked again later, and the connection says why. */
function troubled(state: Chat, answer: Refusal, { access, now }: Reading): Pick<Part<Chat>, 'state' | 'learned'> {
  const refused = isChatRefused(answer)
  const failures = refused ? 0 : state.failures + 1
  const wait = refused ? REFUSED_MS : Math.min(30_000 * 2 ** Math.min(failures, 10), MOST_WAIT_MS)
  const after = new Date(Math.max(now.getTime() + wait, answer.retryAt?.getTime() ?? 0)).toISOString()
  const words = refused ? refusedWords(access) : `Direct messages can’t be read: ${answer.reason}`
  return {
    state: { ...state, after, failures },
    learned: { chatAccess: refused ? 'refused' : 'trouble', chatReason: words },
  }
}

async function firstLook(state: Chat, { access, from }: Reading): Promise<Part<Chat> | Refusal> {
  const log = await askChat(access, { method: 'chat.bsky.convo.getLog' })
  if (!log.ok) return log
  const rev = asText(log.body['cursor']) ?? latestRev(log.body['logs'])
  const look = { from: from.toISOString(), cursor: null, pages: 0 }
  if (rev !== null) return { state: { rev, look, after: null, failures: 0 }, deliveries: [], more: true }
  // Nothing ever happened there. What begins now is younger than any day.
  const next: Chat = { ...state, after: null, failures: 0 }
  return { state: next, deliveries: [], more: false }
}

async function readLog(state: Chat, { access, session, now }: Reading): Promise<Part<Chat> | Refusal> {
  const answer = await askChat(access, { method: 'chat.bsky.convo.getLog', params: { cursor: state.rev ?? undefined } })
  if (!answer.ok) return answer
  const logs = objectsOf(answer.body['logs'], 2000)
  const rev = asText(answer.body['cursor']) ?? latestRev(answer.body['logs']) ?? state.rev
  const convos = new Map<string, Json | null>()
  const deliveries = []
  for (const log of logs) {
    const convoId = asText(log['convoId'])
    if (convoId === null || !('message' in log || /AcceptConvo|BeginConvo/.test(asText(log['$type']) ?? ''))) continue
    if (/log(?:Read|Mute|Unmute)/.test(asText(log['$type']) ?? '')) continue
    if (!convos.has(convoId)) {
      const convo = await askChat(access, { method: 'chat.bsky.convo.getConvo', params: { convoId } })
      // Words that nobody can be put to are worth more than none; but what is only out of order now is asked again.
      if (!convo.ok && (convo.status < 400 || convo.status >= 500 || [401, 403, 429].includes(convo.status)))
        return convo
      convos.set(convoId, convo.ok ? asObject(convo.body['convo']) : null)
    }
    const convo = convos.get(convoId) ?? null
    deliveries.push(deliveryOf({ kind: 'chat', did: session.did, at: now.toISOString(), convo, log }))
  }
  const moved = rev !== state.rev
  return { state: { rev, look: null, after: null, failures: 0 }, deliveries, more: logs.length > 0 && moved }
}

function latestRev(logs: unknown): string | null {
  return (
    objectsOf(logs, 2000)
      .flatMap((log) => asText(log['rev']) ?? [])
      .sort()
      .at(-1) ?? null
  )
}

/** Conversations come latest first; each with what was said in it since. */
async function lookBack(state: Chat, reading: Reading): Promise<Part<Chat> | Refusal> {
  const { access, session, now } = reading
  const look = state.look!
  const page = await askChat(access, {
    method: 'chat.bsky.convo.listConvos',
    params: { limit: CONVOS, ...(look.cursor && { cursor: look.cursor }) },
  })
  if (!page.ok) return page
  const convos = objectsOf(page.body['convos'], 200)
  const young = convos.filter((convo) => !isOlder(textAt(convo, 'lastMessage', 'sentAt'), look.from))
  const deliveries = []
  for (const convo of young) {
    const messages = await messagesSince(asText(convo['id']) ?? '', look.from, reading)
    if ('status' in messages) return messages
    if (messages.length > 0) {
      deliveries.push(deliveryOf({ kind: 'chat-history', did: session.did, at: now.toISOString(), convo, messages }))
    }
  }
  const cursor = asText(page.body['cursor'])
  const over = cursor === null || cursor === look.cursor || young.length === 0 || look.pages + 1 >= MOST_PAGES
  const next: Chat = {
    rev: state.rev,
    look: over ? null : { from: look.from, cursor, pages: look.pages + 1 },
    after: null,
    failures: 0,
  }
  return { state: next, deliveries, more: true }
}

async function messagesSince(convoId: string, from: string, { access }: Reading): Promise<readonly Json[] | Refusal> {
  const found: Json[] = []
  let cursor: string | null = null
  for (let page = 0; page < MOST_PAGES_OF_ONE; page++) {
    const answer = await askChat(access, {
      method: 'chat.bsky.convo.getMessages',
      params: { convoId, limit: MESSAGES, ...(cursor && { cursor }) },
    })
    if (!answer.ok) return answer.error === 'InvalidConvo' ? found : answer
    const messages = objectsOf(answer.body['messages'], 200)
    const young = messages.filter((message) => !isOlder(asText(message['sentAt']), from))
    found.push(...young)
    const next = asText(answer.body['cursor'])
    if (next === null || next === cursor || young.length < messages.length || messages.length === 0) break
    cursor = next
  }
  return found.toReversed()
}

function isOlder(moment: string | null, than: string): boolean {
  const [one, other] = [Date.parse(moment ?? ''), Date.parse(than)]
  return Number.isNaN(one) || one < other
}
