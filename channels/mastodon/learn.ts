// What the server says of itself and of the account: asked when a connection is made or tried, and from time to time after.
import type { Learned, PlatformContext } from '../connector.ts'
import { type Answer, ask, isFine, retryAtOf, wordsOf } from './api.ts'
import { countIn, type Fields, fullHandle, isObject, objectIn, readAccount, textIn } from './entities.ts'
import type { Home } from './settings.ts'

export type Described =
  | {
      readonly ok: true
      readonly learned: Learned
      readonly accountId: string
      readonly handle: string
      readonly textMax: number
    }
  | {
      readonly ok: false
      readonly reason: string
      readonly field: 'server' | 'accessToken'
      readonly kind: 'later' | 'reauthorize'
      readonly retryAt: Date | null
    }

export async function describeHome(
  context: Pick<PlatformContext, 'fetch' | 'now'>,
  home: Pick<Home, 'origin' | 'token'>,
): Promise<Described> {
  const me = await ask(context, home, '/api/v1/accounts/verify_credentials')
  if (!isFine(me)) return refusal(me, context.now())
  const account = readAccount(me.json)
  if (account === null) return notMastodon
  const instance = await instanceOf(context, home)
  const app = await ask(context, home, '/api/v1/apps/verify_credentials')
  const domain = hostIn(textIn(instance, 'domain') || textIn(instance, 'uri')) || new URL(home.origin!).host
  const handle = `@${fullHandle(account.acct, domain)}`
  const learned: Learned = {
    accountId: account.id,
    handle,
    domain,
    ...(isFine(app) &&
      isObject(app.json) &&
      textIn(app.json, 'name') !== '' && { application: textIn(app.json, 'name') }),
    ...limitsIn(instance),
  }
  return { ok: true, learned, accountId: account.id, handle, textMax: Number(learned['textMax'] ?? 500) }
}

const notMastodon = {
  ok: false,
  reason: 'This server does not speak as Mastodon does.',
  field: 'server',
  kind: 'later',
  retryAt: null,
} as const

function refusal(answer: Answer, now: Date): Described {
  if (!answer.ok) return { ...notMastodon, reason: `The server could not be reached: ${answer.reason}` }
  if (answer.status === 401 || answer.status === 403) {
    const reason = `The server does not take the access token: ${wordsOf(answer)}`
    return { ok: false, reason, field: 'accessToken', kind: 'reauthorize', retryAt: null }
  }
  if (answer.status === 404) return notMastodon
  return {
    ...notMastodon,
    reason: `The server answered: ${wordsOf(answer)}`,
    retryAt: retryAtOf(answer.headers, now) ?? null,
  }
}

/** Older servers know the first version of this answer only; without any, Mastodon's own limits count. */
async function instanceOf(
  context: Pick<PlatformContext, 'fetch'>,
  home: Pick<Home, 'origin' | 'token'>,
): Promise<Fields> {
  for (const path of ['/api/v2/instance', '/api/v1/instance']) {
    const answer = await ask(context, home, path)
    if (isFine(answer) && isObject(answer.json)) return answer.json
  }
  return {}
}

function limitsIn(instance: Fields): Learned {
  const configuration = objectIn(instance, 'configuration') ?? {}
  const statuses = objectIn(configuration, 'statuses') ?? {}
  const media = objectIn(configuration, 'media_attachments') ?? {}
  const streaming =
    textIn(objectIn(configuration, 'urls') ?? {}, 'streaming') ||
    textIn(objectIn(instance, 'urls') ?? {}, 'streaming_api')
  const types = media['supported_mime_types']
  const numbers: Readonly<Record<string, number | null>> = {
    textMax: countIn(statuses, 'max_characters') ?? countIn(instance, 'max_toot_chars'),
    urlLength: countIn(statuses, 'characters_reserved_per_url'),
    mediaMax: countIn(statuses, 'max_media_attachments'),
    imageBytes: countIn(media, 'image_size_limit'),
    videoBytes: countIn(media, 'video_size_limit'),
    descriptionMax: countIn(media, 'description_limit'),
  }
  const streamOrigin = streamOriginIn(streaming)
  return {
    ...Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== null && value > 0)),
    ...(Array.isArray(types) && {
      mediaTypes: types.filter((one): one is string => typeof one === 'string' && one.length < 100).slice(0, 100),
    }),
    ...(streamOrigin !== null && { streamOrigin }),
    version: textIn(instance, 'version').slice(0, 100),
  }
}

function streamOriginIn(address: string): string | null {
  const web = address.replace(/^ws(s?):\/\//i, 'http$1://')
  return /^https?:\/\//i.test(web) && URL.canParse(web) ? new URL(web).origin : null
}

function hostIn(text: string): string {
  const bare = text.replace(/^https?:\/\//i, '').replace(/\/.*$/, '')
  return /^[\p{L}\p{N}.-]+(?::\d+)?$/u.test(bare) && bare.length <= 253 ? bare.toLowerCase() : ''
}
