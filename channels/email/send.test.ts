// Sending over real sockets, to servers that do everything that servers do.
import { authenticate } from 'mailauth'
import PostalMime from 'postal-mime'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anOutbound, describeSocketSending, TEST_NOW, testContext } from '../conformance.ts'
import type { Outbound, PlatformContext } from '../connector.ts'
import { makeCertificate } from './certificate.ts'
import { dkimRecord } from './dkim.ts'
import { createEmail } from './index.ts'
import { provenConversation } from './reply-address.ts'
import { type ScriptedSmtp, startScriptedSmtp } from './testing/smtp-server.ts'
import { startSocketPlatform } from './testing/socket-platform.ts'

const login = { user: 'support@acme.example', password: 'open sesame' }
const settings = { address: 'support@acme.example', smtpHost: 'smtp.acme.example', smtpSecurity: 'none' }
const secrets = { smtpPassword: login.password }
const recipient = { externalId: 'ada@home.example', handle: 'ada@home.example', scope: '' }
const email = createEmail()
afterAll(() => email.close())

describe('with commands sent in one go', () => {
  describeSocketSending(email, {
    start: () => startSocketPlatform({ ...login, pipelining: true }),
    connect: (port) => ({ settings: { ...settings, smtpPort: port }, credentials: secrets }),
    outbound: { recipient },
  })
})

let server: ScriptedSmtp
beforeAll(async () => {
  server = await startScriptedSmtp(login)
})
afterEach(() => server.script())
afterAll(() => server.stop())

const contextAt = (port: number, given: Partial<PlatformContext> = {}, more: Record<string, unknown> = {}) =>
  testContext({
    settings: { ...settings, smtpPort: port, ...more },
    credentials: secrets,
    resolve: async () => ({ ok: true, address: '127.0.0.1' }),
    signal: AbortSignal.timeout(5000),
    ...given,
  })
const answer = (given: Partial<Outbound> = {}): Outbound =>
  anOutbound({ platformIdentity: email.identityFor('m1', TEST_NOW, settings), recipient, ...given })
const send = (given: Partial<Outbound> = {}, more: Record<string, unknown> = {}, keys: Record<string, string> = {}) =>
  email.send!(answer(given), contextAt(server.port, { credentials: { ...secrets, ...keys } }, more))
const parsed = async () => PostalMime.parse(server.taken.at(-1)!.raw)

