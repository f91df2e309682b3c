// Whether a post is there, asked on doubt: the own timeline is read back to the moment of the first try. For an hour the server
// itself knows a post by its idempotency key, so trying again doubles nothing; after that, this decides.
import type { LookUpOutcome, Outbound, PlatformContext } from '../connector.ts'
import { type Answer, ask, isFine, linkOf, pathId, wordsOf } from './api.ts'
import { type Fields, isObject, listIn, readStatus, type Status, textIn } from './entities.ts'
import { describeHome } from './learn.ts'
import { type Home, readHome } from './settings.ts'
import { gist, readPost } from './text.ts'

const MOST_PAGES = 5
/** Clocks of servers are not ours. */
const TOLERANCE_MS = 5 * 60_000

export async function lookUpMastodon(outbound: Outbound, context: PlatformContext): Promise<LookUpOutcome> {
  const home = readHome(context.settings, context.credentials)
  if (home.origin === null || home.token === null)
    return { state: 'unknown', reason: 'This connection has no leave to look' }
  let accountId = home.accountId
  if (accountId === null) {
    const described = await describeHome(context, home)
    if (!described.ok) return { state: 'unknown', reason: described.reason }
    accountId = described.accountId
  }
  const since = outbound.at.getTime() - TOLERANCE_MS
  let query: Record<string, string> = { limit: '40', exclude_reblogs: 'true' }
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const answer = await ask(context, home, `/api/v1/accounts/${pathId(accountId)}/statuses`, { query })
    if (!isFine(answer) || !Array.isArray(answer.json)) return { state: 'unknown', reason: reasonOf(answer) }
    const page = answer.json.filter(isObject)
    for (const raw of page) {
      const found = await matches(outbound, raw, since, home, context)
      if (found !== null) return found
    }
    const oldest = readStatus(page.at(-1))?.createdAt
    const next = linkOf(answer.headers, 'next')?.searchParams.get('max_id')
    if (page.length === 0 || !next || (oldest && oldest.getTime() < since)) return { state: 'absent' }
    query = { ...query, max_id: next }
  }
  return { state: 'unknown', reason: 'There are more posts since than could be looked through' }
}

function reasonOf(answer: Answer): string {
  if (!answer.ok) return `The own timeline could not be read: ${answer.reason}`
  return `The own timeline could not be read: ${isFine(answer) ? 'it came in a form that is no list' : wordsOf(answer)}`
}

async function matches(
  outbound: Outbound,
  raw: Fields,
  since: number,
  home: Home,
  context: PlatformContext,
): Promise<LookUpOutcome | null> {
  const status = readStatus(raw)
  // What is in the thread already is another answer, be it in the same words.
  if (status === null || status.isBoost || outbound.follows.includes(status.id)) return null
  if (status.createdAt !== null && status.createdAt.getTime() < since) return null
  if ((status.visibility === 'direct') !== (outbound.visibility === 'private') && outbound.visibility === 'private')
    return null
  const parent = outbound.parentExternalId ?? outbound.follows.at(-1) ?? null
  if (parent !== null && status.inReplyToId !== parent && status.visibility !== 'direct') return null
  if (listIn(raw, 'media_attachments').length !== outbound.media.length) return null
  if (status.warning.trim() !== (outbound.warning ?? '').trim()) return null
  const same = await saysTheSame(outbound, status, home, context)
  return same ? { state: 'found', externalId: status.id, ...(status.url !== '' && { url: status.url }) } : null
}

/** By its source where the server gives it; else by the words in it, whatever HTML made of them. */
async function saysTheSame(outbound: Outbound, status: Status, home: Home, context: PlatformContext): Promise<boolean> {
  const sourced = await ask(context, home, `/api/v1/statuses/${pathId(status.id)}/source`)
  const source = isFine(sourced) && isObject(sourced.json) ? textIn(sourced.json, 'text') : ''
  const said = gist(source === '' ? readPost(status.content, status.mentions, home.host).text : source)
  const meant = gist(outbound.text)
  if (said === meant) return true
  // The names in front are ours; comparing without them suffices unless somebody asks twice for the same.
  return said.endsWith(meant) && /^(?:@[\w.-]+)+$/.test(said.slice(0, said.length - meant.length))
}
