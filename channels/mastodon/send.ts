// One answer, and what became of it. What it answers is read first: an answer is never seen by more people than that, and names
// who wrote it, or they would not be told. Until the post itself is handed over everything is certain; after that only a whole
// answer is, and silence is a doubt that the own timeline settles (look-up.ts).
import { overLimit } from '#platform/contract/length'
import type { Connector, Outbound, PlatformContext, SendOutcome } from '../connector.ts'
import { type Answer, ask, isFine, pathId, retryAtOf, wordsOf } from './api.ts'
import { peopleOfLine, rootOfTree } from './bundle.ts'
import { narrowest, type Visibility } from './can-reply.ts'
import { fullHandle, isObject, readAccount, readStatus, type Status } from './entities.ts'
import { uploadMedia } from './media.ts'
import { type Home, readHome } from './settings.ts'

/** How a post to somebody begins. */
export const openingOf: NonNullable<Connector['openingOf']> = ({ handle }, settings) =>
  handle === null ? '' : withMentions('', [fullHandle(handle, readHome(settings).host)], readHome(settings).host)

export const identityFor = (messageId: string): string => `rapport-${messageId}`

export async function sendMastodon(outbound: Outbound, context: PlatformContext): Promise<SendOutcome> {
  const home = readHome(context.settings, context.credentials)
  if (home.origin === null || home.token === null)
    return { state: 'reauthorize', reason: 'This connection has no leave to write' }
  if (context.signal.aborted) return { state: 'retry', reason: 'Stopped before it was sent' }
  const composed = await compose(outbound, home, context)
  if (!composed.ok) return composed.outcome
  const uploaded = await uploadMedia(outbound, home, context)
  if (!uploaded.ok) return uploaded.outcome

  const post = (parent: string | null): Promise<Answer> =>
    ask(context, home, '/api/v1/statuses', {
      method: 'POST',
      headers: { 'idempotency-key': outbound.platformIdentity },
      form: {
        status: composed.text,
        visibility: composed.visibility,
        ...(parent !== null && { in_reply_to_id: parent }),
        ...(outbound.warning !== null &&
          outbound.warning.trim() !== '' && { spoiler_text: outbound.warning.trim(), sensitive: 'true' }),
        'media_ids[]': uploaded.ids,
      },
      maxBytes: 1024 * 1024,
    })
  let answer = await post(composed.parentId)
  // In a private line the words matter more than what they hang on.
  if (answer.ok && answer.status === 404 && composed.visibility === 'direct' && composed.parentId !== null)
    answer = await post(null)
  return outcomeOf(answer, context.now())
}

type Composed =
  | { readonly ok: true; readonly text: string; readonly visibility: Visibility; readonly parentId: string | null }
  | { readonly ok: false; readonly outcome: SendOutcome }

/** The post as it will leave; the same on every try. Asks the server, and writes nothing there. */
export async function compose(outbound: Outbound, home: Home, context: PlatformContext): Promise<Composed> {
  const isPrivate = outbound.visibility === 'private'
  const parentId = parentOf(outbound)
  const asked: Visibility = isPrivate ? 'direct' : home.quietReplies ? 'unlisted' : 'public'
  const people = isPrivate ? peopleOfLine(outbound.threadKey) : []
  // A private line between two needs nothing of its last post; a public answer and a crowd do.
  const parent =
    parentId !== null && (!isPrivate || people.length > 1) ? await readParent(parentId, home, context) : null
  if (parent !== null && !parent.ok && !(isPrivate && parent.outcome.state === 'rejected')) return parent
  const above = parent?.ok ? parent.status : null
  const handles = await namedIn(outbound, above, people, home, context)
  if (!handles.ok) return handles

  const named = withMentions(outbound.text, handles.handles, home.host)
  // What goes on below our own post has told them already.
  const goesOn = !isPrivate && above !== null && above.account.id === home.accountId
  const over = overlong(named, outbound.warning, home)
  const text = over !== null && goesOn ? outbound.text : named
  const stillOver = text === named ? over : overlong(text, outbound.warning, home)
  if (stillOver !== null) return { ok: false, outcome: { state: 'rejected', reason: stillOver } }
  return { ok: true, text, visibility: above === null ? asked : narrowest(above.visibility, asked), parentId }
}

function parentOf({ parentExternalId, follows, threadKey, visibility }: Outbound): string | null {
  const last = parentExternalId ?? follows.at(-1) ?? null
  return last ?? (visibility === 'public' ? rootOfTree(threadKey) : null)
}

async function readParent(
  id: string,
  home: Home,
  context: PlatformContext,
): Promise<{ readonly ok: true; readonly status: Status } | { readonly ok: false; readonly outcome: SendOutcome }> {
  const answer = await ask(context, home, `/api/v1/statuses/${pathId(id)}`)
  const status = isFine(answer) ? readStatus(answer.json) : null
  if (status !== null) return { ok: true, status }
  if (answer.ok && (answer.status === 404 || answer.status === 410))
    return { ok: false, outcome: { state: 'rejected', reason: 'The post that this answers is not there any more' } }
  return { ok: false, outcome: beforeSending(answer, context.now()) }
}