describe('a mail', () => {
  test('says the same in plain words and in HTML, with the signature below', async () => {
    const text = 'Hello **Ada**,\n\nsee https://acme.example/a?b=1&c=2.\n\n- one\n- two\n\n> you wrote <b>'
    await send({ text }, { signature: '{agent}\nAcme', displayName: 'Acme “Support”, Ltd' })
    const mail = await parsed()
    expect(mail.from).toMatchObject({ name: 'Acme “Support”, Ltd', address: 'support@acme.example' })
    expect(mail.text!.trim()).toBe(`${text}\n\n-- \nJo from support\nAcme`)
    expect(mail.html).toContain('<strong>Ada</strong>')
    expect(mail.html).toContain('<a href="https://acme.example/a?b=1&amp;c=2">https://acme.example/a?b=1&amp;c=2</a>.')
    expect(mail.html).toContain('<li>one</li>')
    expect(mail.html).toMatch(/<blockquote [^>]*><p>you wrote &lt;b&gt;<\/p><\/blockquote>/)
    expect(mail.html).toContain('Jo from support')
  })

  test('stands in its thread, under its own name, with an address that replies come back to', async () => {
    const conversationId = '019936a0-0000-7000-8000-0000000000c1'
    const follows = ['first@home.example', '<second@home.example>', 'sha256:made-up']
    await send({ subject: 'Lost bag', follows, conversationId }, { plusAddresses: true }, { replySecret: 's' })
    const mail = await parsed()
    expect(mail.messageId).toBe(`<${answer().platformIdentity}>`)
    expect(mail.inReplyTo).toBe('<second@home.example>')
    expect(mail.references).toBe('<first@home.example> <second@home.example>')
    expect(mail.subject).toBe('Re: Lost bag')
    expect(provenConversation(mail.replyTo![0]!.address!, 's')).toBe(conversationId)
    await send({ subject: 'Re: Lost bag', follows }, {})
    expect((await parsed()).subject).toBe('Re: Lost bag')
    expect((await parsed()).replyTo).toBeUndefined()
  })

  test('is the same to the byte on every try', async () => {
    const read = async () => Buffer.from('a file')
    const media = [{ name: 'a.txt', mediaType: 'text/plain', size: 6, alt: null, read }]
    await send({ media })
    await send({ media, attempt: 2 })
    expect(server.taken).toHaveLength(2)
    expect(server.taken[1]!.raw.equals(server.taken[0]!.raw)).toBe(true)
  })

  test('goes to all it is for, and shows the blind ones to nobody', async () => {
    const addressees = {
      to: [{ address: 'ada@home.example', name: 'Ada, the Countess' }],
      cc: [{ address: 'bob@bücher.example' }],
      bcc: [{ address: 'eve@home.example' }, { address: 'eve@home.example' }],
    }
    await send({ addressees })
    expect(server.taken[0]!.to).toEqual(['ada@home.example', 'bob@xn--bcher-kva.example', 'eve@home.example'])
    expect(server.taken[0]!.raw.toString()).not.toContain('eve@home.example')
    expect((await parsed()).to).toMatchObject([{ name: 'Ada, the Countess', address: 'ada@home.example' }])
  })

  test('carries its files whole, whatever they are called', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 7) % 256))
    const media = ['Rechnung für Ömer.pdf', 'a\r\nBcc: eve@evil.example\r\n.pdf'].map((name) => ({
      name,
      mediaType: 'application/pdf',
      size: bytes.length,
      alt: null,
      read: async () => bytes,
    }))
    await send({ media })
    const { attachments, headers } = await parsed()
    expect(attachments.map(({ filename }) => filename)).toEqual([
      'Rechnung für Ömer.pdf',
      'a Bcc: eve@evil.example .pdf',
    ])
    for (const { content } of attachments) expect(Buffer.from(content as ArrayBuffer).equals(bytes)).toBe(true)
    expect(headers.some(({ key }) => key === 'bcc')).toBe(false)
  })

  test('keeps what people write from becoming a header, an address or an end', async () => {
    const evil = 'Hi\r\nBcc: eve@evil.example\r\n\r\n<script>alert(1)</script>'
    await send(
      {
        subject: evil,
        authorName: evil,
        text: 'one\n.\nMAIL FROM:<eve@evil.example>\r\n.\r\nRCPT TO:<eve@evil.example>\u0000',
      },
      { displayName: evil, signature: '{agent}' },
    )
    expect(server.taken).toHaveLength(1)
    expect(server.taken[0]!.to).toEqual(['ada@home.example'])
    const mail = await parsed()
    expect(mail.headers.some(({ key }) => key === 'bcc')).toBe(false)
    expect(mail.html).not.toContain('<script')
    expect(mail.text).toContain('\n.\nMAIL FROM')
    for (const address of [
      'a@b.example\r\nRCPT TO:<eve@evil.example>',
      'two@b.example, three@b.example',
      'none',
      '<a@b>',
    ]) {
      const outcome = await send({ addressees: { to: [{ address }], cc: [], bcc: [] } })
      expect(outcome).toMatchObject({ state: 'rejected', reason: expect.stringContaining('no mail address') })
    }
    expect(await send({ recipient: null })).toMatchObject({ state: 'rejected' })
  })

  test('by a program says so, and gets no answers from programs', async () => {
    await send({ automatic: true, follows: ['a@home.example'] })
    expect(server.taken[0]!.from).toBe('')
    const headers = Object.fromEntries((await parsed()).headers.map(({ key, value }) => [key, value]))
    expect(headers).toMatchObject({ 'auto-submitted': 'auto-replied', 'x-auto-response-suppress': 'All' })
    expect(headers['list-unsubscribe']).toBeUndefined()
    await send({ automatic: true, follows: [] })
    expect((await parsed()).headers).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }),
        expect.objectContaining({
          key: 'list-unsubscribe',
          value: '<mailto:support@acme.example?subject=unsubscribe>',
        }),
      ]),
    )
    await send()
    expect(server.taken.at(-1)!.from).toBe('support@acme.example')
    expect((await parsed()).headers.some(({ key }) => key === 'auto-submitted')).toBe(false)
  })

  test('is signed so that others find it genuine', async () => {
    const { dkimPrivateKey } = email.generate!() as { dkimPrivateKey: string }
    await send({ text: 'Grüße\n.\nfrom us' }, { dkimSign: true, dkimSelector: 'desk' }, { dkimPrivateKey })
    const records: Record<string, string> = {
      'desk._domainkey.acme.example': dkimRecord(dkimPrivateKey)!,
      '_dmarc.acme.example': 'v=DMARC1; p=reject',
    }
    const resolver = async (name: string) => {
      if (records[name]) return [[records[name]]]
      throw Object.assign(new Error('none'), { code: 'ENOTFOUND' })
    }
    const check = (raw: Buffer) =>
      authenticate(raw, { ip: '192.0.2.1', helo: 'x.example', sender: 'support@acme.example', resolver })
    const good = await check(server.taken[0]!.raw)
    expect(good.dkim.results[0]!.status.result).toBe('pass')
    expect(good.dmarc && good.dmarc.status.result).toBe('pass')
    // With a new key that the DNS does not know yet, and with the old one gone from it: either signature does.
    const renewed = (email.generate!() as { dkimPrivateKey: string }).dkimPrivateKey
    const former = email.former!({ dkimPrivateKey }, TEST_NOW)
    await send({}, { dkimSign: true, dkimSelector: 'desk' }, { ...former, dkimPrivateKey: renewed })
    const both = server.taken.at(-1)!.raw
    for (const key of [dkimPrivateKey, renewed]) {
      records['desk._domainkey.acme.example'] = dkimRecord(key)!
      const found = await check(both)
      expect(found.dmarc && found.dmarc.status.result).toBe('pass')
    }
    const changed = Buffer.from(server.taken[0]!.raw.toString('latin1').replace('from us', 'from me'), 'latin1')
    records['desk._domainkey.acme.example'] = dkimRecord(dkimPrivateKey)!
    expect((await check(changed)).dkim.results[0]!.status.result).not.toBe('pass')
  })
})

