// What an account needs to be set: flat, because a form is drawn from it. `readAccount` is the only reader.
import * as t from 'typebox'
import { asText } from './json.ts'
import { isDid } from './uri.ts'

const choice = <const V extends Readonly<Record<string, string>>>(words: V, options: t.TSchemaOptions) =>
  t.Unsafe<keyof V & string>({
    type: 'string',
    anyOf: Object.entries(words).map(([value, title]) => ({ const: value, title })),
    ...options,
  })

const WEB_ADDRESS = { format: 'uri', maxLength: 500, pattern: '^https?://[^\\s?#]+$' }
/** Found by themselves on the one large network; others set them. */
const ELSEWHERE = { group: 'Other servers than the usual ones', advanced: true }
const SERVICE = '^(?:https?://[^\\s?#]+|did:[a-z]+:[A-Za-z0-9._:%\\-]+(?:#[A-Za-z0-9_\\-]+)?)$'

export const DEFAULT_DIRECTORY = 'https://plc.directory'
export const DEFAULT_RESOLVER = 'https://public.api.bsky.app'
export const DEFAULT_CHAT = 'did:web:api.bsky.chat#bsky_chat'

export const blueskySettings = t.Object(
  {
    identifier: t.String({
      title: 'Account',
      description: 'The handle, such as acme.example or acme.bsky.social, or the DID.',
      pattern: '^\\s*@?[A-Za-z0-9._:%\\-]{3,2048}\\s*$',
      maxLength: 2048,
    }),
    signIn: t.Optional(
      choice(
        { password: 'By an app password', oauth: 'Give leave on the server' },
        { title: 'How to sign in', default: 'password' },
      ),
    ),
    appPassword: t.Optional(
      t.String({
        title: 'App password',
        description: 'Made under Settings, Privacy and security, App passwords. Allow direct messages there for chat.',
        format: 'password',
        maxLength: 200,
        when: { signIn: 'password' },
      }),
    ),
    service: t.Optional(
      t.String({
        ...WEB_ADDRESS,
        ...ELSEWHERE,
        title: 'Server of the account',
        description: 'Empty: found through the handle. All writing and reading goes to it.',
      }),
    ),
    chat: t.Optional(
      t.Boolean({
        title: 'Direct messages',
        description: 'Read and answer chat, where the account allows it.',
        default: true,
      }),
    ),
    backfillFrom: t.Optional(
      t.String({
        title: 'Bring in what came since',
        description: 'A day such as 2026-01-31. Empty: the last three days.',
        pattern: '^\\d{4}-\\d{2}-\\d{2}$',
      }),
    ),
    linkCards: t.Optional(
      t.Boolean({
        title: 'Show cards for links',
        description: 'Fetches the page that an answer links to.',
        default: true,
      }),
    ),
    appView: t.Optional(
      t.String({
        ...ELSEWHERE,
        title: 'AppView',
        description:
          'Where notifications and threads are read: did:web:example.com#bsky_appview, or an address. Empty: the one of your server.',
        pattern: SERVICE,
        maxLength: 500,
      }),
    ),
    chatService: t.Optional(
      t.String({
        ...ELSEWHERE,
        title: 'Chat service',
        description: `Empty: ${DEFAULT_CHAT}.`,
        pattern: '^did:[a-z]+:[A-Za-z0-9._:%\\-]+#[A-Za-z0-9_\\-]+$',
        maxLength: 500,
      }),
    ),
    moderationService: t.Optional(
      t.String({
        ...ELSEWHERE,
        title: 'Moderation service',
        description: 'Who gets your reports: did:plc:…#atproto_labeler. Empty: the one of your server.',
        pattern: '^did:[a-z]+:[A-Za-z0-9._:%\\-]+#[A-Za-z0-9_\\-]+$',
        maxLength: 500,
      }),
    ),
    plcDirectory: t.Optional(
      t.String({
        ...WEB_ADDRESS,
        ...ELSEWHERE,
        title: 'Directory of DIDs',
        description: `Empty: ${DEFAULT_DIRECTORY}.`,
      }),
    ),
    handleResolver: t.Optional(
      t.String({
        ...WEB_ADDRESS,
        ...ELSEWHERE,
        title: 'Resolver of handles',
        description: `Asked where neither DNS nor the handle's own site answer. Empty: ${DEFAULT_RESOLVER}.`,
      }),
    ),
    session: t.Optional(
      t.String({
        title: 'Session',
        description: 'Made by Rapport when it signs in, and renewed by itself.',
        format: 'password',
        readOnly: true,
        maxLength: 20_000,
      }),
    ),
  },
  { additionalProperties: false },
)

/** The settings with every default in its place; what is not set, or set oddly, is null. */
export interface Account {
  /** Lower-case handle or DID; empty where nothing is set. */
  readonly identifier: string
  readonly signIn: 'password' | 'oauth'
  readonly appPassword: string | null
  readonly service: string | null
  readonly chat: boolean
  readonly backfillFrom: Date | null
  readonly linkCards: boolean
  readonly appView: { readonly proxy: string } | { readonly url: string } | null
  readonly chatService: string
  readonly moderationService: string | null
  readonly plcDirectory: string
  readonly handleResolver: string
  /** What was learned of the account when it was connected. */
  readonly did: string | null
}

/** Never throws: settings may be of an older version. */
export function readAccount(
  settings: Readonly<Record<string, unknown>>,
  credentials: Readonly<Record<string, string>> = {},
): Account {
  const text = (name: string): string => asText(settings[name])?.trim() ?? ''
  const address = (name: string): string | null => originOf(text(name))
  const identifier = text('identifier').replace(/^@/, '')
  const appView = text('appView')
  const from = /^\d{4}-\d{2}-\d{2}$/.test(text('backfillFrom')) ? new Date(`${text('backfillFrom')}T00:00:00Z`) : null
  return {
    identifier: identifier.startsWith('did:') ? identifier : identifier.toLowerCase(),
    signIn: settings['signIn'] === 'oauth' ? 'oauth' : 'password',
    appPassword: credentials['appPassword']?.trim() || null,
    service: address('service'),
    chat: settings['chat'] !== false,
    backfillFrom: from !== null && !Number.isNaN(from.getTime()) ? from : null,
    linkCards: settings['linkCards'] !== false,
    appView: appViewOf(appView),
    chatService: text('chatService') || DEFAULT_CHAT,
    moderationService: text('moderationService') || null,
    plcDirectory: address('plcDirectory') ?? DEFAULT_DIRECTORY,
    handleResolver: address('handleResolver') ?? DEFAULT_RESOLVER,
    did: isDid(settings['did']) ? settings['did'] : null,
  }
}

function appViewOf(value: string): Account['appView'] {
  if (value.startsWith('did:')) return { proxy: value.includes('#') ? value : `${value}#bsky_appview` }
  const url = originOf(value)
  return url === null ? null : { url }
}

/** XRPC lives at the top of a server, so of an address only the origin counts. */
function originOf(value: string): string | null {
  const url = URL.parse(value)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.origin : null
}
