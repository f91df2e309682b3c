// Makes deliveries of what the server tells: finds the thread of each post, with a bounded number of questions and a bounded
// amount around it, and remembers what it has seen so that nothing is told twice.
import type { PlatformContext, PollStep } from '../connector.ts'
import { type Answer, ask, type Ask, fetched, isFine, leftOf, pathId } from './api.ts'
import { type Bundle, lineKey, treeKey } from './bundle.ts'
import { type Cursor, forget, isDone, knownOf, markDone, newer, printOf, remember } from './cursor.ts'
import {
  compareIds,
  type Fields,
  idIn,
  isObject,
  listIn,
  momentIn,
  objectIn,
  readStatus,
  type Status,
  textIn,
} from './entities.ts'
import type { Home } from './settings.ts'

export type Delivery = PollStep['deliveries'][number]

/** What one step gathers. Changed by the functions below. */
export interface Gathering {
  readonly context: PlatformContext
  readonly home: Home & { readonly accountId: string }
  cursor: Cursor
  readonly deliveries: Delivery[]
  bytes: number
  /** Threads that may still be asked for in this step. */
  threadsLeft: number
  /** What the server's rate limit leaves; null while it is not told. */
  rateLeft: number | null
}

const MOST_BYTES = 6 * 1024 * 1024
const MOST_DELIVERIES = 80
const MOST_THREADS = 12
const MOST_ANCESTORS = 40
const MOST_DESCENDANTS = 60
const MOST_STEPS_UP = 10
/** A thread of thousands is too large to read; then only the way up is looked for. */
const MOST_CONTEXT_BYTES = 12 * 1024 * 1024
/** What left through this connection is known to it; long after, what somebody else's installation sent is news. */
const OWN_MS = 3_600_000
const LEAVING_MS = 90_000

export function openGathering(context: PlatformContext, home: Gathering['home'], cursor: Cursor): Gathering {
  return { context, home, cursor, deliveries: [], bytes: 0, threadsLeft: MOST_THREADS, rateLeft: null }
}

export const isFull = ({ deliveries, bytes, threadsLeft }: Gathering): boolean =>
  deliveries.length >= MOST_DELIVERIES || bytes >= MOST_BYTES || threadsLeft <= 0

export async function askServer(gathering: Gathering, path: string, options: Ask = {}): Promise<Answer> {
  const answer = await ask(gathering.context, gathering.home, path, options)
  if (answer.ok) gathering.rateLeft = leftOf(answer.headers) ?? gathering.rateLeft
  return answer
}

export function deliver(gathering: Gathering, given: Omit<Bundle, 'v' | 'host' | 'me'>): void {
  const { host, accountId } = gathering.home
  const bundle: Bundle = { v: 1, host, me: accountId, ...given }
  const body = Buffer.from(JSON.stringify(bundle))
  gathering.bytes += body.length
  gathering.deliveries.push({ headers: { 'content-type': 'application/json', 'x-rapport-kind': given.what }, body })
}

/** What others did with posts of ours, or only tell of; everything else that carries a post says it to us. */
const deeds = new Set(['favourite', 'reblog', 'poll', 'update', 'quoted_update', 'pleroma:emoji_reaction'])

export async function addNotification(gathering: Gathering, notification: Fields): Promise<void> {
  const id = idIn(notification, 'id')
  if (id !== '' && isDone(gathering.cursor, id)) return
  const status = readStatus(notification['status'])
  if (status === null || deeds.has(textIn(notification, 'type')) || isOurs(gathering, status)) {
    deliver(gathering, { what: 'notification', notification })
  } else if (isNews(gathering, status)) {
    const placed = await place(gathering, status)
    deliver(gathering, { what: 'notification', notification, ...placed })
    keep(gathering, status, placed)
  }
  if (id === '') return
  const at = momentIn(notification, 'created_at')
  gathering.cursor = markDone(gathering.cursor, id, at, gathering.context.now())
}

/** A private conversation, of which the server tells the last post. */
export async function addConversation(gathering: Gathering, conversation: Fields): Promise<void> {
  const raw = objectIn(conversation, 'last_status')
  const status = readStatus(raw)
  if (raw === null || status === null || mayBeLeaving(gathering, status)) return
  const since = gathering.cursor.direct
  gathering.cursor = { ...gathering.cursor, direct: newer(since, status.id) }
  if (!isNews(gathering, status) || isJustSent(gathering, status)) return
  const missed = await missedBefore(gathering, status, since)
  deliver(gathering, {
    what: 'conversation',
    status: raw,
    ...(missed.length > 0 && { missed: missed.map(([one]) => one) }),
  })
  for (const [, one] of [...missed, [raw, status] as const])
    gathering.cursor = remember(gathering.cursor, one, lineKey(one, gathering.home.accountId), 0)
}

