// What servers say, read with distrust: every field may be missing or of another kind. Nothing here throws; what can't be read
// is empty, and what has no id is nothing.

export type Fields = Readonly<Record<string, unknown>>

export interface Account {
  readonly id: string
  /** `name` of a local account, `name@server` of another. */
  readonly acct: string
  readonly username: string
  readonly name: string
  readonly url: string
  readonly avatar: string
  readonly bot: boolean
  readonly followers: number | null
  readonly moved: Account | null
  readonly suspended: boolean
}

export interface Mention {
  readonly id: string
  readonly acct: string
  readonly username: string
  readonly url: string
}

export interface Status {
  readonly id: string
  readonly account: Account
  readonly content: string
  readonly warning: string
  readonly visibility: string
  readonly createdAt: Date | null
  readonly editedAt: Date | null
  readonly inReplyToId: string | null
  readonly inReplyToAccountId: string | null
  readonly url: string
  readonly language: string
  readonly application: string
  readonly counts: {
    readonly likes: number | null
    readonly reposts: number | null
    readonly replies: number | null
    readonly quotes: number | null
  }
  readonly mentions: readonly Mention[]
  readonly emojis: readonly { readonly shortcode: string; readonly url: string }[]
  readonly media: readonly Fields[]
  readonly card: Fields | null
  readonly poll: Fields | null
  readonly quoted: Status | null
  readonly isBoost: boolean
}

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A text as a database takes it: no U+0000, no half of a surrogate pair. */
export function textIn(fields: Fields, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? storable(value) : ''
}

export function storable(text: string): string {
  return text.includes('\0') || !text.isWellFormed() ? text.replaceAll('\0', '').toWellFormed() : text
}

/** Ids are texts that look like numbers; older and other servers send numbers. */
export function idIn(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  const id = textIn(fields, name)
  return id.length <= 200 && /^[\x21-\x7e]+$/.test(id) ? id : ''
}

export function listIn(fields: Fields, name: string, most = 200): readonly Fields[] {
  const value = fields[name]
  return Array.isArray(value) ? value.slice(0, most).filter(isObject) : []
}

export function objectIn(fields: Fields, name: string): Fields | null {
  const value = fields[name]
  return isObject(value) ? value : null
}

export function countIn(fields: Fields, name: string): number | null {
  const value = fields[name]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

export function momentIn(fields: Fields, name: string): Date | null {
  const text = textIn(fields, name)
  if (!MOMENT.test(text)) return null
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? null : at
}

/** An http(s) address, or nothing. */
export function linkIn(fields: Fields, name: string): string {
  const text = textIn(fields, name)
  return text.length <= 2048 && /^https?:\/\//i.test(text) && URL.canParse(text) ? text : ''
}

export function readAccount(value: unknown, depth = 0): Account | null {
  if (!isObject(value)) return null
  const id = idIn(value, 'id')
  if (id === '') return null
  const acct = textIn(value, 'acct').slice(0, 500)
  return {
    id,
    acct,
    username: textIn(value, 'username').slice(0, 250) || acct.split('@')[0]!,
    name: textIn(value, 'display_name').slice(0, 300),
    url: linkIn(value, 'url'),
    avatar: linkIn(value, 'avatar_static') || linkIn(value, 'avatar'),
    bot: value['bot'] === true,
    followers: countIn(value, 'followers_count'),
    moved: depth === 0 ? readAccount(value['moved'], 1) : null,
    suspended: value['suspended'] === true,
  }
}

export function readStatus(value: unknown, depth = 0): Status | null {
  if (!isObject(value)) return null
  const id = idIn(value, 'id')
  const account = readAccount(value['account'])
  if (id === '' || account === null) return null
  return {
    id,
    account,
    content: textIn(value, 'content'),
    warning: textIn(value, 'spoiler_text').slice(0, 5000),
    visibility: textIn(value, 'visibility').slice(0, 50),
    createdAt: momentIn(value, 'created_at'),
    editedAt: momentIn(value, 'edited_at'),
    inReplyToId: idIn(value, 'in_reply_to_id') || null,
    inReplyToAccountId: idIn(value, 'in_reply_to_account_id') || null,
    url: linkIn(value, 'url') || linkIn(value, 'uri'),
    language: textIn(value, 'language').slice(0, 35),
    application: textIn(objectIn(value, 'application') ?? {}, 'name').slice(0, 300),
    counts: {
      likes: countIn(value, 'favourites_count'),
      reposts: countIn(value, 'reblogs_count'),
      replies: countIn(value, 'replies_count'),
      quotes: countIn(value, 'quotes_count'),
    },
    mentions: listIn(value, 'mentions').map((one) => ({
      id: idIn(one, 'id'),
      acct: textIn(one, 'acct').slice(0, 500),
      username: textIn(one, 'username').slice(0, 250),
      url: linkIn(one, 'url'),
    })),
    emojis: listIn(value, 'emojis', 50).flatMap((one) => {
      const shortcode = textIn(one, 'shortcode')
      const url = linkIn(one, 'static_url') || linkIn(one, 'url')
      return /^\w{1,100}$/.test(shortcode) && url !== '' ? [{ shortcode, url }] : []
    }),
    media: listIn(value, 'media_attachments', 30),
    card: objectIn(value, 'card'),
    poll: objectIn(value, 'poll'),
    quoted: depth === 0 ? quotedIn(value) : null,
    isBoost: isObject(value['reblog']),
  }
}

/** A quoted post that may be shown; Pleroma puts the status itself where Mastodon wraps it. */
function quotedIn(fields: Fields): Status | null {
  const quote = objectIn(fields, 'quote')
  if (quote === null) return null
  if ('state' in quote) return quote['state'] === 'accepted' ? readStatus(quote['quoted_status'], 1) : null
  return readStatus(quote, 1)
}

/** `name@server` whoever it is; `host` is that of the server that speaks. Empty where there is no name. */
export function fullHandle(acct: string, host: string): string {
  const bare = acct.replace(/^@/, '')
  if (bare === '') return ''
  return bare.includes('@') || host === '' ? bare : `${bare}@${host}`
}

/** Smaller, equal or larger: ids grow with time, whether they are numbers of any length or texts of one length. */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}
