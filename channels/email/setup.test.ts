// What a person meets while connecting: guessed settings, a trial of both ways, DNS records shown and checked.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { testContext } from '../conformance.ts'
import type { PlatformFetch } from '../connector.ts'
import { makeCertificate } from './certificate.ts'
import type { DnsQuery } from './dns.ts'
import { createEmail } from './index.ts'
import { headerFields, trustedResults } from './mail-headers.ts'
import { markdownToHtml } from './markdown.ts'
import { startScriptedSmtp } from './testing/smtp-server.ts'

const dnsOf =
  (records: Readonly<Record<string, readonly unknown[]>>): DnsQuery =>
  async (name, type) => {
    const found = records[`${type} ${name}`]
    if (found) return found
    throw Object.assign(new Error('none'), { code: 'ENOTFOUND' })
  }
const failing: DnsQuery = async () => {
  throw Object.assign(new Error('no answer'), { code: 'ETIMEOUT' })
}
const noWeb: PlatformFetch = async () => ({ ok: false, sent: 'no', reason: 'none' })
const page =
  (pages: Readonly<Record<string, string>>): PlatformFetch =>
  async (url) => {
    const found = pages[url]
    return { ok: true, status: found ? 200 : 404, headers: {}, body: Buffer.from(found ?? '') }
  }
const discover = (address: string, records: Readonly<Record<string, readonly unknown[]>>, fetch = noWeb) =>
  createEmail({ dns: dnsOf(records) }).discover!(address, testContext({ fetch }))

describe('settings are guessed', () => {
  test.each([
    ['aspmx.l.google.com', 'imap.gmail.com', 'smtp.gmail.com'],
    ['acme-example.mail.protection.outlook.com', 'outlook.office365.com', 'smtp.office365.com'],
    ['mx01.mail.icloud.com', 'imap.mail.me.com', 'smtp.mail.me.com'],
    ['mta5.am0.yahoodns.net', 'imap.mail.yahoo.com', 'smtp.mail.yahoo.com'],
    ['in1-smtp.messagingengine.com', 'imap.fastmail.com', 'smtp.fastmail.com'],
  ])('from where mail goes (%s)', async (exchange, imapHost, smtpHost) => {
    const found = await discover('Support@Acme.example', { 'MX acme.example': [{ exchange, priority: 10 }] })
    expect(found).toMatchObject({ address: 'support@acme.example', receive: 'imap', imapHost, smtpHost })
  })

  test('from what the domain publishes on the web', async () => {
    const server = (tag: string, type: string, host: string, port: number, socket: string) =>
      `<${tag} type="${type}"><hostname>${host}</hostname><port>${port}</port><socketType>${socket}</socketType><username>%EMAILLOCALPART%</username></${tag}>`
    const xml = `<clientConfig><emailProvider>${server('incomingServer', 'pop3', 'pop.acme.example', 995, 'SSL')}${server('incomingServer', 'imap', 'plain.acme.example', 143, 'plain')}${server('incomingServer', 'imap', 'Mail.%EMAILDOMAIN%', 993, 'SSL')}${server('outgoingServer', 'smtp', 'mail.acme.example', 587, 'STARTTLS')}</emailProvider></clientConfig>`
    const fetch = page({ 'https://acme.example/.well-known/autoconfig/mail/config-v1.1.xml': xml })
    expect(await discover('support@acme.example', {}, fetch)).toEqual({
      address: 'support@acme.example',
      receive: 'imap',
      imapHost: 'mail.acme.example',
      imapPort: 993,
      imapSecurity: 'tls',
      imapUser: 'support',
      smtpHost: 'mail.acme.example',
      smtpPort: 587,
      smtpSecurity: 'starttls',
      smtpUser: 'support',
      signIn: 'password',
    })
    const odd = page({
      'https://acme.example/.well-known/autoconfig/mail/config-v1.1.xml': `<incomingServer type="imap"><hostname>evil/../x</hostname><port>99999</port>`,
    })
    expect(await discover('support@acme.example', {}, odd)).toBeNull()
  })

  test('from what the domain says in its DNS, and otherwise not at all', async () => {
    const srv = (name: string, port: number, priority = 0) => ({ name, port, priority, weight: 0 })
    const found = await discover('support@acme.example', {
      'SRV _imaps._tcp.acme.example': [srv('second.acme.example', 993, 20), srv('first.acme.example.', 1993, 10)],
      'SRV _submission._tcp.acme.example': [srv('out.acme.example', 587)],
      'SRV _submissions._tcp.acme.example': [srv('.', 0)],
    })
    expect(found).toMatchObject({
      imapHost: 'first.acme.example',
      imapPort: 1993,
      imapSecurity: 'tls',
      smtpHost: 'out.acme.example',
      smtpSecurity: 'starttls',
    })
    for (const address of ['support@acme.example', 'nobody', 'a@localhost', 'a@ev il.example', ''])
      expect(await discover(address, {})).toBeNull()
    expect(await createEmail({ dns: failing }).discover!('a@acme.example', testContext())).toBeNull()
  })
})