/** Private mentions above this one that nobody told us of. */
async function missedBefore(gathering: Gathering, status: Status, since: string) {
  if (status.inReplyToId === null || knownOf(gathering.cursor, status.inReplyToId) || since === '') return []
  const around = await contextOf(gathering, status.id)
  return (around?.ancestors ?? []).slice(-MOST_ANCESTORS).flatMap((raw) => {
    const one = readStatus(raw)
    if (one === null || one.visibility !== 'direct' || compareIds(one.id, since) <= 0) return []
    return isNews(gathering, one) && !isJustSent(gathering, one) ? [[raw, one] as const] : []
  })
}

/** A post of our own account: news where it answers somebody and was written elsewhere. */
export async function addOwn(gathering: Gathering, raw: Fields): Promise<void> {
  const status = readStatus(raw)
  if (status === null || status.isBoost || !isOurs(gathering, status) || mayBeLeaving(gathering, status)) return
  gathering.cursor = { ...gathering.cursor, own: newer(gathering.cursor.own, status.id) }
  if (!isNews(gathering, status)) return
  const parent = status.inReplyToId === null ? undefined : knownOf(gathering.cursor, status.inReplyToId)
  const isPrivate = status.visibility === 'direct'
  if (isJustSent(gathering, status)) {
    const thread = isPrivate ? lineKey(status, gathering.home.accountId) : parent?.[1]
    if (thread !== undefined) gathering.cursor = remember(gathering.cursor, status, thread, 0)
    return
  }
  const answers =
    parent !== undefined || (status.inReplyToId !== null && status.inReplyToAccountId !== gathering.home.accountId)
  if (!answers && !isPrivate) return
  const placed = await place(gathering, status)
  deliver(gathering, { what: 'own', status: raw, ...placed })
  keep(gathering, status, placed)
}

/** A post as it is now; told on where it is known and changed since. Answers whether it has more answers than before. */
export function addChange(gathering: Gathering, raw: Fields): { readonly grew: boolean } {
  const status = readStatus(raw)
  const before = status === null ? undefined : knownOf(gathering.cursor, status.id)
  if (status === null || before === undefined || before[2] === printOf(status)) return { grew: false }
  deliver(gathering, { what: 'status', status: raw })
  gathering.cursor = {
    ...gathering.cursor,
    known: gathering.cursor.known.map((one) =>
      one === before ? [one[0], one[1], printOf(status), one[3], one[4]] : one,
    ),
  }
  return { grew: (status.counts.replies ?? 0) > Number(before[2].split('.')[3] ?? 0) }
}

export function addDeletion(gathering: Gathering, id: string): void {
  if (!knownOf(gathering.cursor, id)) return
  deliver(gathering, { what: 'deleted', id })
  gathering.cursor = forget(gathering.cursor, id)
}

/** What was answered to a post since it was looked at last. */
export async function addAnswers(gathering: Gathering, id: string): Promise<void> {
  const known = knownOf(gathering.cursor, id)
  if (!known || known[1].startsWith('line:') || gathering.threadsLeft <= 0) return
  const descendants = fresh(gathering, (await contextOf(gathering, id))?.descendants ?? []).slice(0, MOST_DESCENDANTS)
  if (descendants.length === 0) return
  deliver(gathering, { what: 'context', thread: known[1], descendants })
  around(gathering, descendants, known[1])
}

interface Placed {
  readonly thread?: string
  readonly ancestors?: readonly Fields[]
  readonly descendants?: readonly Fields[]
}

