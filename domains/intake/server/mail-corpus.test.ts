// Six thousand real mails through the real intake into a real database, each twice: once in the order of the file, once
// shuffled. What is counted afterwards is what a desk is for: nothing lost, nothing doubled, everybody among those they wrote
// with, and nothing that runs. One busy correspondent of the set is taken for us, so that there are answers to join.
import { createSecretKey, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pino from 'pino'
import { beforeAll, describe, expect, test } from 'vitest'
import { connectorOf } from '#channels/all'
import type { InboundMessage } from '#channels/connector'
import { lanesWithWork, openAccepting, openKnownConnections, type KnownConnections } from '#connections/server'
import { testClock } from '#platform/clock'
import { mailDocument } from '#platform/http/mail-html'
import { useDatabase } from '#platform/testing/database'
import { aFileStore } from '#platform/testing/files'
import { seededRandom } from '#platform/testing/random'
import { aConnection } from '../../connections/server/factories.ts'
import { aWorkspace } from '../../workspaces/server/factories.ts'
import { workLanes } from './intake.ts'
import { runningPartsOf } from './testing/markup.ts'

const file = fileURLToPath(new URL('../../../../shared/data/mail/spamassassin.jsonl.gz', import.meta.url))
const there = existsSync(file)
if (!there) console.info(`skipped: the set of mails is not beside the repository (${file})`)

const MAILS = 6_046
/** With the nearest ancestor in the set, In-Reply-To first, then References from last to first: counted, not hoped for. */
const WITH_ANCESTOR = 1_624
const RECEIVED = new Date('2026-09-01T12:00:00Z')

const database = useDatabase()

interface Mail {
  readonly raw: Buffer
  readonly externalId: string
  readonly author: string
  readonly follows: readonly string[]
}

/** Reads the set with the channel's own eyes, without any database, to know what should come of it. */
async function readSet(): Promise<Mail[]> {
  const receive = connectorOf('email')!.receive
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n')
  const mails: Mail[] = []
  for (const line of lines) {
    const raw = Buffer.from((JSON.parse(line) as { text: string }).text, 'latin1')
    const delivery = { id: 'd', headers: {}, body: raw, receivedAt: RECEIVED }
    const events = await receive(delivery, { connectionId: 'c', settings: { address: 'nobody@desk.invalid' } })
    const { externalId, author, placing } = events.find(({ type }) => type === 'message') as InboundMessage
    mails.push({ raw, externalId, author: author.handle ?? '', follows: placing!.follows })
  }
  return mails
}

/** Who of the set writes most in threads: taken for us. */
function busiest(mails: readonly Mail[]): string {
  const counts = new Map<string, number>()
  for (const { author, follows } of mails)
    if (follows.length > 0 && author !== '') counts.set(author, (counts.get(author) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]![0]
}

function nearestOf(mails: readonly Mail[]): ReadonlyMap<string, string> {
  const ids = new Set(mails.map(({ externalId }) => externalId))
  return new Map(
    mails.flatMap(({ externalId, follows }) => {
      const nearest = follows.find((id) => ids.has(id) && id !== externalId)
      return nearest === undefined ? [] : [[externalId, nearest] as const]
    }),
  )
}

/** The mailbox has no secrets to open. */
const keyring = { currentId: 'none', keys: new Map(), root: createSecretKey(randomBytes(32)) }

/** A mailbox of its own that these mails come to, in this order; answers the workspace. */
async function receiveAll(mails: readonly Mail[], us: string): Promise<string> {
  const { workspaceId } = await aWorkspace(database.db)
  const settings = { address: us, receive: 'imap', imapHost: 'imap.desk.example' }
  const { id: connectionId } = await aConnection(database.db, workspaceId, 'email', { settings })
  const accept = openAccepting(database.db)
  for (let at = 0; at < mails.length; at += 500) {
    const part = mails.slice(at, at + 500)
    await Promise.all(
      part.map(({ raw, author }) => {
        // Ours stand in the folder of sent mail, as those do that somebody writes with another program.
        const headers = { 'x-rapport-folder': author === us ? 'sent' : 'inbox' }
        return accept({ workspaceId, connectionId, headers, body: raw, receivedAt: RECEIVED })
      }),
    )
  }
  const known: KnownConnections = openKnownConnections(database.db, keyring)
  const intake = {
    db: database.db,
    clock: testClock(new Date(RECEIVED.getTime() + 3_600_000)),
    log: pino({ level: 'silent' }),
    known,
    files: await aFileStore(),
  }
  const lanes = async () =>
    (await lanesWithWork(database.db)).filter((one) => one.workspaceId === workspaceId).map(({ lane }) => lane)
  for (let open = await lanes(); open.length > 0; open = await lanes())
    // None: the other run's mailbox happens to have the same lane, and works there.
    if ((await workLanes(intake, workspaceId, open)) === 0) await sleep(20)
  return workspaceId
}

interface Row {
  readonly id: string
  readonly externalId: string
  readonly conversationId: string
  readonly kind: string
  readonly placedBy: string
  readonly identityId: string
  readonly scope: string
  readonly address: string
  readonly writtenTo: readonly string[]
  readonly parent: string | null
  readonly parentConversation: string | null
  readonly html: string | null
  readonly body: string
}

const rowsOf = (workspaceId: string): Promise<Row[]> =>
  database.db.read({ workspaceId }, async (tx) => {
    const { rows } = await sql<Row>`
      select m.id, m.external_id, m.conversation_id, m.kind, m.placed_by, m.identity_id, i.scope, m.body, b.html,
        coalesce(i.handle, i.external_id) as address, p.external_id as parent, p.conversation_id as parent_conversation,
        array(select lower(a ->> 'address') from jsonb_array_elements((b.addressees -> 'to') || (b.addressees -> 'cc')) a) as written_to
      from messages m
      join identities i on i.workspace_id = m.workspace_id and i.id = m.identity_id
      left join message_bodies b on b.workspace_id = m.workspace_id and b.message_id = m.id
      left join messages p on p.workspace_id = m.workspace_id and p.id = m.parent_id
      where m.workspace_id = ${workspaceId}::uuid and m.kind in ('in', 'out') order by m.seq`.execute(tx)
    return rows
  })

/** Messages whose author had no part in the conversation when they were placed there: by its messages before it, and no more. */
function intruders(rows: readonly Row[]): Row[] {
  const parts = new Map<string, { readonly authors: Set<string>; readonly writtenTo: Set<string> }>()
  return rows.filter((row) => {
    // A server's report on a message of ours stands beside it, and lets nobody in.
    if (row.placedBy === 'report') return false
    const part = parts.get(row.conversationId)
    const { authors, writtenTo } = part ?? { authors: new Set<string>(), writtenTo: new Set<string>() }
    parts.set(row.conversationId, { authors, writtenTo })
    const isOurs = row.kind === 'out'
    const belongs =
      isOurs ||
      part === undefined ||
      (row.scope !== 'unproven' && (authors.has(row.identityId) || writtenTo.has(row.address.toLowerCase())))
    if (isOurs) for (const address of row.writtenTo) writtenTo.add(address)
    if (row.scope !== 'unproven' || isOurs) authors.add(row.identityId)
    return !belongs
  })
}

describe.skipIf(!there)('all mails of the set, each delivered twice', () => {
  let mails: Mail[]
  let nearest: ReadonlyMap<string, string>
  let us: string
  const runs: { name: string; workspaceId: string; rows: Row[]; seconds: number }[] = []

  beforeAll(async () => {
    mails = await readSet()
    nearest = nearestOf(mails)
    us = busiest(mails)
    const random = seededRandom(6_046)
    const twice = [...mails, ...mails]
    const shuffled = twice.map((mail) => [random.next(), mail] as const).toSorted((a, b) => a[0] - b[0])
    const orders = [
      ['in the order of the file', twice],
      ['shuffled', shuffled.map(([, mail]) => mail)],
    ] as const
    const done = orders.map(async ([name, order]) => {
      const began = performance.now()
      const workspaceId = await receiveAll(order, us)
      const seconds = (performance.now() - began) / 1000
      return { name, workspaceId, rows: await rowsOf(workspaceId), seconds }
    })
    runs.push(...(await Promise.all(done)))
  }, 300_000)

  const eachRun = async (check: (run: (typeof runs)[number]) => Promise<void> | void) => {
    expect(runs).toHaveLength(2)
    for (const run of runs) await check(run)
  }

  test('become one message each, and no delivery is left or set aside', () =>
    eachRun(async ({ name, workspaceId, rows, seconds }) => {
      const placed = Object.entries(Object.groupBy(rows, ({ placedBy }) => placedBy))
      console.info(
        `${name}: ${rows.length} messages in ${seconds.toFixed(1)} s,`,
        placed.map(([how, all]) => `${all!.length} ${how}`).join(', '),
      )
      expect(rows).toHaveLength(MAILS)
      expect(new Set(rows.map(({ externalId }) => externalId))).toEqual(
        new Set(mails.map(({ externalId }) => externalId)),
      )
      const states = await database.db.read({ workspaceId }, (tx) =>
        tx
          .selectFrom('deliveries')
          .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
          .where('workspaceId', '=', workspaceId)
          .groupBy('state')
          .execute(),
      )
      expect(states.map(({ state, count }) => [state, Number(count)])).toEqual([['done', 2 * MAILS]])
    }))

  test('know the nearest mail of the set that they answer, also where that is in another conversation', () =>
    eachRun(({ rows }) => {
      expect(nearest.size).toBe(WITH_ANCESTOR)
      const found = new Map(rows.flatMap(({ externalId, parent }) => (parent === null ? [] : [[externalId, parent]])))
      expect(found).toEqual(nearest)
      // Both happen, or nothing is proven: answers beside what they answer, and strangers apart from it.
      const apart = rows.filter((row) => row.parent !== null && row.parentConversation !== row.conversationId)
      expect(apart.length).toBeGreaterThan(100)
      expect(WITH_ANCESTOR - apart.length).toBeGreaterThan(100)
    }))

  test('are linked to the conversation that they answer in, where they stand apart from it', () =>
    eachRun(async ({ workspaceId, rows }) => {
      const links = await database.db.read({ workspaceId }, (tx) =>
        tx.selectFrom('conversationLinks').select(['conversationId', 'linkedId', 'reason']).execute(),
      )
      const made = new Set(
        links.map(({ conversationId, linkedId, reason }) => `${conversationId} ${reason} ${linkedId}`),
      )
      const missing = rows.filter(
        ({ conversationId: here, parentConversation }) =>
          parentConversation !== null &&
          parentConversation !== here &&
          !(
            made.has(`${here} answers ${parentConversation}`) &&
            made.has(`${parentConversation} answered_there ${here}`)
          ),
      )
      expect(missing.map(({ externalId, parent, placedBy }) => ({ externalId, parent, placedBy }))).toEqual([])
    }))

  test('stand in no conversation that their author took no part in', () =>
    eachRun(({ rows }) => {
      expect(rows.filter(({ kind }) => kind === 'out').length).toBeGreaterThan(20)
      expect(rows.filter(({ kind, placedBy }) => kind === 'in' && placedBy === 'follows').length).toBeGreaterThan(20)
      expect(intruders(rows).map(({ externalId, placedBy }) => ({ externalId, placedBy }))).toEqual([])
      // And the check can see: with an author changed it speaks.
      const joined = rows.find(({ kind, placedBy }) => kind === 'in' && placedBy === 'follows')!
      const forged = rows.map((row) => (row === joined ? { ...row, identityId: 'x', address: 'x@x.example' } : row))
      expect(intruders(forged)).toHaveLength(1)
    }))

  test('say the same whatever their order', () => {
    const said = ({ rows }: (typeof runs)[number]) =>
      rows
        .map(({ externalId, kind, body, html, address, scope }) => ({ externalId, kind, body, html, address, scope }))
        .toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1))
    expect(said(runs[1]!)).toEqual(said(runs[0]!))
  })

  test('hold nothing that runs, loads or sends when they are shown as HTML', () => {
    const documents = runs[0]!.rows.flatMap(({ externalId, html }) => (html === null ? [] : [{ externalId, html }]))
    expect(documents.length).toBeGreaterThan(1000)
    // What came would run and load: otherwise its absence afterwards would prove nothing.
    expect(documents.filter(({ html }) => /<script|\son\w+\s*=|javascript:/i.test(html)).length).toBeGreaterThan(50)
    const found = documents.flatMap(({ externalId, html }) => [
      ...runningPartsOf(mailDocument(html, { images: 'blocked' }).html, 'blocked').map((part) => ({
        externalId,
        part,
      })),
      ...runningPartsOf(mailDocument(html, { images: 'shown' }).html, 'shown').map((part) => ({ externalId, part })),
    ])
    expect(found.slice(0, 20)).toEqual([])
  })
})
