// What can be done on the server about a post or its author. Posts of others can't be hidden on this network, so that is not
// claimed; removing is for our own. Blocking, muting and removing twice is doing it once; a report that may have arrived is
// filed again, which moderators see as one more of the same.
import type { ModerationOrder, ModerationOutcome, PlatformContext } from '../connector.ts'
import { type Answer, ask, isFine, pathId, retryAtOf, wordsOf } from './api.ts'
import { isObject, readAccount, readStatus } from './entities.ts'
import { type Home, readHome } from './settings.ts'

export const moderation = ['remove', 'report', 'block', 'unblock', 'mute', 'unmute'] as const
const MOST_COMMENT = 1000

export async function moderateMastodon(order: ModerationOrder, context: PlatformContext): Promise<ModerationOutcome> {
  const home = readHome(context.settings, context.credentials)
  if (home.origin === null || home.token === null)
    return { state: 'reauthorize', reason: 'This connection has no leave to write' }
  if (order.action === 'hide') return { state: 'rejected', reason: 'Posts can’t be hidden on this network' }
  if (order.action === 'remove') return remove(order, home, context)
  const author = await authorIn(order, home, context)
  if ('state' in author) return author
  if (order.action === 'report') return report(order, author.id, home, context)
  const path = `/api/v1/accounts/${pathId(author.id)}/${order.action}`
  return outcomeOf(await ask(context, home, path, { method: 'POST' }), context.now())
}

async function remove(
  { externalId, ours }: ModerationOrder,
  home: Home,
  context: PlatformContext,
): Promise<ModerationOutcome> {
  if (!ours || externalId === null)
    return { state: 'rejected', reason: 'Only posts of your own account can be removed' }
  const answer = await ask(context, home, `/api/v1/statuses/${pathId(externalId)}`, { method: 'DELETE' })
  return outcomeOf(answer, context.now())
}

async function report(
  { externalId, reason }: ModerationOrder,
  accountId: string,
  home: Home,
  context: PlatformContext,
): Promise<ModerationOutcome> {
  const found = await ask(context, home, `/api/v1/accounts/${pathId(accountId)}`)
  const isElsewhere = isFine(found) && (readAccount(found.json)?.acct.includes('@') ?? false)
  const form = {
    account_id: accountId,
    comment: [...reason].slice(0, MOST_COMMENT).join(''),
    ...(externalId !== null && { 'status_ids[]': externalId }),
    // The moderators of their own server can do more.
    forward: String(isElsewhere),
  }
  return outcomeOf(await ask(context, home, '/api/v1/reports', { method: 'POST', form }), context.now())
}

async function authorIn(
  { author, externalId }: ModerationOrder,
  home: Home,
  context: PlatformContext,
): Promise<{ readonly id: string } | ModerationOutcome> {
  if (author !== null) return { id: author.externalId }
  if (externalId === null) return { state: 'rejected', reason: 'Nobody is named' }
  const answer = await ask(context, home, `/api/v1/statuses/${pathId(externalId)}`)
  const status = isFine(answer) ? readStatus(answer.json) : null
  return status === null ? outcomeOf(answer, context.now()) : { id: status.account.id }
}

function outcomeOf(answer: Answer, now: Date): ModerationOutcome {
  if (!answer.ok) return { state: 'retry', reason: `The server could not be asked: ${answer.reason}` }
  if (isFine(answer))
    return isObject(answer.json) ? { state: 'done' } : { state: 'retry', reason: 'The answer came broken' }
  const retryAt = retryAtOf(answer.headers, now)
  switch (answer.status) {
    case 404:
    case 410:
      return { state: 'gone' }
    case 401:
    case 403:
      return { state: 'reauthorize', reason: `The server does not let this account do that: ${wordsOf(answer)}` }
  }
  if (answer.status === 429 || answer.status >= 500)
    return { state: 'retry', reason: `Not now, says the server: ${wordsOf(answer)}`, ...(retryAt && { retryAt }) }
  return { state: 'rejected', reason: `The server refused: ${wordsOf(answer)}` }
}