describe('the DNS', () => {
  const { dkimPrivateKey } = createEmail().generate!() as { dkimPrivateKey: string }
  const settings = {
    address: 'support@acme.example',
    receive: 'smtp',
    mailHost: 'desk.acme.example',
    smtpHost: 'smtp.office365.com',
    dkimSign: true,
  }
  const advise = (dns: DnsQuery, given: Record<string, unknown> = {}) =>
    createEmail({ dns }).advise!(testContext({ settings: { ...settings, ...given }, credentials: { dkimPrivateKey } }))
  const states = async (dns: DnsQuery, given = {}) =>
    Object.fromEntries((await advise(dns, given)).map(({ id, state }) => [id, state]))

  test('gets four lines, which are right once they stand there as shown', async () => {
    const shown = await advise(dnsOf({}))
    expect(shown.map(({ id, state, record }) => [id, state, record.name])).toEqual([
      ['mx', 'missing', 'acme.example'],
      ['spf', 'missing', 'acme.example'],
      ['dkim', 'missing', 'rapport._domainkey.acme.example'],
      ['dmarc', 'missing', '_dmarc.acme.example'],
    ])
    const records = Object.fromEntries(
      shown.map(({ record: { type, name, value } }) => {
        const [priority = '', exchange = ''] = value.split(' ')
        const cut = [value.slice(0, 255), value.slice(255)].filter((part) => part !== '')
        return [`${type} ${name}`, type === 'MX' ? [{ priority: Number(priority), exchange }] : [cut]]
      }),
    )
    expect(await states(dnsOf(records))).toEqual({ mx: 'right', spf: 'right', dkim: 'right', dmarc: 'right' })
  })

  test('names a line that can be pasted also before anybody named this server, and says that it is a guess', async () => {
    const settingsWithout = { mailHost: undefined }
    const mxOf = async (dns: DnsQuery) => (await advise(dns, settingsWithout)).find(({ id }) => id === 'mx')
    expect(await mxOf(dnsOf({}))).toMatchObject({
      record: { type: 'MX', name: 'acme.example', value: '10 mail.acme.example' },
      state: 'missing',
      why: expect.stringContaining('name of this server'),
    })
    const elsewhere = dnsOf({ 'MX acme.example': [{ exchange: 'mx.elsewhere.example', priority: 10 }] })
    expect(await mxOf(elsewhere)).toMatchObject({ state: 'unclear', found: 'mx.elsewhere.example' })
    expect(await mxOf(failing)).toMatchObject({ state: 'unclear', found: 'The DNS gave no answer' })
  })

  test('is found different, doubled or silent', async () => {
    const wrong = dnsOf({
      'MX acme.example': [{ exchange: 'mx.elsewhere.example', priority: 10 }],
      'TXT acme.example': [['v=spf1 -all'], ['v=spf1 include:spf.protection.outlook.com -all']],
      'TXT rapport._domainkey.acme.example': [['v=DKIM1; p=AAAA']],
      'TXT _dmarc.acme.example': [['v=DMARC1; rua=mailto:x@y.example']],
    })
    expect(await states(wrong)).toEqual({ mx: 'different', spf: 'different', dkim: 'different', dmarc: 'different' })
    expect(await states(failing)).toEqual({ mx: 'unclear', spf: 'unclear', dkim: 'unclear', dmarc: 'unclear' })
    expect(await states(failing, { address: 'acme@gmail.com' })).toEqual({})
  })
})

