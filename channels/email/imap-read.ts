// Reading a mailbox step by step: what is new in the inbox and among the sent mail first, then what is old. Nothing in the
// mailbox is marked, moved or deleted: folders are opened read-only.
import type { ImapFlow, MailboxObject } from 'imapflow'
import type { PlatformContext, PollStep, StreamSink } from '../connector.ts'
import { replySecretsIn } from './former.ts'
import { MOST_MAIL_BYTES, withImap } from './imap-client.ts'
import { cursorFor, type FolderCursor, type ImapCursor, meetFolder, type Role, ROLES } from './imap-cursor.ts'
import { sentFolderOf } from './imap-sent.ts'
import { conversationNamed, headerFields, trustedResults } from './mail-headers.ts'
import { type Mailbox, readMailbox } from './settings.ts'

const MOST_MAILS = 50
const MOST_BYTES = 20 * 1024 * 1024
/** Of a mail that is larger than we take: the header and the first words. */
const FIRST_BYTES = 256 * 1024
/** How many UIDs one search spans, and how many empty spans a step crosses. */
const SPAN = 5000
const MOST_SPANS = 20
/** Clocks and time zones of servers are not exact. */
const TOLERANCE_MS = 3_600_000
const IDLE_MS = 60_000

type Delivery = PollStep['deliveries'][number]

/** One step, on a connection of its own. Throws NotFetched. */
export async function pollMailbox(stored: unknown, context: PlatformContext): Promise<PollStep> {
  const mailbox = readMailbox(context.settings, context.credentials)
  return withImap(mailbox, context, async (client) => {
    const sent = await sentFolderOf(client, mailbox)
    return readStep(client, mailbox, sent, stored, context)
  })
}

/** Reads what there is and then waits for news (IDLE), until `signal` or the line breaks. Throws NotFetched. */
export async function streamMailbox(stored: unknown, sink: StreamSink, context: PlatformContext): Promise<void> {
  const mailbox = readMailbox(context.settings, context.credentials)
  await withImap(mailbox, context, async (client) => {
    const sent = await sentFolderOf(client, mailbox)
    let cursor = stored
    while (!context.signal.aborted) {
      const { exists } = await select(client, mailbox.inboxFolder)
      const step = await readStep(client, mailbox, sent, cursor, context)
      if (step.deliveries.length > 0 || movedOn(cursor, step.cursor)) {
        await sink({ deliveries: step.deliveries, cursor: step.cursor })
        cursor = step.cursor
      }
      if (!step.more) await news(client, mailbox, exists, context.signal)
    }
  }).catch((error: unknown) => {
    if (!context.signal.aborted) throw error
  })
}

function movedOn(before: unknown, after: unknown): boolean {
  const without = (cursor: unknown) => JSON.stringify({ ...(cursor as object | null), lookedAt: '' })
  return without(before) !== without(after)
}

/**
 * Settles when the inbox has something new, or after a minute, so that the sent mail gets its turn. `before`: how many mails were
 * there before it was read; what came while it was read would be news to nobody.
 */
async function news(client: ImapFlow, mailbox: Mailbox, before: number, signal: AbortSignal): Promise<void> {
  if ((await select(client, mailbox.inboxFolder)).exists !== before) return
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const closed = (): void => reject(new Error('The server hung up'))
  const timer = setTimeout(resolve, IDLE_MS)
  client.on('exists', resolve).once('close', closed)
  signal.addEventListener('abort', closed, { once: true })
  try {
    // Ends with the next command.
    void client.idle().catch(() => {})
    if (client.mailbox && client.mailbox.exists !== before) return
    if (signal.aborted || !client.usable) closed()
    await promise
  } finally {
    clearTimeout(timer)
    client.off('exists', resolve).off('close', closed)
    signal.removeEventListener('abort', closed)
  }
}

