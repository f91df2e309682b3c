// A small network in memory: accounts with their records, what the network notices of them, and their chats. Nothing here
// knows HTTP.
import { createHash } from 'node:crypto'
import { textAt } from '../json.ts'
import { tidOf } from '../tid.ts'
import { atUri, POST, readAtUri } from '../uri.ts'
import { openChats, type Chats, type ChatState } from './chats.ts'

export interface Person {
  readonly did: string
  handle: string
  readonly password: string
  displayName: string
  avatar?: string
  /** Label values of its own, such as `bot`. */
  labels: readonly string[]
  state: 'active' | 'deactivated' | 'takendown' | 'deleted'
  /** Who may write in private. */
  allowIncoming: 'all' | 'none' | 'following'
  readonly appPasswords: Map<string, { readonly chat: boolean }>
}

export interface Stored {
  readonly uri: string
  readonly cid: string
  readonly value: Readonly<Record<string, unknown>>
  readonly indexedAt: string
}

export interface Noticed {
  readonly to: string
  readonly uri: string
  readonly cid: string
  readonly by: string
  readonly reason: string
  readonly reasonSubject?: string
  readonly indexedAt: string
}

/** All that the network knows, as plain data: it can be kept and taken up again. */
export interface WorldState {
  readonly people: Map<string, Person>
  readonly records: Map<string, Stored>
  readonly noticed: Noticed[]
  readonly mutes: Set<string>
  readonly reports: Record<string, unknown>[]
  readonly blobs: Map<string, { readonly bytes: Buffer; readonly type: string; readonly did: string }>
  /** Label values that moderators put on posts. */
  readonly labels: Map<string, readonly string[]>
  readonly talk: ChatState
}

const freshState = (): WorldState => ({
  people: new Map(),
  records: new Map(),
  noticed: [],
  mutes: new Set(),
  reports: [],
  blobs: new Map(),
  labels: new Map(),
  talk: { convos: new Map(), log: [] },
})

export interface World extends Omit<WorldState, 'talk'> {
  readonly state: WorldState
  readonly chats: Chats
  readonly now: () => Date
  /** Moves the clock on. */
  pass(ms: number): void
  addPerson(given: Partial<Person> & { readonly handle: string }): Person
  find(identifier: string): Person | undefined
  /** Writes a record as its author's server would. */
  write(did: string, collection: string, value: Readonly<Record<string, unknown>>, rkey?: string): Stored
  remove(uri: string): boolean
  /** A post, with the least that it needs. */
  post(by: Person, text: string, more?: Readonly<Record<string, unknown>>): Stored
  reply(by: Person, to: Stored, text: string, more?: Readonly<Record<string, unknown>>): Stored
  like(by: Person, post: Stored): Stored
  repost(by: Person, post: Stored): Stored
  recordsOf(did: string, collection: string): readonly Stored[]
  isBlocked(one: string, other: string): boolean
  nextTid(): string
}

const REPLY_HEARD = 5