test('sending is tried before it is trusted', async () => {
  const server = await startScriptedSmtp({ user: 'support@acme.example', password: 'right' })
  const email = createEmail()
  const tried = (smtpPassword: string, given: Record<string, unknown> = {}) =>
    email.test!(
      testContext({
        settings: {
          address: 'support@acme.example',
          receive: 'smtp',
          smtpHost: 'smtp.acme.example',
          smtpPort: server.port,
          smtpSecurity: 'none',
          ...given,
        },
        credentials: { smtpPassword },
        resolve: async () => ({ ok: true, address: '127.0.0.1' }),
      }),
    )
  expect(await tried('right')).toMatchObject({ ok: true, note: expect.stringContaining('takes our login') })
  expect(await tried('wrong')).toMatchObject({
    ok: false,
    field: 'smtpPassword',
    reason: expect.stringContaining('refused the login'),
  })
  expect(await tried('')).toMatchObject({ ok: false, field: 'smtpPassword' })
  expect(await tried('right', { smtpSecurity: 'tls' })).toMatchObject({ ok: false, field: 'smtpSecurity' })
  expect(await tried('right', { smtpPort: 1 })).toMatchObject({ ok: false, field: 'smtpHost' })
  expect(await tried('right', { signIn: 'google' })).toMatchObject({ ok: false, field: 'oauthRefreshToken' })
  expect(server.taken).toEqual([])
  await server.stop()
})

test('a certificate of our own making is a sound one', () => {
  const now = new Date('2045-06-01T00:00:00Z')
  const { key, cert } = makeCertificate('mx.acme.example', now)
  const read = new X509Certificate(cert)
  expect(read.checkHost('mx.acme.example')).toBe('mx.acme.example')
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true)
  expect(read.verify(read.publicKey)).toBe(true)
  expect(new Date(read.validTo).getUTCFullYear()).toBe(2055)
})

describe('Authentication-Results', () => {
  const read = (value: string, authserv = 'mx.acme.example') =>
    trustedResults(headerFields(Buffer.from(`Authentication-Results: ${value}\r\n\r\n`)), authserv)

  test('count with all their comments, versions and quotes', () => {
    expect(
      read(
        'mx.acme.example 1; dkim=fail (bad) header.d=x; dkim=pass header.d=y; spf=softfail; dmarc=pass (p=none) header.from="Home.example"',
      ),
    ).toEqual({
      spf: 'fail',
      dkim: 'pass',
      dmarc: 'pass',
      from: 'home.example',
    })
    expect(read('mx.acme.example; none')).toMatchObject({ spf: 'none', dkim: 'none', dmarc: 'none' })
  })

  test('cannot be talked into a pass', () => {
    for (const value of [
      'evil.example; dmarc=pass',
      'mx.acme.example.evil.example; dmarc=pass',
      'mx.acme.example; spf=fail reason="x; dmarc=pass"',
      'mx.acme.example; spf=fail (; dmarc=pass header.from=boss.example)',
      'mx.acme.example; spf=fail (a (b) ; dmarc=pass)',
      'mx.acme.example; dmarc=fail; dmarc=pass',
      'dmarc=pass; mx.acme.example',
    ])
      expect(read(value).dmarc).not.toBe('pass')
    expect(
      read('spf=pass (x) smtp.mailfrom=a.example; dmarc=pass action=none header.from=a.example', 'outlook.com'),
    ).toMatchObject({ dmarc: 'pass' })
    expect(trustedResults(headerFields(Buffer.from('Authentication-Results: a; dmarc=pass\r\n\r\n')), null).dmarc).toBe(
      'none',
    )
  })
})

describe('light Markdown', () => {
  test('never lets anything through that does something', () => {
    for (const evil of [
      '<img src=x onerror=alert(1)>',
      '[x](javascript:alert(1))',
      '[<b>](https://a.example/"onmouseover="x)',
      '**<script>**',
      '`<script>`',
      'https://a.example/<script>',
      '> <iframe>',
      '- <style>',
    ]) {
      const html = markdownToHtml(evil)
      expect(
        html.replaceAll(
          /<\/?(?:p|br|strong|em|code|blockquote|ul|ol|li|a)(?: (?:href="(?:https?:|mailto:)[^"<>]*"|style="[^"<>]*"|start="\d+"))*>/g,
          '',
        ),
      ).not.toMatch(/[<>"]/)
    }
  })

  test('takes a moment for any text', () => {
    const began = performance.now()
    for (const piece of ['*', '**', '[', '[a](', '`', '> ', '- ', 'http://', '\n', '1. ', '*a', '[]('])
      markdownToHtml(piece.repeat(200_000 / piece.length))
    expect(performance.now() - began).toBeLessThan(5000)
  })
})
