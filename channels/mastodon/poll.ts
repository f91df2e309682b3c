// One step of looking: what notified us since, private conversations, what we wrote elsewhere; then, every ten minutes, whether
// posts that are known were edited, deleted or answered; then what is old, where somebody asked for it. Throws NotFetched.
import { createHash } from 'node:crypto'
import { type Learned, NotFetched, type PlatformContext, type PollStep } from '../connector.ts'
import { ask, fetched, fetchedList, isFine, linkOf, pathId } from './api.ts'
import { type Cursor, emptyCursor, knownOf, readCursor } from './cursor.ts'
import { compareIds, type Fields, idIn, isObject, momentIn, objectIn, textIn } from './entities.ts'
import {
  addAnswers,
  addChange,
  addConversation,
  addDeletion,
  addNotification,
  addOwn,
  askServer,
  deliver,
  type Gathering,
  isFull,
  openGathering,
} from './gather.ts'
import { describeHome } from './learn.ts'
import { readHome } from './settings.ts'

const PROVE_EVERY_MS = 6 * 3_600_000
const CHECK_EVERY_MS = 10 * 60_000
const CHECK_AT_ONCE = 20
const MOST_CHECKS = 4
const MOST_ONE_BY_ONE = 40
const MOST_PAGES = 6
/** A page shorter than this is the last one, on every server. */
const FULL_PAGE = 15
/** Requests that are left to answers and to people when the rate limit gets tight. */
const RESERVE = 60

export interface Met {
  readonly home: Gathering['home']
  readonly cursor: Cursor
  readonly isNew: boolean
  readonly learned?: Learned
}

/** Proves now and then whose token it is, because a cursor belongs to an account. */
export async function meet(stored: unknown, context: PlatformContext): Promise<Met> {
  const home = readHome(context.settings, context.credentials)
  if (home.origin === null || home.token === null)
    throw new NotFetched('reauthorize', 'This connection has no leave to read yet.')
  const cursor = readCursor(stored)
  const token = createHash('sha256').update(home.token).digest('base64url').slice(0, 12)
  const now = context.now()
  const proven =
    cursor !== null && cursor.token === token && now.getTime() - Date.parse(cursor.provenAt) < PROVE_EVERY_MS
  if (proven && home.accountId !== null && cursor.account === nameOf(home.accountId, home.origin))
    return { home: { ...home, accountId: home.accountId }, cursor, isNew: false }

  const described = await describeHome(context, home)
  if (!described.ok) throw new NotFetched(described.kind, described.reason, described.retryAt)
  const account = nameOf(described.accountId, home.origin)
  const kept = cursor !== null && (cursor.account === account || cursor.account === '') ? cursor : emptyCursor(account)
  const known = readHome({ ...context.settings, ...described.learned }, context.credentials)
  return {
    home: { ...known, accountId: described.accountId },
    cursor: { ...kept, account, token, provenAt: now.toISOString() },
    isNew: kept.checkedAt === '',
    learned: described.learned,
  }
}

const nameOf = (accountId: string, origin: string): string => `${accountId}@${origin}`

export async function pollMastodon(stored: unknown, context: PlatformContext): Promise<PollStep> {
  const met = await meet(stored, context)
  const gathering = openGathering(context, met.home, met.cursor)
  const more = met.isNew ? await begin(gathering) : await look(gathering)
  const { deliveries, cursor } = gathering
  return { deliveries, cursor, more, ...(met.learned && { learned: met.learned }) }
}

/** The first look marks where it begins; what is older comes only where somebody asks for it. */
async function begin(gathering: Gathering): Promise<boolean> {
  const newest = async (path: string, asked: string): Promise<Fields | undefined> =>
    fetchedList(await askServer(gathering, path, { query: { limit: '1' } }), gathering.context.now(), asked)[0]
  const notification = await newest('/api/v1/notifications', 'Notifications')
  const conversation = await newest('/api/v1/conversations', 'Private mentions')
  const own = await newest(`/api/v1/accounts/${pathId(gathering.home.accountId)}/statuses`, 'Own posts')
  gathering.cursor = {
    ...gathering.cursor,
    notified: notification ? idIn(notification, 'id') : '',
    direct: idIn((conversation && objectIn(conversation, 'last_status')) ?? {}, 'id'),
    own: own ? idIn(own, 'id') : '',
    checkedAt: gathering.context.now().toISOString(),
  }
  return gathering.cursor.back !== null
}

