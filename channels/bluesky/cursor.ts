// How far an account is read: notifications, its own posts, its chat, and the posts that are looked at again. It says whose it
// is, for settings may be changed to another account under it.
import { createHash } from 'node:crypto'
import { asObject, asText, objectsOf, asList, textAt, type Json } from './json.ts'
import { isDid } from './uri.ts'

export interface Cursor {
  readonly did: string
  readonly notes: Notes
  /** Record keys of our newest posts; null before the first look. */
  readonly own: readonly string[] | null
  readonly chat: Chat
  readonly watch: Watch
}

export interface Notes {
  /** Names of the newest notifications, newest first; null before the first look. */
  readonly known: readonly string[] | null
  /** When the newest known one was seen by the network. */
  readonly mark: string | null
  /** On the way back to what is known; `top` are the names met first. */
  readonly walk: {
    readonly cursor: string
    readonly pages: number
    readonly top: readonly string[]
    readonly mark: string
  } | null
  /** Looking back further than what is known. */
  readonly back: Back | null
}

export interface Back {
  readonly from: string
  readonly cursor: string | null
  readonly done: number
  readonly oldest: string | null
  readonly pages: number
}

export interface Chat {
  /** Up to which the log was read; null before the first look. */
  readonly rev: string | null
  readonly look: { readonly from: string; readonly cursor: string | null; readonly pages: number } | null
  /** Not asked again before: it is not allowed, or out of order. */
  readonly after: string | null
  readonly failures: number
}

export interface Watch {
  readonly at: string | null
  /** Newest first. */
  readonly posts: readonly Watched[]
}

export interface Watched {
  readonly uri: string
  /** What was known of it last; empty before the first look. */
  readonly print: string
  /** When it was looked at last. */
  readonly at: string | null
}

export const MOST_KNOWN = 250
export const MOST_WATCHED = 100
export const MOST_OWN = 50

export function freshCursor(did: string): Cursor {
  return {
    did,
    notes: { known: null, mark: null, walk: null, back: null },
    own: null,
    chat: { rev: null, look: null, after: null, failures: 0 },
    watch: { at: null, posts: [] },
  }
}

/** The cursor of this account; a fresh one for another's, or for none. */
export function readCursor(value: unknown, did: string): Cursor {
  const said = asObject(value)
  return said !== null && said['did'] === did ? parse(said, did) : freshCursor(did)
}

/** Whosever it is; null where it is none. */
export function anyCursor(value: unknown): Cursor | null {
  const said = asObject(value)
  return said !== null && isDid(said['did']) ? parse(said, said['did']) : null
}

function parse(said: Json, did: string): Cursor {
  const texts = (list: unknown): string[] => asList(list).filter((one) => typeof one === 'string')
  const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)
  const notes = asObject(said['notes']) ?? {}
  const walk = asObject(notes['walk'])
  const back = asObject(notes['back'])
  const chat = asObject(said['chat']) ?? {}
  const look = asObject(chat['look'])
  return {
    did,
    notes: {
      known: Array.isArray(notes['known']) ? texts(notes['known']).slice(0, MOST_KNOWN) : null,
      mark: asText(notes['mark']),
      walk: walk && {
        cursor: asText(walk['cursor']) ?? '',
        pages: number(walk['pages']),
        top: texts(walk['top']),
        mark: asText(walk['mark']) ?? '',
      },
      back: back && {
        from: asText(back['from']) ?? '',
        cursor: asText(back['cursor']),
        done: number(back['done']),
        oldest: asText(back['oldest']),
        pages: number(back['pages']),
      },
    },
    own: Array.isArray(said['own']) ? texts(said['own']).slice(0, MOST_OWN) : null,
    chat: {
      rev: asText(chat['rev']),
      look: look && { from: asText(look['from']) ?? '', cursor: asText(look['cursor']), pages: number(look['pages']) },
      after: asText(chat['after']),
      failures: number(chat['failures']),
    },
    watch: {
      at: textAt(said, 'watch', 'at'),
      posts: objectsOf(asObject(said['watch'])?.['posts'], MOST_WATCHED).flatMap((one) => {
        const uri = asText(one['uri'])
        return uri === null ? [] : [{ uri, print: asText(one['print']) ?? '', at: asText(one['at']) }]
      }),
    },
  }
}

/** A short name for something long. */
export function shortName(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 12)
}