describe('what a server says', () => {
  test('of some recipients is kept beside the sent mail', async () => {
    const addressees = {
      to: [{ address: 'ada@home.example' }, { address: 'gone@home.example' }],
      cc: [{ address: 'full@home.example' }],
      bcc: [],
    }
    server.script({}, { 'gone@home.example': '550 5.1.1 Unknown', 'full@home.example': '452 4.2.2 Over quota' })
    expect(await send({ addressees })).toMatchObject({
      state: 'sent',
      data: {
        refused: [
          { address: 'gone@home.example', reason: expect.stringContaining('There is no such mailbox') },
          { address: 'full@home.example', reason: expect.stringContaining('The mailbox is full') },
        ],
      },
    })
    server.script(
      {},
      {
        'ada@home.example': '550 5.1.1 Unknown',
        'gone@home.example': '450 4.2.1 Later',
        'full@home.example': '550 No',
      },
    )
    expect(await send({ addressees })).toMatchObject({ state: 'retry' })
  })

  test.each([
    ['mail', '550 5.7.60 You may not send as this', 'reauthorize', 'does not let this address send'],
    ['mail', '552 5.3.4 Too big', 'rejected', 'too large'],
    ['greeting', '554 5.7.1 Your address is blocked', 'reauthorize', 'does not take mail from us'],
    ['greeting', '421 4.3.2 Busy', 'retry', 'Not now'],
    ['auth', '454 4.7.0 Later', 'retry', 'Not now'],
    ['data', '451 4.3.0 Later', 'retry', 'Not now'],
    ['data', '554 5.5.1 No', 'rejected', 'refused the mail'],
    ['rcpt', '553 5.1.8 Sender domain unknown', 'rejected', 'Sender domain unknown'],
    ['body', '552 5.2.3 Large', 'rejected', 'too large'],
    ['body', '550 5.7.26 DMARC', 'rejected', 'SPF, DKIM or DMARC'],
  ] as const)('at %s (%s) ends as %s', async (stage, said, state, words) => {
    const own = createEmail()
    server.script({ [stage]: said })
    const outcome = await own.send!(answer(), contextAt(server.port))
    expect(outcome).toMatchObject({ state, reason: expect.stringContaining(words) })
    expect(server.taken).toEqual([])
    own.close()
  })

  test('about waiting is heard, and grows by itself where nothing is said', async () => {
    const at = async (said: string, attempt: number) => {
      server.script({ rcpt: said })
      const outcome = await send({ attempt })
      return outcome.state === 'retry' && (outcome.retryAt!.getTime() - TEST_NOW.getTime()) / 1000
    }
    expect(await at('450 4.7.1 Greylisted for 300 seconds', 1)).toBe(300)
    expect(await at('450 4.7.1 Try again in 5 minutes', 1)).toBe(300)
    expect(await at('450 4.7.1 Later', 1)).toBe(60)
    expect(await at('450 4.7.1 Later', 4)).toBe(480)
    expect(await at('450 4.7.1 Later', 40)).toBe(3600)
  })

  test.each([
    ['rcpt', '450 4.7.1 Greylisted, come back in 60 seconds', true],
    ['rcpt', '452 4.2.2 Mailbox full', true],
    ['body', '451 4.6.0 Busy with this one', true],
    ['rcpt', '451 4.7.28 Too many messages, wait 10 s', false],
    ['rcpt', '450 4.7.1 Rate limit exceeded', false],
    ['body', '452 4.3.1 Insufficient system storage', false],
    ['rcpt', '421 4.7.0 Closing', false],
    ['mail', '451 4.7.1 Not now', false],
  ] as const)('at %s, %s, holds up only this mail: %s', async (stage, said, onlyThis) => {
    server.script({ [stage]: said })
    const outcome = await send()
    expect(outcome.state === 'retry' && (outcome.onlyThis ?? false)).toBe(onlyThis)
  })
})