async function readStep(
  client: ImapFlow,
  mailbox: Mailbox,
  sentPath: string | null,
  stored: unknown,
  { credentials, now }: Pick<PlatformContext, 'credentials' | 'now'>,
): Promise<PollStep> {
  const secrets = replySecretsIn(credentials, now())
  const account = `${mailbox.imap!.user}@${mailbox.imap!.host}`
  let cursor = cursorFor(stored, account, mailbox.backfillFrom, now())
  const room = { mails: MOST_MAILS, bytes: MOST_BYTES }
  const deliveries: Delivery[] = []
  const paths: Record<Role, string | null> = { inbox: mailbox.inboxFolder, sent: sentPath }
  let more = false

  for (const role of ROLES) {
    const path = paths[role]
    if (path === null) continue
    const still = role === 'sent' ? await unchanged(client, cursor, path) : null
    if (still) {
      cursor = { ...cursor, sent: still }
      continue
    }
    const folder = await openFolder(client, cursor, role, path)
    const fresh = await readNew(client, folder, room)
    deliveries.push(...fresh.mails.map((mail) => deliveryOf(mail, role, folder.uidValidity, mailbox, secrets)))
    cursor = { ...cursor, [role]: fresh.folder }
    more ||= fresh.more
  }
  for (const role of ROLES) {
    const folder = cursor[role]
    if (!folder || folder.old.length === 0) continue
    if (more || room.mails <= 0 || room.bytes <= 0) {
      more = true
      break
    }
    await select(client, folder.path)
    const past = await readOld(client, folder, room)
    deliveries.push(...past.mails.map((mail) => deliveryOf(mail, role, folder.uidValidity, mailbox, secrets)))
    const oldest = past.mails.map(({ at }) => at.toISOString()).toSorted()[0]
    cursor = {
      ...cursor,
      [role]: past.folder,
      done: cursor.done + past.mails.length,
      oldest: [cursor.oldest, oldest].filter((one) => one != null).toSorted()[0] ?? null,
    }
    more ||= past.folder.old.length > 0
  }
  if (!more) cursor = { ...cursor, lookedAt: now().toISOString() }
  return { deliveries, cursor, more }
}

async function openFolder(client: ImapFlow, cursor: ImapCursor, role: Role, path: string): Promise<FolderCursor> {
  const { uidValidity, uidNext, exists } = await select(client, path)
  // Some servers do not say what comes next; and of an open folder the number is as old as its opening.
  const next = uidNext || (exists > 0 ? ((await client.fetchOne('*', { uid: true })) || { uid: 0 }).uid + 1 : 1)
  const found = { path, uidValidity: String(uidValidity), uidNext: next }
  return meetFolder(cursor, role, found, async (since) => {
    const uids = await searchUids(client, { since })
    return uids[0] ?? null
  })
}

/** Opening a folder is dear where it is large: one that is open stays so, and hears what is new. */
async function select(client: ImapFlow, path: string): Promise<MailboxObject> {
  const open = client.mailbox
  if (open && open.path === path) {
    await client.noop()
    return { ...open, uidNext: 0 }
  }
  return client.mailboxOpen(path, { readOnly: true })
}

/** The cursor of a folder that has nothing new, found without opening it; null when it has to be opened. */
async function unchanged(client: ImapFlow, cursor: ImapCursor, path: string): Promise<FolderCursor | null> {
  const known = cursor.sent
  if (known === null || known.path !== path || known.missed.length > 0) return null
  const { uidNext, uidValidity } = (await client.status(path, { uidNext: true, uidValidity: true })) || {}
  if (uidNext !== known.lastUid + 1 || String(uidValidity) !== known.uidValidity) return null
  return meetFolder(cursor, 'sent', { path, uidValidity: known.uidValidity, uidNext }, async () => null)
}

interface Mail {
  readonly uid: number
  readonly at: Date
  readonly raw: Buffer
  /** The size of the whole, where `raw` is only its beginning. */
  readonly whole: number | null
}

interface Room {
  mails: number
  bytes: number
}

async function readNew(client: ImapFlow, folder: FolderCursor, room: Room) {
  const again = folder.missed.slice(0, 10)
  const held = again.length > 0 ? await searchUids(client, { uid: again.join(',') }) : []
  const retried = await fetchMails(client, held, room)
  // What is not there any more was deleted.
  const missed = [...folder.missed.slice(10), ...held.filter((uid) => !retried.mails.some((mail) => mail.uid === uid))]

  const uids = (await searchUids(client, { uid: `${folder.lastUid + 1}:*` })).filter((uid) => uid > folder.lastUid)
  const got = await fetchMails(client, uids, room)
  const next: FolderCursor = {
    ...folder,
    lastUid: got.upTo ?? folder.lastUid,
    missed: [...missed, ...got.missed],
  }
  return { mails: [...retried.mails, ...got.mails], folder: next, more: (got.upTo ?? 0) < (uids.at(-1) ?? 0) }
}