/** @param clock what its time runs by; `pass` is ahead of it. Left out, it stands still but for `pass`. */
export function openWorld(
  clock: () => Date = () => new Date('2026-09-01T12:00:00.000Z'),
  state: WorldState = freshState(),
): World {
  let ahead = 0
  let count = 0
  const { people, records, noticed } = state
  const now = (): Date => new Date(clock().getTime() + ahead)
  const nextTid = (): string => tidOf(BigInt(now().getTime()) * 1000n + BigInt(++count), 7n)

  const notice = (to: string | undefined, by: string, stored: Stored, reason: string, subject?: string): void => {
    if (to === undefined || to === by || !people.has(to)) return
    if (noticed.some((one) => one.to === to && one.uri === stored.uri)) return
    const { uri, cid, indexedAt } = stored
    noticed.push({ to, uri, cid, by, reason, indexedAt, ...(subject && { reasonSubject: subject }) })
  }

  const noticePost = (by: string, stored: Stored): void => {
    const { value } = stored
    let parent = textAt(value, 'reply', 'parent', 'uri')
    for (let step = 0; step < REPLY_HEARD && parent !== null; step++) {
      notice(readAtUri(parent)?.did, by, stored, 'reply', parent)
      parent = textAt(records.get(parent)?.value, 'reply', 'parent', 'uri')
    }
    const quoted = textAt(value, 'embed', 'record', 'uri') ?? textAt(value, 'embed', 'record', 'record', 'uri')
    if (quoted !== null) notice(readAtUri(quoted)?.did, by, stored, 'quote', quoted)
    for (const facet of (value['facets'] ?? []) as { features: { did?: string }[] }[]) {
      for (const { did } of facet.features) if (did !== undefined) notice(did, by, stored, 'mention')
    }
  }

  const world: World = {
    ...state,
    state,
    chats: openChats(now, nextTid, state.talk),
    now,
    nextTid,
    pass(ms) {
      ahead += ms
    },
    addPerson(given) {
      const name = createHash('sha256')
        .update(given.handle)
        .digest('base64url')
        .toLowerCase()
        .replace(/[^a-z2-7]/g, 'a')
      const person: Person = {
        did: `did:plc:${name.slice(0, 24)}`,
        password: 'the password',
        displayName: given.handle.split('.')[0]!,
        labels: [],
        state: 'active',
        allowIncoming: 'all',
        appPasswords: new Map(),
        ...given,
      }
      people.set(person.did, person)
      return person
    },
    find: (identifier) => people.get(identifier) ?? [...people.values()].find(({ handle }) => handle === identifier),
    write(did, collection, value, rkey = nextTid()) {
      const uri = atUri({ did, collection, rkey })
      const stored: Stored = { uri, cid: cidOf(value), value, indexedAt: now().toISOString() }
      records.set(uri, stored)
      ahead += 1
      if (collection === POST) noticePost(did, stored)
      const subject = textAt(value, 'subject', 'uri')
      if (collection === 'app.bsky.feed.like' && subject) notice(readAtUri(subject)?.did, did, stored, 'like', subject)
      if (collection === 'app.bsky.feed.repost' && subject)
        notice(readAtUri(subject)?.did, did, stored, 'repost', subject)
      if (collection === 'app.bsky.graph.follow') notice(String(value['subject']), did, stored, 'follow')
      return stored
    },
    remove(uri) {
      for (let index = noticed.length - 1; index >= 0; index--)
        if (noticed[index]!.uri === uri) noticed.splice(index, 1)
      return records.delete(uri)
    },
    post: (by, text, more = {}) =>
      world.write(by.did, POST, { $type: POST, text, createdAt: now().toISOString(), ...more }),
    reply(by, to, text, more = {}) {
      const parent = { uri: to.uri, cid: to.cid }
      const root = (to.value['reply'] as { root: object } | undefined)?.root ?? parent
      return world.post(by, text, { reply: { root, parent }, ...more })
    },
    like: (by, { uri, cid }) => act(by, 'app.bsky.feed.like', { uri, cid }),
    repost: (by, { uri, cid }) => act(by, 'app.bsky.feed.repost', { uri, cid }),
    recordsOf: (did, collection) =>
      [...records.values()]
        .filter(({ uri }) => uri.startsWith(`at://${did}/${collection}/`))
        .sort((a, b) => (a.uri < b.uri ? 1 : -1)),
    isBlocked: (one, other) =>
      [
        [one, other],
        [other, one],
      ].some(([by, subject]) =>
        world.recordsOf(by!, 'app.bsky.graph.block').some(({ value }) => value['subject'] === subject),
      ),
  }
  const act = (by: Person, collection: string, subject: object): Stored =>
    world.write(by.did, collection, { $type: collection, subject, createdAt: now().toISOString() })
  return world
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** A content id in the form of the network (CIDv1, SHA-256); over JSON, where the network's is over DAG-CBOR. */
export function cidOf(value: unknown, codec = 0x71): string {
  const content = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))
  const bytes = Buffer.concat([Buffer.from([1, codec, 0x12, 0x20]), createHash('sha256').update(content).digest()])
  let bits = 0
  let held = 0
  let text = 'b'
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(held >> bits) & 31]
    }
  }
  return bits > 0 ? text + ALPHABET[(held << (5 - bits)) & 31] : text
}