describe('a line', () => {
  test('is kept for the next mail, and opened anew when it died', async () => {
    for (let n = 0; n < 5; n++) expect(await send()).toMatchObject({ state: 'sent' })
    expect(server.connections()).toBeLessThanOrEqual(1)
    const { port } = server
    await server.stop()
    const dead = await email.send!(answer(), contextAt(port))
    expect(dead).toMatchObject({ state: 'retry' })
    server = await startScriptedSmtp(login)
    expect(await send()).toMatchObject({ state: 'sent' })
  })

  test('that breaks in the middle of a large mail leaves no doubt: its end never left', async () => {
    server.script({ body: { cutAfter: 1_000_000 } })
    const bytes = Buffer.alloc(20 * 1024 * 1024, 'x')
    const media = [
      { name: 'x.bin', mediaType: 'application/octet-stream', size: bytes.length, alt: null, read: async () => bytes },
    ]
    expect(await send({ media })).toMatchObject({ state: 'retry' })
    expect(server.taken).toEqual([])
  })

  test('is only used encrypted, with a certificate that proves the name', async () => {
    const tls = makeCertificate('smtp.acme.example', new Date())
    const plain = await startScriptedSmtp(login)
    const starttls = await startScriptedSmtp({ ...login, tls })
    const implicit = await startScriptedSmtp({ ...login, tls, implicitTls: true })
    const tried = (port: number, smtpSecurity: string) => email.send!(answer(), contextAt(port, {}, { smtpSecurity }))
    expect(await tried(plain.port, 'starttls')).toMatchObject({ state: 'reauthorize' })
    expect(await tried(starttls.port, 'starttls')).toMatchObject({
      state: 'reauthorize',
      reason: expect.stringContaining('safely'),
    })
    expect(await tried(implicit.port, 'tls')).toMatchObject({ state: 'reauthorize' })
    for (const one of [plain, starttls, implicit]) {
      expect(one.lines.filter((said) => said.startsWith('AUTH'))).toEqual([])
      expect(one.taken).toEqual([])
      await one.stop()
    }
  })

  test('is opened by a token where there is one, which is fetched once', async () => {
    const withToken = await startScriptedSmtp({ ...login, token: 'token-1' })
    let asked = 0
    const kept: unknown[] = []
    const given = {
      credentials: { oauthRefreshToken: 'refresh', oauthClientSecret: 'secret' },
      fetch: async (url: string, init?: { readonly body?: string | Buffer }) => {
        asked++
        expect(url).toBe('https://oauth2.googleapis.com/token')
        expect(String(init?.body)).toBe(
          'grant_type=refresh_token&refresh_token=refresh&client_id=id&client_secret=secret',
        )
        const body = Buffer.from(JSON.stringify({ access_token: 'token-1', expires_in: 3600, refresh_token: 'next' }))
        return { ok: true as const, status: 200, headers: {}, body }
      },
      keep: async (credentials: Readonly<Record<string, string>>) => void kept.push(credentials),
    }
    const more = { signIn: 'google', oauthClientId: 'id' }
    for (let n = 0; n < 3; n++) {
      expect(await email.send!(answer(), contextAt(withToken.port, given, more))).toMatchObject({ state: 'sent' })
    }
    expect({ asked, kept }).toEqual({ asked: 1, kept: [{ oauthRefreshToken: 'next' }] })
    const gone = async () => ({
      ok: true as const,
      status: 400,
      headers: {},
      body: Buffer.from('{"error":"invalid_grant","error_description":"Token has been revoked."}'),
    })
    const other = { ...given, credentials: { oauthRefreshToken: 'other' }, fetch: gone }
    expect(await email.send!(answer(), contextAt(withToken.port, other, more))).toEqual({
      state: 'reauthorize',
      reason: 'Access was not renewed (400, invalid_grant: Token has been revoked.)',
    })
    await withToken.stop()
  })
})