/** Where a post belongs: the thread of what it answers where that is known, else the thread of its root. */
async function place(gathering: Gathering, status: Status): Promise<Placed> {
  if (status.visibility === 'direct') return {}
  const parent = status.inReplyToId === null ? undefined : knownOf(gathering.cursor, status.inReplyToId)
  if (parent && !parent[1].startsWith('line:')) return { thread: parent[1] }
  const alone = status.inReplyToId === null
  if (alone && (status.counts.replies ?? 0) === 0) return { thread: treeKey(status.id) }
  const found = await contextOf(gathering, status.id)
  const up = found?.ancestors ?? (alone ? [] : await wayUp(gathering, status))
  const above = up.filter((raw) => textIn(raw, 'visibility') !== 'direct' && idIn(raw, 'id') !== '')
  const met = above.toReversed().find((raw) => knownOf(gathering.cursor, idIn(raw, 'id'))?.[1].startsWith('tree:'))
  const root = above[0] ? idIn(above[0], 'id') : status.id
  const thread = met ? knownOf(gathering.cursor, idIn(met, 'id'))![1] : treeKey(root)
  const nearest = above.length <= MOST_ANCESTORS ? above : [above[0]!, ...above.slice(1 - MOST_ANCESTORS)]
  const ancestors = fresh(gathering, nearest)
  const descendants = fresh(gathering, found?.descendants ?? []).slice(0, MOST_DESCENDANTS)
  return { thread, ...(ancestors.length > 0 && { ancestors }), ...(descendants.length > 0 && { descendants }) }
}

/** What may be told of what stands around: no private mentions, nothing known, nothing that just left from here. */
function fresh(gathering: Gathering, statuses: readonly Fields[]): readonly Fields[] {
  return statuses.filter((raw) => {
    const status = readStatus(raw)
    if (status === null || status.visibility === 'direct') return false
    if (knownOf(gathering.cursor, status.id) || isJustSent(gathering, status)) return false
    if (mayBeLeaving(gathering, status)) return false
    // What we wrote since comes by itself, as an answer that left.
    const { own } = gathering.cursor
    return !isOurs(gathering, status) || (own !== '' && compareIds(status.id, own) <= 0)
  })
}

function keep(gathering: Gathering, status: Status, { thread, ancestors = [], descendants = [] }: Placed): void {
  const { accountId } = gathering.home
  if (thread !== undefined) around(gathering, [...ancestors, ...descendants], thread)
  gathering.cursor = remember(gathering.cursor, status, thread ?? lineKey(status, accountId), 0)
}

function around(gathering: Gathering, statuses: readonly Fields[], thread: string): void {
  for (const raw of statuses) gathering.cursor = remember(gathering.cursor, readStatus(raw)!, thread, 1)
}

/** Null where the server does not say: the post is gone, the answer is too large, the server is at a loss. */
async function contextOf(gathering: Gathering, id: string) {
  gathering.threadsLeft -= 1
  const answer = await askServer(gathering, `/api/v1/statuses/${pathId(id)}/context`, { maxBytes: MOST_CONTEXT_BYTES })
  if (!answer.ok || (!isFine(answer) && answer.status !== 401 && answer.status !== 429)) return null
  const json = fetched(answer, gathering.context.now(), 'A thread')
  if (!isObject(json)) return null
  return { ancestors: listIn(json, 'ancestors', 5000), descendants: listIn(json, 'descendants', 500) }
}

/** Step by step from a post to what it answers, from the highest that is found. */
async function wayUp(gathering: Gathering, status: Status): Promise<readonly Fields[]> {
  const found: Fields[] = []
  for (let next = status.inReplyToId; next !== null && found.length < MOST_STEPS_UP;) {
    const answer = await askServer(gathering, `/api/v1/statuses/${pathId(next)}`)
    const parent = isFine(answer) ? readStatus(answer.json) : null
    if (parent === null) break
    found.unshift((answer as { json: Fields }).json)
    // What is known leads to its thread.
    next = knownOf(gathering.cursor, parent.id) ? null : parent.inReplyToId
  }
  return found
}

export const isOurs = ({ home }: Gathering, status: Status): boolean => status.account.id === home.accountId

function isNews({ cursor }: Gathering, status: Status): boolean {
  const known = knownOf(cursor, status.id)
  return known === undefined || known[4] === 1 || known[2].split('.')[0] !== printOf(status).split('.')[0]
}

function isJustSent(gathering: Gathering, status: Status): boolean {
  const { home, context } = gathering
  if (!isOurs(gathering, status) || home.application === null || status.application !== home.application) return false
  return status.createdAt === null || context.now().getTime() - status.createdAt.getTime() < OWN_MS
}

/** Where servers mark posts with no application, ours are left alone until whoever sends them surely knows their ids. */
function mayBeLeaving(gathering: Gathering, status: Status): boolean {
  const { home, context } = gathering
  if (!isOurs(gathering, status) || home.application !== null || status.createdAt === null) return false
  return context.now().getTime() - status.createdAt.getTime() < LEAVING_MS
}
