// The names of the network: DIDs for accounts, at:// addresses for records.

const DID = /^did:[a-z]+:[A-Za-z0-9._:%-]{1,2000}$/
const HANDLE = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/
const AT_URI = /^at:\/\/([^/?#\s]+)\/([a-zA-Z][a-zA-Z0-9.-]{1,316})\/([A-Za-z0-9._:~-]{1,512})$/

export const POST = 'app.bsky.feed.post'
export const WEB = 'https://bsky.app'

export interface RecordName {
  readonly did: string
  readonly collection: string
  readonly rkey: string
}

export function isDid(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 2048 && DID.test(value)
}

export function isHandle(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 253 && HANDLE.test(value)
}

/** The parts of a record's address; null for anything else, handles in the place of a DID included. */
export function readAtUri(value: unknown): RecordName | null {
  const parts = typeof value === 'string' && value.length <= 8192 ? AT_URI.exec(value) : null
  return parts !== null && isDid(parts[1]) ? { did: parts[1], collection: parts[2]!, rkey: parts[3]! } : null
}

export function atUri({ did, collection, rkey }: RecordName): string {
  return `at://${did}/${collection}/${rkey}`
}

/** Where a post or an account can be seen; by DID, which outlives handles. */
export function webAddressOf({ did, collection, rkey }: RecordName): string {
  return collection === POST ? `${WEB}/profile/${did}/post/${rkey}` : `${WEB}/profile/${did}`
}

// Chat has addresses of its own making: conversations and messages are named by bare ids there.
const CONVO = /^convo:([A-Za-z0-9._-]{1,200})(?:\/([A-Za-z0-9._-]{1,200}))?$/

export function convoKey(convoId: string): string {
  return `convo:${convoId}`
}

export function chatMessageName(convoId: string, messageId: string): string {
  return `convo:${convoId}/${messageId}`
}

export function readConvoName(value: unknown): { readonly convoId: string; readonly messageId: string | null } | null {
  const parts = typeof value === 'string' ? CONVO.exec(value) : null
  return parts ? { convoId: parts[1]!, messageId: parts[2] ?? null } : null
}
