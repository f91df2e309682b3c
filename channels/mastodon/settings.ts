// What a person sets, what the server was asked about, and both together as the rest of the folder reads them.
import * as t from 'typebox'
import type { TextLimit } from '#platform/contract/length'
import type { MediaRules } from '../connector.ts'

export const mastodonSettings = t.Object(
  {
    server: t.String({
      title: 'Server',
      description: 'Where your account lives, such as mastodon.social. A whole handle (@you@server) will do.',
      minLength: 3,
      maxLength: 300,
      pattern: '^\\s*(https?://)?(@?[^\\s@\\/]+@)?[^\\s@\\/]+/?\\s*$',
    }),
    signIn: t.Optional(
      t.Unsafe<'oauth' | 'token'>({
        type: 'string',
        anyOf: [
          { const: 'oauth', title: 'Give leave on the server' },
          { const: 'token', title: 'Paste an access token' },
        ],
        title: 'How to sign in',
        default: 'oauth',
      }),
    ),
    accessToken: t.Optional(
      t.String({
        title: 'Access token',
        description: 'On your server under Preferences, Development, your application.',
        format: 'password',
        when: { signIn: 'token' },
        minLength: 8,
        maxLength: 500,
      }),
    ),
    replyVisibility: t.Optional(
      t.Unsafe<'same' | 'unlisted'>({
        type: 'string',
        anyOf: [
          { const: 'same', title: 'As public as what they answer' },
          { const: 'unlisted', title: 'Quiet: not in public timelines' },
        ],
        title: 'Public answers are',
        description: 'An answer is never more public than the post that it answers.',
        default: 'same',
      }),
    ),
  },
  { additionalProperties: false },
)

export interface Home {
  /** `https://server`, no slash at the end; null when nothing usable is set. */
  readonly origin: string | null
  readonly token: string | null
  /** The domain in handles, which need not be the host of the origin. */
  readonly host: string
  /** Learned at signing in; null before. */
  readonly accountId: string | null
  readonly handle: string | null
  /** The name under which our own posts are marked by the server. */
  readonly application: string | null
  readonly streamOrigin: string | null
  readonly quietReplies: boolean
  readonly limits: Limits
}

export interface Limits {
  readonly text: number
  readonly url: number
  readonly media: number
  readonly types: readonly string[]
  readonly imageBytes: number
  readonly videoBytes: number
  readonly description: number
}

const DEFAULTS: Limits = {
  text: 500,
  url: 23,
  media: 4,
  types: [],
  imageBytes: 16 * 1024 * 1024,
  videoBytes: 99 * 1024 * 1024,
  description: 1500,
}

/** Never throws: settings may be of an older version. */
export function readHome(
  settings: Readonly<Record<string, unknown>>,
  credentials: Readonly<Record<string, string>> = {},
): Home {
  const text = (name: string): string | null =>
    typeof settings[name] === 'string' && settings[name].trim() !== '' ? settings[name].trim() : null
  const number = (name: string, fallback: number): number =>
    Number.isSafeInteger(settings[name]) && (settings[name] as number) > 0 ? (settings[name] as number) : fallback
  const origin = originOf(text('server') ?? '')
  const streamOrigin = text('streamOrigin')
  return {
    origin,
    token: credentials['accessToken']?.trim() || null,
    host: text('domain') ?? (origin === null ? '' : new URL(origin).host),
    accountId: text('accountId'),
    handle: text('handle'),
    application: text('application'),
    streamOrigin: streamOrigin !== null && /^https?:\/\//.test(streamOrigin) ? streamOrigin : origin,
    quietReplies: settings['replyVisibility'] === 'unlisted',
    limits: {
      text: number('textMax', DEFAULTS.text),
      url: number('urlLength', DEFAULTS.url),
      media: number('mediaMax', DEFAULTS.media),
      types: Array.isArray(settings['mediaTypes'])
        ? settings['mediaTypes'].filter((one): one is string => typeof one === 'string')
        : [],
      imageBytes: number('imageBytes', DEFAULTS.imageBytes),
      videoBytes: number('videoBytes', DEFAULTS.videoBytes),
      description: number('descriptionMax', DEFAULTS.description),
    },
  }
}

/** `mastodon.social`, `https://mastodon.social/`, `@you@mastodon.social` → `https://mastodon.social`. */
export function originOf(given: string): string | null {
  const [, scheme = 'https://', place = ''] = /^(https?:\/\/)?(?:@?[^\s@/]*@)?([^\s@/]+)\/?$/i.exec(given.trim()) ?? []
  if (place === '' || !URL.canParse(scheme + place)) return null
  const { origin, hostname, protocol } = new URL(scheme + place)
  // Only a machine in the house speaks without encryption.
  const isLocal = hostname === 'localhost' || /^[\d.]+$/.test(hostname) || hostname.startsWith('[')
  return protocol === 'http:' && !isLocal ? origin.replace('http:', 'https:') : origin
}

/** Mastodon counts what a reader sees; links count as a fixed number, and of a name only the part before the server. */
export function textLimitsOf(settings: Readonly<Record<string, unknown>>): readonly TextLimit[] {
  const { text, url } = readHome(settings).limits
  return [{ unit: 'grapheme', max: text, linksCountAs: url, mentionsWithoutServer: true, countsWarning: true }]
}

/** What the server takes: its own kinds and sizes, as far as it told them. */
export function mediaOf(settings: Readonly<Record<string, unknown>>): MediaRules {
  const { media, types, imageBytes, videoBytes } = readHome(settings).limits
  return {
    maxCount: media,
    maxBytes: Math.max(imageBytes, videoBytes),
    maxBytesOf: { 'image/': imageBytes, 'video/': videoBytes, 'audio/': videoBytes },
    types: types.length > 0 ? types : ['image/', 'video/', 'audio/'],
    altText: true,
  }
}