/** What went wrong before the post was handed over: it surely did not arrive. */
function beforeSending(answer: Answer, now: Date): SendOutcome {
  if (!answer.ok) return { state: 'retry', reason: `Nothing was sent: ${answer.reason}` }
  if (answer.status === 401 || answer.status === 403)
    return { state: 'reauthorize', reason: `The server does not take the access token: ${wordsOf(answer)}` }
  const retryAt = retryAtOf(answer.headers, now)
  return { state: 'retry', reason: `Nothing was sent: ${wordsOf(answer)}`, ...(retryAt && { retryAt }) }
}

type Named =
  | { readonly ok: true; readonly handles: readonly string[] }
  | { readonly ok: false; readonly outcome: SendOutcome }

/** Whoever has to be named so that the answer reaches them: the addressed person, the author above, everybody of a crowd. */
async function namedIn(
  { recipient }: Outbound,
  above: Status | null,
  people: readonly string[],
  home: Home,
  context: PlatformContext,
): Promise<Named> {
  const handles: string[] = []
  const add = (acct: string) => handles.push(fullHandle(acct, home.host))
  if (recipient) {
    const handle = recipient.handle ?? (await handleOf(recipient.externalId, home, context))
    if (handle === null)
      return { ok: false, outcome: { state: 'rejected', reason: 'The account of this person is not there any more' } }
    add(handle)
  }
  if (above && above.account.id !== home.accountId) add(above.account.acct)
  if (above && people.length > 1) {
    for (const one of above.mentions) if (one.id !== home.accountId && people.includes(one.id)) add(one.acct)
  }
  return {
    ok: true,
    handles: [...new Map(handles.map((one) => [one.toLowerCase(), one])).values()].filter((one) => one !== ''),
  }
}

async function handleOf(id: string, home: Home, context: PlatformContext): Promise<string | null> {
  const answer = await ask(context, home, `/api/v1/accounts/${pathId(id)}`)
  const account = isFine(answer) ? readAccount(answer.json) : null
  return account === null || account.acct === '' ? null : fullHandle(account.acct, home.host)
}

/** Why it is too long, or null. The warning is counted as it stands, the words by the rules of the network. */
function overlong(text: string, warning: string | null, { limits }: Home): string | null {
  const counted = countable(text, limits.url) + (warning?.trim() ?? '')
  const over = overLimit([{ unit: 'grapheme', max: limits.text }], counted)
  return over && `The post has ${over.length} of ${over.max} characters, names and warning counted`
}

/** The text as long as the server takes it to be: links of one length, names without their server. */
function countable(text: string, linkLength: number): string {
  return text
    .replace(/https?:\/\/[^\s<>"]*[^\s<>".,;:!?'’)\]}…]/gi, 'x'.repeat(linkLength))
    .replace(/(?<![\w/@])@(\w[\w.-]*\w|\w)@[\p{L}\p{N}][\p{L}\p{N}.-]*(?::\d+)?/gu, '@$1')
}

/** Names in front whom the words do not name already; people of our own server without it, as everybody writes them. */
export function withMentions(text: string, handles: readonly string[], host: string): string {
  const named = new Set(
    [...text.matchAll(/(?<![\w/@])@([\w.-]*\w(?:@[\p{L}\p{N}.:-]*[\p{L}\p{N}])?)/gu)].map(([, one]) =>
      fullHandle(one!, host).toLowerCase(),
    ),
  )
  const missing = handles.filter((one) => !named.has(one.toLowerCase()))
  const suffix = `@${host.toLowerCase()}`
  const short = missing.map((one) => `@${one.toLowerCase().endsWith(suffix) ? one.slice(0, -suffix.length) : one}`)
  return short.length === 0 ? text : `${short.join(' ')} ${text}`
}

export function outcomeOf(answer: Answer, now: Date): SendOutcome {
  if (!answer.ok) {
    return answer.sent === 'no'
      ? { state: 'retry', reason: `Nothing was sent: ${answer.reason}` }
      : { state: 'unknown', reason: `The server did not say whether it took the post: ${answer.reason}` }
  }
  if (isFine(answer)) {
    const status = readStatus(answer.json)
    if (status === null)
      return { state: 'unknown', reason: 'The server took the post and did not say under which name' }
    const data = { visibility: status.visibility }
    return { state: 'sent', externalId: status.id, ...(status.url !== '' && { url: status.url }), data }
  }
  const retryAt = retryAtOf(answer.headers, now)
  switch (answer.status) {
    case 401:
    case 403:
      return { state: 'reauthorize', reason: `The server does not let this account write: ${wordsOf(answer)}` }
    case 429:
    case 503:
      return { state: 'retry', reason: `Not now, says the server: ${wordsOf(answer)}`, ...(retryAt && { retryAt }) }
    case 404:
    case 410:
      return { state: 'rejected', reason: `What this answers is not there any more: ${wordsOf(answer)}` }
  }
  if (answer.status >= 400 && answer.status < 500)
    return { state: 'rejected', reason: `The server refused the post: ${wordsOf(answer)}` }
  // It may have stumbled over what comes after storing.
  const said = isObject(answer.json) ? wordsOf(answer) : `it answered with ${answer.status}`
  return { state: 'unknown', reason: `The server may have taken the post: ${said}` }
}