async function look(gathering: Gathering): Promise<boolean> {
  const more =
    (await readNotifications(gathering)) || (await readConversations(gathering)) || (await readOwn(gathering))
  if (more) return true
  if (await checkKnown(gathering)) return true
  return readBack(gathering)
}

/** True where there is more than fits a step. */
async function readNotifications(gathering: Gathering): Promise<boolean> {
  if (gathering.cursor.notified === '') return readFirstNotifications(gathering)
  let since = gathering.cursor.notified
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await notificationsOf(gathering, { min_id: since })
    for (const notification of page) {
      if (isFull(gathering)) return true
      await addNotification(gathering, notification)
    }
    if (page.length < FULL_PAGE) return false
    since = idIn(page.at(-1)!, 'id')
  }
  return true
}

/** Where there was none at the beginning there is no mark to go on from: all pages, backwards. */
async function readFirstNotifications(gathering: Gathering): Promise<boolean> {
  const found: Fields[] = []
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await notificationsOf(gathering, found[0] ? { max_id: idIn(found[0], 'id') } : {})
    found.unshift(...page)
    if (page.length < FULL_PAGE) break
  }
  for (const notification of found) {
    if (isFull(gathering)) return true
    await addNotification(gathering, notification)
  }
  return false
}

/** A page, oldest first. */
async function notificationsOf(
  gathering: Gathering,
  place: Readonly<Record<string, string>>,
): Promise<readonly Fields[]> {
  const query = { limit: '80', include_filtered: 'true', ...place }
  const answer = await askServer(gathering, '/api/v1/notifications', { query })
  return fetchedList(answer, gathering.context.now(), 'Notifications').toSorted(byId)
}

const byId = (a: Fields, b: Fields): number => compareIds(idIn(a, 'id'), idIn(b, 'id'))

/** Newest first, so pages are read until one is known; then they are told from the oldest on, or none of them. */
async function readConversations(gathering: Gathering): Promise<boolean> {
  const since = gathering.cursor.direct
  const found: Fields[] = []
  let query: Record<string, string> = { limit: '40' }
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const answer = await askServer(gathering, '/api/v1/conversations', { query })
    // Servers without private conversations: mentions tell of them.
    if (answer.ok && answer.status === 404) return false
    const page = fetchedList(answer, gathering.context.now(), 'Private mentions')
    const fresh = page.filter((one) => since === '' || compareIds(lastIdOf(one), since) > 0)
    found.push(...fresh)
    const next = answer.ok ? linkOf(answer.headers, 'next')?.searchParams.get('max_id') : null
    if (fresh.length < page.length || page.length === 0 || !next || since === '') break
    query = { limit: '40', max_id: next }
  }
  for (const conversation of found.toSorted((a, b) => compareIds(lastIdOf(a), lastIdOf(b)))) {
    if (isFull(gathering)) return true
    await addConversation(gathering, conversation)
  }
  return false
}

const lastIdOf = (conversation: Fields): string => idIn(objectIn(conversation, 'last_status') ?? {}, 'id')

async function readOwn(gathering: Gathering): Promise<boolean> {
  const { own } = gathering.cursor
  const query = { limit: '40', exclude_reblogs: 'true', ...(own !== '' && { min_id: own }) }
  const answer = await askServer(gathering, `/api/v1/accounts/${pathId(gathering.home.accountId)}/statuses`, { query })
  const page = fetchedList(answer, gathering.context.now(), 'Own posts').toSorted(byId)
  for (const status of page) {
    if (isFull(gathering)) return true
    await addOwn(gathering, status)
  }
  return own !== '' && page.length >= FULL_PAGE
}

/** Nobody is told of an edit or a deletion by a stranger, and no stream of what happened while it was down: so it is asked. */
async function checkKnown(gathering: Gathering): Promise<boolean> {
  const { cursor, context } = gathering
  const now = context.now()
  if (cursor.toCheck.length === 0) {
    if (now.getTime() - Date.parse(cursor.checkedAt) < CHECK_EVERY_MS) return false
    gathering.cursor = { ...cursor, checkedAt: now.toISOString(), toCheck: cursor.known.map(([id]) => id) }
  }
  for (let round = 0; round < MOST_CHECKS && gathering.cursor.toCheck.length > 0; round++) {
    if (isFull(gathering) || isTight(gathering)) break
    const ids = gathering.cursor.toCheck.slice(0, CHECK_AT_ONCE)
    await checkSome(gathering, ids)
    gathering.cursor = { ...gathering.cursor, toCheck: gathering.cursor.toCheck.slice(ids.length) }
  }
  return gathering.cursor.toCheck.length > 0 && !isTight(gathering)
}

