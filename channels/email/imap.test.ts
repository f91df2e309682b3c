// Reading a mailbox of a real Dovecot, which is stopped, renumbered and filled meanwhile.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anOutbound, testContext } from '../conformance.ts'
import type { NotFetched, PlatformContext, PollStep } from '../connector.ts'
import { readCursor } from './imap-cursor.ts'
import { createEmail } from './index.ts'
import { replyAddress } from './reply-address.ts'
import { type Dovecot, DOVECOT_PASSWORD, noDovecot, openDovecot } from './testing/dovecot.ts'

if (noDovecot !== null) console.warn(`Left out: ${noDovecot}`)
const email = createEmail()
let server: Dovecot
let users = 0

beforeAll(async () => {
  if (noDovecot !== null) return
  server = await openDovecot()
  await server.start()
})
afterAll(() => server?.remove())

const mail = (name: string, more = '', body = 'Hello') =>
  `Message-ID: <${name}@home.example>\r\nFrom: ada@home.example\r\nTo: support@acme.example\r\n${more}Subject: ${name}\r\n\r\n${body}\r\n`

function mailbox(given: Record<string, unknown> = {}, more: Partial<PlatformContext> = {}) {
  const user = `user${++users}`
  const context: PlatformContext = testContext({
    settings: {
      address: 'support@acme.example',
      imapHost: 'imap.acme.example',
      imapPort: server?.port ?? 1,
      imapSecurity: 'none',
      imapUser: user,
      ...given,
    },
    credentials: { imapPassword: DOVECOT_PASSWORD, replySecret: 'secret' },
    resolve: async () => ({ ok: true, address: '127.0.0.1' }),
    signal: AbortSignal.timeout(170_000),
    now: () => new Date(),
    ...more,
  })
  const seen: string[] = []
  const state = { cursor: null as unknown, steps: [] as PollStep[] }
  /** Polls until nothing is left; a step counts only when it came back, as the product stores it. */
  const poll = async (most = 1000) => {
    for (let n = 0; n < most; n++) {
      const step = await email.poll!(state.cursor, context)
      state.cursor = JSON.parse(JSON.stringify(step.cursor))
      state.steps.push(step)
      seen.push(...step.deliveries.map(({ body }) => nameIn(body)))
      if (!step.more) return
    }
  }
  return { user, context, seen, state, poll, put: (name: string, at?: Date) => server.put(user, '', mail(name), at) }
}
const nameIn = (body: Buffer) => /^Message-ID: <([^@]+)@/im.exec(body.toString('latin1'))![1]!
const day = (back: number) => new Date(Date.now() - back * 24 * 3_600_000)