async function readOld(client: ImapFlow, folder: FolderCursor, room: Room) {
  const [{ next: from, end, until }, ...later] = folder.old as [FolderCursor['old'][number]]
  const since = new Date(folder.since)
  const wanted = (at: Date) =>
    at.getTime() >= since.getTime() - TOLERANCE_MS &&
    (until === null || at.getTime() <= Date.parse(until) + TOLERANCE_MS)
  let next = from
  let uids: number[] = []
  // The day before: servers compare days, in their own time zone.
  const day = new Date(since.getTime() - 24 * 3_600_000)
  for (let spans = 0; uids.length === 0 && next <= end && spans < MOST_SPANS; spans++) {
    const to = Math.min(next + SPAN - 1, end)
    uids = await searchUids(client, { uid: `${next}:${to}`, since: day })
    if (uids.length === 0) next = to + 1
  }
  const got = uids.length > 0 ? await fetchMails(client, uids, room, wanted) : { mails: [], missed: [], upTo: null }
  if (got.upTo !== null) next = got.upTo + 1
  const old = next <= end ? [{ next, end, until }, ...later] : later
  return { mails: got.mails, folder: { ...folder, old, missed: [...folder.missed, ...got.missed] } }
}

async function searchUids(client: ImapFlow, query: { uid?: string; since?: Date }): Promise<number[]> {
  const found = await client.search(query, { uid: true })
  // False: the server refused. Taking that for "nothing there" would lose mail.
  if (!Array.isArray(found)) throw new Error('The server did not search')
  return found.toSorted((a, b) => a - b)
}

/** As many of `uids` (ascending) as fit the room. `upTo`: all up to here were dealt with; `missed` did not come although there. */
async function fetchMails(
  client: ImapFlow,
  uids: readonly number[],
  room: Room,
  wanted: (at: Date) => boolean = () => true,
) {
  const mails: Mail[] = []
  const asked = uids.slice(0, Math.max(0, room.mails))
  if (asked.length === 0 || room.bytes <= 0) return { mails, missed: [] as number[], upTo: null }
  const known = await client.fetchAll(asked.join(','), { uid: true, size: true, internalDate: true }, { uid: true })
  const listed = new Map(known.map((one) => [one.uid, { size: one.size ?? 0, at: new Date(one.internalDate ?? 0) }]))
  const chosen: number[] = []
  let upTo: number | null = null
  for (const uid of asked) {
    const about = listed.get(uid)
    if (about && wanted(about.at)) {
      const bytes = about.size > MOST_MAIL_BYTES ? FIRST_BYTES : about.size
      // One always fits, however large.
      if (bytes > room.bytes && (chosen.length > 0 || room.bytes < MOST_BYTES)) break
      chosen.push(uid)
      room.bytes -= bytes
      room.mails--
    }
    upTo = uid
  }
  const whole = chosen.filter((uid) => listed.get(uid)!.size <= MOST_MAIL_BYTES)
  if (whole.length > 0) {
    for await (const { uid, source } of client.fetch(whole.join(','), { uid: true, source: true }, { uid: true })) {
      const about = listed.get(uid)
      if (source && about) mails.push({ uid, at: about.at, raw: source, whole: null })
    }
  }
  for (const uid of chosen.filter((uid) => !whole.includes(uid))) {
    const { size, at } = listed.get(uid)!
    const first = await client.fetchOne(
      String(uid),
      { uid: true, source: { start: 0, maxLength: FIRST_BYTES } },
      { uid: true },
    )
    if (first && first.source) mails.push({ uid, at, raw: first.source, whole: size })
  }
  const came = new Set(mails.map(({ uid }) => uid))
  const lacking = asked.filter(
    (uid) => uid <= (upTo ?? 0) && (chosen.includes(uid) ? !came.has(uid) : !listed.has(uid)),
  )
  // Deleted between the two questions, or kept back by the server: only the latter is asked for again.
  const missed = lacking.length > 0 ? await searchUids(client, { uid: lacking.join(',') }) : []
  return { mails: mails.toSorted((a, b) => a.uid - b.uid), missed: missed.filter((uid) => lacking.includes(uid)), upTo }
}

/** Header names that begin with x-rapport are ours: of the mail's own header only what was proven gets into them. */
function deliveryOf(
  { uid, raw, whole }: Mail,
  role: Role,
  uidValidity: string,
  { trustedAuthserv }: Mailbox,
  secrets: readonly string[],
): Delivery {
  const fields = headerFields(raw)
  const conversation = role === 'inbox' ? conversationNamed([], fields, secrets) : null
  return {
    headers: {
      'x-rapport-folder': role,
      'x-rapport-uid': `${uidValidity}:${uid}`,
      ...(role === 'inbox' && { 'x-rapport-auth': JSON.stringify(trustedResults(fields, trustedAuthserv)) }),
      ...(conversation !== null && { 'x-rapport-conversation': conversation }),
      ...(whole !== null && { 'x-rapport-truncated': String(whole) }),
    },
    body: raw,
  }
}