const isTight = ({ rateLeft }: Gathering): boolean => rateLeft !== null && rateLeft < RESERVE

async function checkSome(gathering: Gathering, ids: readonly string[]): Promise<void> {
  const answer = await askServer(gathering, '/api/v1/statuses', { query: { 'id[]': ids } })
  const oneByOne = answer.ok && [400, 404, 405, 422].includes(answer.status)
  const many = oneByOne ? [] : fetchedList(answer, gathering.context.now(), 'Posts')
  const found = new Map(many.map((one) => [idIn(one, 'id'), one]))
  const goneAuthors = new Set<string>()
  // Servers before 4.3 tell of one post at a time, so only of the newest.
  const newest = oneByOne ? new Set(gathering.cursor.known.slice(-MOST_ONE_BY_ONE).map(([id]) => id)) : null
  for (const id of ids) {
    const known = knownOf(gathering.cursor, id)
    if (!known || newest?.has(id) === false) continue
    const one = found.get(id) ?? (await askOne(gathering, id))
    if (one === null) continue
    if (one === 'gone') {
      addDeletion(gathering, id)
      goneAuthors.add(known[3])
    } else if (addChange(gathering, one).grew) await addAnswers(gathering, id)
  }
  for (const author of [...goneAuthors].slice(0, 3)) await checkAuthor(gathering, author)
}

async function askOne(gathering: Gathering, id: string): Promise<Fields | 'gone' | null> {
  const answer = await askServer(gathering, `/api/v1/statuses/${pathId(id)}`)
  // Only where the server itself says so: a page of some proxy in between deletes nothing here.
  const isTold = answer.ok && isObject(answer.json) && textIn(answer.json, 'error') !== ''
  if (isTold && (answer.status === 404 || answer.status === 410)) return 'gone'
  const json =
    answer.ok && answer.status !== 429 && !isFine(answer) ? null : fetched(answer, gathering.context.now(), 'A post')
  return isObject(json) ? json : null
}

async function checkAuthor(gathering: Gathering, id: string): Promise<void> {
  const answer = await ask(gathering.context, gathering.home, `/api/v1/accounts/${pathId(id)}`)
  if (answer.ok && (answer.status === 404 || answer.status === 410))
    deliver(gathering, { what: 'account', account: { id }, gone: true })
  else if (isFine(answer) && isObject(answer.json) && answer.json['suspended'] === true)
    deliver(gathering, { what: 'account', account: answer.json, gone: true })
}

/** A page of what is old, when nothing new waits. */
async function readBack(gathering: Gathering): Promise<boolean> {
  const { back } = gathering.cursor
  if (back === null || isTight(gathering)) return false
  const query = { limit: '40', include_filtered: 'true', ...(back.before !== '' && { max_id: back.before }) }
  const answer = await askServer(gathering, '/api/v1/notifications', { query })
  const page = fetchedList(answer, gathering.context.now(), 'Older notifications').toSorted(byId).toReversed()
  let { before, done, oldest } = back
  for (const notification of page) {
    if (isFull(gathering)) break
    const at = momentIn(notification, 'created_at')?.toISOString() ?? null
    before = idIn(notification, 'id')
    if (at !== null && at < back.from) return endBack(gathering)
    await addOld(gathering, notification)
    done += 1
    oldest = at ?? oldest
  }
  if (page.length === 0) return endBack(gathering)
  gathering.cursor = { ...gathering.cursor, back: { ...back, before, done, oldest } }
  return true
}

function endBack(gathering: Gathering): boolean {
  gathering.cursor = { ...gathering.cursor, reached: gathering.cursor.back!.from, back: null }
  return false
}

/** Told like a new one, without moving the mark of what is new. */
async function addOld(gathering: Gathering, notification: Fields): Promise<void> {
  const { notified, seen } = gathering.cursor
  gathering.cursor = { ...gathering.cursor, notified: '', seen: [] }
  try {
    await addNotification(gathering, notification)
  } finally {
    gathering.cursor = { ...gathering.cursor, notified, seen }
  }
}
