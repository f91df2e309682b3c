// A mailbox of a real Dovecot, connected to the whole running program: read, answered over a real SMTP server, answered again by
// the customer, answered elsewhere, killed in the middle, renumbered, and its five thousand old mails brought in.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { randomUUIDv7 } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { readConfig } from '#platform/config'
import { createLog } from '#platform/log'
import { cloneDatabase } from '#platform/testing/database'
import { DOVECOT_PASSWORD, noDovecot, openDovecot, type Dovecot } from '../channels/email/testing/dovecot.ts'
import { startScriptedSmtp, type ScriptedSmtp } from '../channels/email/testing/smtp-server.ts'
import { startProgram, type Program } from '../bin/program/program.ts'

if (noDovecot !== null) console.info(`skipped: the journey of a mailbox: ${noDovecot}`)

const OLD = 5_000
const US = 'support@acme.example'
const USER = 'support'

let offset = 0
const now = (): Date => new Date(Date.now() + offset)
let dovecot: Dovecot
let provider: ScriptedSmtp
let program: Program
let workspaceId: string
let headers: Record<string, string>
let connectionId: string
const parts = new AsyncDisposableStack()

interface Said {
  readonly id: string
  readonly externalId: string
  readonly conversationId: string
  readonly kind: string
  readonly state: string | null
  readonly placedBy: string
  readonly body: string
}

const messages = (name?: string): Promise<Said[]> =>
  program.db.read({ workspaceId }, (tx) =>
    tx
      .selectFrom('messages')
      .select(['id', 'externalId', 'conversationId', 'kind', 'state', 'placedBy', 'body'])
      .where('kind', 'in', ['in', 'out'])
      .$if(name !== undefined, (query) => query.where('externalId', '=', name!))
      .orderBy('seq')
      .execute(),
  ) as Promise<Said[]>

/** How many messages there are whose name begins so. */
const count = (name = ''): Promise<number> =>
  program.db.read({ workspaceId }, async (tx) => {
    const { n } = await tx
      .selectFrom('messages')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('kind', 'in', ['in', 'out'])
      .where('externalId', 'like', `${name}%`)
      .executeTakeFirstOrThrow()
    return Number(n)
  })

async function named(name: string): Promise<Said> {
  let found: Said | undefined
  await becomes(async () => (found = (await messages(`${name}@x.example`))[0]))
  return found!
}