describe.skipIf(noDovecot !== null)('a mailbox', () => {
  test('is read from now on, whole and untouched, with what stands in the folder of sent mail', async () => {
    const box = mailbox()
    box.put('before')
    await box.poll()
    expect(box.seen).toEqual([])
    box.put('one')
    box.put('two')
    server.put(box.user, 'Sent', mail('answer'))
    await box.poll()
    expect(box.seen).toEqual(['one', 'two', 'answer'])
    await box.poll()
    expect(box.seen).toHaveLength(3)
    const [one, , answer] = box.state.steps.flatMap(({ deliveries }) => deliveries)
    expect(one!.body.toString()).toBe(mail('one'))
    expect(one!.headers).toMatchObject({
      'x-rapport-folder': 'inbox',
      'x-rapport-uid': expect.stringMatching(/^\d+:2$/),
    })
    expect(answer!.headers).toMatchObject({ 'x-rapport-folder': 'sent' })
    expect(server.count(box.user, '')).toEqual({ all: 3, marked: 0 })
  })

  test('loses nothing when the server is stopped in the middle, however often', async () => {
    const box = mailbox()
    await box.poll()
    const body = 'x'.repeat(70).concat('\r\n').repeat(4000)
    for (let n = 0; n < 150; n++) server.put(box.user, '', mail(`m${n}`, '', body))
    let stopped = 0
    for (let tries = 0; tries < 20 && box.seen.length < 150; tries++) {
      const polling = box.poll(1).then(
        () => null,
        (error: NotFetched) => error,
      )
      if (tries < 10) {
        await new Promise((later) => setTimeout(later, 20 + tries * 25))
        await server.kill()
        const error = await polling
        if (error) {
          stopped++
          expect(error).toMatchObject({ name: 'NotFetched', kind: 'later', message: expect.stringMatching(/\S/) })
        }
        await server.start()
      } else await polling
    }
    expect(stopped).toBeGreaterThan(0)
    expect(box.seen).toHaveLength(150)
    expect(new Set(box.seen).size).toBe(150)
  })

  test('is looked through again when all its numbers changed', async () => {
    const box = mailbox()
    await box.poll()
    for (const name of ['a', 'b', 'c']) box.put(name)
    await box.poll()
    expect(box.seen).toEqual(['a', 'b', 'c'])
    await server.stop()
    box.put('came meanwhile')
    box.put('ancient', day(400))
    server.renumber(box.user, '')
    await server.start()
    await box.poll()
    // Again what is known (it is stored once), and what is new; not what was there long before us.
    expect(new Set(box.seen)).toEqual(new Set(['a', 'b', 'c', 'came meanwhile']))
    const again = box.seen.length
    box.put('afterwards')
    await box.poll()
    expect(box.seen.slice(again)).toEqual(['afterwards'])
  })

  test('of 5,000 old mails is brought in whole, and new mail does not wait for it', async () => {
    const from = day(100)
    const box = mailbox({ backfillFrom: from.toISOString().slice(0, 10) })
    for (let n = 0; n < 200; n++) box.put(`ancient${n}`, day(200))
    for (let n = 0; n < 5000; n++) box.put(`old${n}`, new Date(day(90).getTime() + n * 60_000))
    await box.poll(3)
    expect(box.seen[0]).toBe('old0')
    expect(email.progressOf!(box.state.cursor)).toMatchObject({ done: 150, from: expect.stringMatching(/^\d{4}-/) })
    box.put('new')
    const before = box.seen.length
    await box.poll(1)
    expect(box.seen[before]).toBe('new')
    // The rest over one line, until there is nothing left.
    const stop = new AbortController()
    await email.stream!(
      box.state.cursor,
      async ({ deliveries, cursor }) => {
        expect(deliveries.length).toBeLessThanOrEqual(50)
        box.seen.push(...deliveries.map(({ body }) => nameIn(body)))
        box.state.cursor = JSON.parse(JSON.stringify(cursor))
        if (email.progressOf!(cursor) === null) stop.abort()
      },
      { ...box.context, signal: stop.signal },
    )
    expect(box.seen).toHaveLength(5001)
    expect(new Set(box.seen).size).toBe(5001)
    expect(box.seen.filter((name) => name.startsWith('old'))).toEqual(Array.from({ length: 5000 }, (_, n) => `old${n}`))
    expect(email.progressOf!(box.state.cursor)).toBeNull()
  }, 120_000)

  test('is looked further back into when somebody asks later', async () => {
    const box = mailbox()
    box.put('long ago', day(50))
    box.put('yesterday', day(1))
    await box.poll()
    box.put('now')
    await box.poll()
    expect(box.seen).toEqual(['now'])
    box.state.cursor = email.backfill!(day(10), box.state.cursor)
    expect(email.progressOf!(box.state.cursor)).not.toBeNull()
    await box.poll()
    expect(new Set(box.seen)).toEqual(new Set(['now', 'yesterday']))
    box.state.cursor = email.backfill!(day(100), box.state.cursor)
    await box.poll()
    expect(new Set(box.seen)).toEqual(new Set(['now', 'yesterday', 'long ago']))
  })

  test('hands over large mails a few at a time, and of the largest its beginning', async () => {
    const box = mailbox()
    await box.poll()
    const line = `${'y'.repeat(76)}\r\n`
    const large = (megabytes: number) => line.repeat(Math.ceil((megabytes * 1024 * 1024) / line.length))
    server.put(box.user, '', mail('twelve', '', large(12)))
    server.put(box.user, '', mail('again', '', large(12)))
    server.put(box.user, '', mail('sixty', '', large(60)))
    await box.poll()
    expect(box.seen).toEqual(['twelve', 'again', 'sixty'])
    const steps = box.state.steps.map(({ deliveries }) => deliveries.map(({ body }) => nameIn(body)))
    expect(steps.slice(1, 3)).toEqual([['twelve'], ['again', 'sixty']])
    const sixty = box.state.steps.flatMap(({ deliveries }) => deliveries)[2]!
    expect(sixty.body.length).toBe(256 * 1024)
    expect(Number(sixty.headers['x-rapport-truncated'])).toBeGreaterThan(60 * 1024 * 1024)
  })

  test('tells who vouches for a sender, and which signed address was written to', async () => {
    const id = '019936a0-0000-7000-8000-0000000000c1'
    const box = mailbox({ trustedAuthserv: 'mx.acme.example' })
    await box.poll()
    const to = replyAddress('support@acme.example', id, 'secret')
    const results = (authserv: string, dmarc: string) =>
      `Authentication-Results: ${authserv};\r\n\tspf=pass (ok; dmarc=pass) smtp.mailfrom=home.example;\r\n dmarc=${dmarc} header.from=home.example\r\n`
    const more = `${results('evil.example', 'pass')}${results('mx.acme.example', 'fail')}${results('mx.acme.example', 'pass')}Delivered-To: ${to}\r\n`
    server.put(
      box.user,
      '',
      mail('judged', `${more}X-Rapport-Auth: {"dmarc":"pass"}\r\nX-Rapport-Conversation: ${id}\r\n`),
    )
    server.put(
      box.user,
      '',
      mail('forged', `Delivered-To: ${to!.replace('+c', '+ca')}\r\nX-Rapport-Conversation: ${id}\r\n`),
    )
    await box.poll()
    const [judged, forged] = box.state.steps.flatMap(({ deliveries }) => deliveries)
    expect(JSON.parse(judged!.headers['x-rapport-auth']!)).toEqual({
      spf: 'pass',
      dkim: 'none',
      dmarc: 'fail',
      from: 'home.example',
    })
    expect(judged!.headers['x-rapport-conversation']).toBe(id)
    expect(JSON.parse(forged!.headers['x-rapport-auth']!)).toMatchObject({ dmarc: 'none' })
    expect(forged!.headers['x-rapport-conversation']).toBeUndefined()
  })

  test('is listened to: news comes at once, and the line that breaks is told', async () => {
    const stop = new AbortController()
    const box = mailbox({}, { signal: stop.signal })
    await box.poll()
    box.put('waiting')
    const heard: string[] = []
    let cursor = box.state.cursor
    const listening = email.stream!(
      cursor,
      async (step) => {
        cursor = JSON.parse(JSON.stringify(step.cursor))
        heard.push(...step.deliveries.map(({ body }) => nameIn(body)))
      },
      box.context,
    )
    const ended = listening.then(
      () => 'ended',
      (error: NotFetched) => error.kind,
    )
    await expect.poll(() => heard, { timeout: 5000 }).toEqual(['waiting'])
    await new Promise((later) => setTimeout(later, 300))
    box.put('fresh')
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual(['waiting', 'fresh'])
    await server.stop()
    expect(await ended).toBe('later')
    await server.start()
    box.put('after')
    const again = email.stream!(
      cursor,
      async (step) => {
        heard.push(...step.deliveries.map(({ body }) => nameIn(body)))
      },
      box.context,
    )
    await expect.poll(() => heard, { timeout: 5000 }).toEqual(['waiting', 'fresh', 'after'])
    stop.abort()
    expect(await again.then(() => 'ended')).toBe('ended')
    expect(readCursor(cursor)).not.toBeNull()
  })

  test('begins anew when it is another account, and never trusts a cursor that is none', async () => {
    const box = mailbox()
    box.put('before')
    for (const odd of [null, undefined, 7, {}, { v: 1 }, { v: 1, account: 'x', inbox: 'y' }]) {
      const step = await email.poll!(odd, box.context)
      expect(step).toMatchObject({ deliveries: [], more: false })
    }
    const other = mailbox()
    const step = await email.poll!((await email.poll!(null, other.context)).cursor, box.context)
    expect(readCursor(step.cursor)!.account).toBe(`${box.user}@imap.acme.example`)
  })

  test('that lets nobody in says what a person has to do', async () => {
    const tried = (given: Record<string, unknown>, more: Partial<PlatformContext> = {}) =>
      email.poll!(null, mailbox(given, more).context).catch((error: NotFetched) => error)
    expect(await tried({}, { credentials: { imapPassword: 'wrong' } })).toMatchObject({ kind: 'reauthorize' })
    expect(await tried({}, { credentials: {} })).toMatchObject({ kind: 'reauthorize' })
    expect(await tried({ imapHost: undefined })).toMatchObject({ kind: 'reauthorize' })
    expect(await tried({ imapPort: 1 })).toMatchObject({ kind: 'later' })
    const reason = 'That is in a private network.'
    expect(await tried({}, { resolve: async () => ({ ok: false, reason }) })).toMatchObject({
      kind: 'later',
      message: reason,
    })
    expect(await tried({ inboxFolder: 'Nowhere' })).toMatchObject({ kind: 'later' })
  }, 30_000)

  test('is asked whether an answer left', async () => {
    const box = mailbox({ smtpHost: 'smtp.gmail.com' })
    const outbound = anOutbound({ platformIdentity: 'sent-1@home.example', at: day(1), triedAt: day(1) })
    server.put(box.user, 'Sent', mail('sent-1'))
    expect(await email.lookUp!(outbound, box.context)).toEqual({ state: 'found', externalId: 'sent-1@home.example' })
    const other = { ...outbound, platformIdentity: 'other@home.example' }
    expect(await email.lookUp!(other, box.context)).toEqual({ state: 'absent' })
    // Written long ago and tried just now: the provider may be about to file it.
    expect(await email.lookUp!({ ...other, triedAt: new Date() }, box.context)).toMatchObject({ state: 'unknown' })
    const elsewhere = { ...box.context, settings: { ...box.context.settings, smtpHost: 'smtp.acme.example' } }
    expect(await email.lookUp!(other, elsewhere)).toMatchObject({ state: 'unknown' })
    const without = { ...box.context, settings: { ...box.context.settings, imapHost: undefined } }
    expect(await email.lookUp!(outbound, without)).toMatchObject({ state: 'unknown' })
    const deaf = { ...box.context, signal: AbortSignal.abort() }
    expect(await email.lookUp!(outbound, deaf)).toMatchObject({ state: 'unknown' })
  })

  test('is tried before it is trusted', async () => {
    const box = mailbox()
    box.put('one')
    expect(await email.test!(box.context)).toMatchObject({
      ok: true,
      note: expect.stringContaining('1 mails in INBOX, sent mail is in Sent'),
    })
    const wrong = { ...box.context, credentials: { imapPassword: 'wrong' } }
    expect(await email.test!(wrong)).toMatchObject({ ok: false, field: 'imapPassword' })
    const nowhere = { ...box.context, settings: { ...box.context.settings, inboxFolder: 'Nowhere' } }
    expect(await email.test!(nowhere)).toMatchObject({ ok: false, field: 'inboxFolder' })
    const sends = { ...box.context, settings: { ...box.context.settings, smtpHost: 'smtp.acme.example', smtpPort: 1 } }
    expect(await email.test!(sends)).toMatchObject({ ok: false, field: 'smtpHost' })
  })
})