/** Looks again until it is so. The program's time runs on, so that its waits between tries run out. */
async function becomes(what: () => Promise<unknown>, seconds = 60): Promise<void> {
  const end = performance.now() + seconds * 1000
  while (!(await what())) {
    if (performance.now() > end) throw new Error(`not so within ${seconds} s: ${what.toString()}`)
    offset += 2000
    await sleep(200)
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- replies of unlike shape
const api = async (method: string, path: string, body?: unknown): Promise<any> => {
  const response = await fetch(program.url + path, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return response.status === 204 ? null : response.json()
}

const mail = (name: string, more = '', body = `the words of ${name}`, from = 'Jo <jo@customer.example>', to = US) =>
  `Message-ID: <${name}@x.example>\r\nFrom: ${from}\r\nTo: ${to}\r\nDate: ${now().toUTCString()}\r\n${more}Subject: ${name.replace(/\d+/g, '')}\r\n\r\n${body}\r\n`
const put = (name: string, more = '', body?: string) => dovecot.put(USER, '', mail(name, more, body), now())

beforeAll(async () => {
  if (noDovecot !== null) return
  dovecot = await openDovecot()
  parts.defer(() => dovecot.remove())
  const old = Date.now() - 90 * 86_400_000
  for (let n = 0; n < OLD; n++)
    dovecot.put(USER, '', mail(`old-${n}`, '', 'long ago', `<c${n % 700}@old.example>`), new Date(old + n * 60_000))
  await dovecot.start()
  provider = await startScriptedSmtp()
  parts.defer(() => provider.stop())
  const database = await cloneDatabase(inject('ownerUrl'))
  const dataDir = await mkdtemp(join(tmpdir(), 'rapport-mailbox-'))
  await chmod(dataDir, 0o755)
  parts.defer(async () => {
    await database.drop()
    await rm(dataDir, { recursive: true, force: true })
  })
  const config = readConfig({ DATABASE_URL: database.ownerUrl, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent' })
  program = parts.use(
    await startProgram({
      config,
      log: createLog(config),
      version: 'test',
      clock: { now },
      allowPrivate: (address) => address === '127.0.0.1',
      limiter: { take: () => 0 },
    }),
  )
  headers = await claim()
  const { connection } = await api('POST', '/api/connections', {
    channel: 'email',
    name: 'Support',
    settings: {
      address: US,
      imapHost: '127.0.0.1',
      imapPort: dovecot.port,
      imapSecurity: 'none',
      imapUser: USER,
      imapPassword: DOVECOT_PASSWORD,
      smtpHost: '127.0.0.1',
      smtpPort: provider.port,
      smtpSecurity: 'none',
      smtpWithoutLogin: true,
    },
  })
  connectionId = connection.id
  await becomes(async () => (await connectionNow()).fetching?.lastSuccessAt)
}, 240_000)
afterAll(() => parts.disposeAsync(), 60_000)

const connectionNow = async () => api('GET', `/api/connections/${connectionId}`)

async function claim(): Promise<Record<string, string>> {
  const response = await fetch(`${program.url}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      token: new URL(program.setupLink!).hash.slice(1),
      name: 'Olga Owner',
      email: 'olga@example.org',
      password: 'a long enough password',
      workspaceName: 'Here',
      timeZone: 'UTC',
      locale: 'en',
    }),
  })
  workspaceId = ((await response.json()) as { workspaceId: string }).workspaceId
  const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0])
  return { cookie: cookies.join('; ') }
}

describe.skipIf(noDovecot !== null)('a mailbox of a real server', () => {
  test('is read from now on: what was there before is left where it is', async () => {
    put('hello')
    expect(await named('hello')).toMatchObject({ kind: 'in', placedBy: 'new', body: 'the words of hello' })
    expect(await count()).toBe(1)
  }, 90_000)

  test('a member’s answer leaves by SMTP, and the customer’s reply to it stands in the same conversation', async () => {
    const { conversationId } = await named('hello')
    await api('POST', `/api/conversations/${conversationId}/messages`, {
      body: 'It is on its way.',
      clientId: randomUUIDv7(),
    })
    await becomes(async () => provider.taken.length > 0)
    const { to, raw } = provider.taken[0]!
    const said = raw.toString('latin1').replaceAll(/\r\n[ \t]+/g, ' ')
    expect(to).toEqual(['jo@customer.example'])
    expect(said).toMatch(/^In-Reply-To: <hello@x\.example>/m)
    const [, ourId] = /^Message-ID:\s*<([^>]+)>/im.exec(said)!
    put('thanks', `In-Reply-To: <${ourId}>\r\nReferences: <hello@x.example> <${ourId}>\r\n`)
    expect(await named('thanks')).toMatchObject({ conversationId, placedBy: 'follows', kind: 'in' })
    const [, ours] = await messages()
    expect(ours).toMatchObject({ externalId: ourId, kind: 'out', state: 'sent' })
  }, 90_000)

  test('an answer that was written with another program appears as ours, from the folder of sent mail', async () => {
    const { conversationId } = await named('thanks')
    const elsewhere = mail(
      'elsewhere',
      'In-Reply-To: <thanks@x.example>\r\n',
      'From my phone',
      US,
      'jo@customer.example',
    )
    dovecot.put(USER, 'Sent', elsewhere, now())
    // That folder is looked into whenever there is news, and each minute.
    put('other', '', 'Another matter')
    expect(await named('elsewhere')).toMatchObject({
      conversationId,
      kind: 'out',
      state: 'sent',
      body: 'From my phone',
    })
    expect(await named('other')).toMatchObject({ placedBy: 'new' })
    // And what we sent ourselves and the provider filed there is known.
    dovecot.put(USER, 'Sent', provider.taken[0]!.raw, now())
    put('more', 'In-Reply-To: <elsewhere@x.example>\r\n')
    expect(await named('more')).toMatchObject({ conversationId, placedBy: 'follows' })
    expect((await messages()).filter(({ kind }) => kind === 'out')).toHaveLength(2)
  }, 90_000)

  test('a server that is killed in the middle loses nothing and doubles nothing', async () => {
    const body = 'x'.repeat(70).concat('\r\n').repeat(3000)
    const seen: number[] = []
    for (let n = 0; n < 120; n++) put(`large-${n}`, '', body)
    for (let tries = 0; tries < 3 && (await count('large-')) < 120; tries++) {
      const before = await count('large-')
      await becomes(async () => (await count('large-')) > before, 90)
      await dovecot.kill()
      seen.push(await count('large-'))
      await dovecot.start()
    }
    expect(seen[0]).toBeLessThan(120)
    await becomes(async () => (await count('large-')) === 120, 120)
    expect(new Set((await messages()).map(({ externalId }) => externalId)).size).toBe((await messages()).length)
  }, 240_000)

  test('new numbers for all mails bring in what is new, and nothing that is known or was never wanted', async () => {
    const before = await count()
    await dovecot.stop()
    put('meanwhile')
    dovecot.renumber(USER, '')
    await dovecot.start()
    await named('meanwhile')
    put('afterwards')
    await named('afterwards')
    expect(await count()).toBe(before + 2)
  }, 120_000)

  test('five thousand old mails come in when somebody asks, and new mail does not wait for them', async () => {
    const before = await count()
    await api('POST', `/api/connections/${connectionId}/backfill`, {
      from: new Date(Date.now() - 100 * 86_400_000).toISOString(),
    })
    const olds = () => count('old-')
    await becomes(async () => (await olds()) > 0)
    expect((await connectionNow()).catchingUp).toMatchObject({ done: expect.any(Number) })
    put('urgent')
    await named('urgent')
    expect(await olds()).toBeLessThan(OLD)
    await becomes(async () => (await olds()) === OLD, 180)
    await becomes(async () => (await connectionNow()).catchingUp === null, 180)
    // Brought in, not heard: nothing of it was marked, moved or deleted over there.
    expect(dovecot.count(USER, '').marked).toBe(0)
    await becomes(async () => (await connectionNow()).waiting === 0, 180)
    expect(await connectionNow()).toMatchObject({ health: 'ok', quarantined: 0 })
    expect(await count()).toBe(before + OLD + 1)
  }, 300_000)
})
