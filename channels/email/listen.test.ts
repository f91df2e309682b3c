// The door, over real sockets: what it takes, what it turns away, and that 250 is never said too early.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Listener, ListenHost, ListeningConnection, RawDelivery } from '../connector.ts'
import { checkSender } from './authenticate.ts'
import type { DnsQuery } from './dns.ts'
import { createEmail, type EmailDeps } from './index.ts'
import { replyAddress } from './reply-address.ts'

const none: DnsQuery = async () => {
  throw Object.assign(new Error('none'), { code: 'ENOTFOUND' })
}
const secret = 'the secret of replies'
const support: ListeningConnection = { id: 'c1', settings: {}, credentials: { replySecret: secret } }
const sales: ListeningConnection = { id: 'c2', settings: {}, credentials: { replySecret: 'another' } }
const open: Listener[] = []
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const listener of open.splice(0)) await listener.close()
})

async function openDoor(deps: EmailDeps = {}, given: Partial<ListenHost> = {}) {
  const accepted: { id: string; headers: Readonly<Record<string, string>>; body: Buffer }[] = []
  const refused: string[] = []
  const addresses: Record<string, ListeningConnection[]> = {
    'support@acme.example': [support],
    'sales@acme.example': [sales],
    'all@acme.example': [support, sales],
  }
  const host: ListenHost = {
    find: async (address) => addresses[address] ?? [],
    accept: async ({ id }, { headers, body }: Omit<RawDelivery, 'receivedAt'>) => void accepted.push({ id, headers, body }),
    refused: (reason) => void refused.push(reason),
    now: () => new Date(),
    ...given,
  }
  const listener = await createEmail({ dns: none, ...deps }).listen!({ port: 0, host: '127.0.0.1', name: 'mx.acme.example' }, host)
  open.push(listener)
  return { accepted, refused, port: listener.port }
}

/** Speaks SMTP by hand: `say` gives back the next whole answer. */
async function caller(port: number) {
  const socket = connect(port, '127.0.0.1')
  sockets.push(socket)
  let heard = ''
  let closed = false
  socket.on('data', (chunk) => (heard += chunk.toString())).on('close', () => (closed = true)).on('error', () => {})
  const answer = async (): Promise<string> => {
    await vi.waitUntil(() => /^\d{3} .*\r\n/m.test(heard) || closed, { timeout: 5000, interval: 2 })
    const end = /^\d{3} .*\r\n/m.exec(heard)
    const said = end ? heard.slice(0, end.index + end[0].length) : 'closed'
    heard = heard.slice(said === 'closed' ? 0 : said.length)
    return said.trim()
  }
  const say = (text: string) => {
    socket.write(text)
    return answer()
  }
  const greeting = await answer()
  return { socket, say, answer, greeting, isClosed: () => closed }
}

async function begin(port: number, ...to: string[]) {
  const line = await caller(port)
  await line.say('EHLO home.example\r\n')
  await line.say('MAIL FROM:<ada@home.example>\r\n')
  for (const one of to) await line.say(`RCPT TO:<${one}>\r\n`)
  return line
}
const mail = 'From: ada@home.example\r\nSubject: Hi\r\n\r\nHello\r\n'

describe('the door', () => {
  test('takes a mail for an address of ours, whole, and says so when it is stored', async () => {
    const gate = Promise.withResolvers<void>()
    const stored: Buffer[] = []
    const { port } = await openDoor({}, { accept: async (_, { body }) => (await gate.promise, void stored.push(body)) })
    const line = await begin(port, 'Support@ACME.example')
    expect(await line.say('DATA\r\n')).toMatch(/^354/)
    const body = `${mail}..two dots\r\n\r\n8-bit: \xe4\r\n`
    line.socket.write(Buffer.from(`${body.replace('\r\n..', '\r\n...')}.\r\n`, 'latin1'))
    const answered = line.answer()
    expect(await Promise.race([answered, new Promise((later) => setTimeout(later, 200, 'silence'))])).toBe('silence')
    gate.resolve()
    expect(await answered).toMatch(/^250 /)
    expect(stored[0]!.toString('latin1')).toBe(body)
  })

  test('says 451 when it could not be stored, even if others could', async () => {
    const taken: string[] = []
    const accept = async ({ id }: ListeningConnection) => {
      if (id === 'c2') throw new Error('the disk is full')
      taken.push(id)
    }
    const { port, refused } = await openDoor({}, { accept })
    const line = await begin(port, 'all@acme.example')
    await line.say('DATA\r\n')
    expect(await line.say(`${mail}.\r\n`)).toMatch(/^451 /)
    expect({ taken, refused }).toEqual({ taken: ['c1'], refused: ['not stored'] })
    // The line goes on.
    expect(await line.say('MAIL FROM:<>\r\n')).toMatch(/^250/)
  })

  test('delivers once to each connection, with what it alone found out', async () => {
    const { port, accepted } = await openDoor()
    const id = '019936a0-0000-7000-8000-0000000000c1'
    const signed = replyAddress('support@acme.example', id, secret)!
    const line = await begin(port, signed.toUpperCase(), 'support@acme.example', 'all@acme.example', 'sales+x@acme.example')
    await line.say('DATA\r\n')
    const forged = `X-Rapport-Auth: {"dmarc":"pass"}\r\nX-Rapport-Conversation: ${id}\r\nX-Rapport-Folder: sent\r\n${mail}`
    expect(await line.say(`${forged}.\r\n`)).toMatch(/^250/)
    const [one, two] = accepted.toSorted((a, b) => a.id.localeCompare(b.id))
    expect(accepted).toHaveLength(2)
    expect(one!.headers).toEqual({
      'x-rapport-folder': 'inbox',
      'x-rapport-envelope-from': 'ada@home.example',
      'x-rapport-envelope-to': JSON.stringify([signed.toUpperCase(), 'support@acme.example', 'all@acme.example']),
      'x-rapport-auth': '{"spf":"none","dkim":"none","dmarc":"none","from":"home.example"}',
      'x-rapport-conversation': id,
    })
    expect(two!.headers['x-rapport-conversation']).toBeUndefined()
    expect(JSON.parse(two!.headers['x-rapport-envelope-to']!)).toEqual(['all@acme.example', 'sales+x@acme.example'])
  })

  test('is no relay: strangers are refused at once, and nobody logs in', async () => {
    const { port, accepted, refused } = await openDoor({ listenLimits: { strangers: 3 } })
    const line = await begin(port)
    for (const to of ['eve@elsewhere.example', 'nobody@acme.example', 'support@acme.example@elsewhere.example']) {
      expect(await line.say(`RCPT TO:<${to}>\r\n`)).toMatch(/^5(50 5\.1\.1|01|53)/)
    }
    const other = await begin(port)
    expect(await other.say('RCPT TO:<no@acme.example>\r\n')).toMatch(/^550 5\.1\.1/)
    expect(await other.say('DATA\r\n')).toMatch(/^503/)
    for (const command of ['AUTH PLAIN AGEAYg==', 'VRFY support', 'EXPN all', 'XCLIENT ADDR=192.0.2.1'])
      expect(await other.say(`${command}\r\n`)).toMatch(/^5\d\d/)
    expect(await other.say('EHLO x\r\n')).not.toMatch(/AUTH|XCLIENT|VRFY/)
    const guesser = await begin(port, 'a@acme.example', 'b@acme.example', 'c@acme.example')
    await vi.waitUntil(guesser.isClosed)
    expect(accepted).toEqual([])
    expect(refused.filter((reason) => reason === 'no such address').length).toBeGreaterThanOrEqual(4)
  })

  test('says 451 when it can not find out whom a mail is for', async () => {
    const { port } = await openDoor({}, { find: () => Promise.reject(new Error('no database')) })
    const line = await begin(port)
    expect(await line.say('RCPT TO:<support@acme.example>\r\n')).toMatch(/^451/)
  })

  test.each([
    ['a bare line feed', '\n.\n'],
    ['a bare line feed before the dot', '\n.\r\n'],
    ['a bare line feed behind the dot', '\r\n.\n'],
    ['bare returns', '\r.\r'],
    ['a bare return behind the dot', '\r\n.\r'],
    ['a zero', '\r\n\0.\r\n'],
  ])('does not take %s for the end of a mail: nothing can be smuggled in', async (_, end) => {
    const { port, accepted } = await openDoor()
    const line = await begin(port, 'support@acme.example')
    await line.say('DATA\r\n')
    const inner = 'MAIL FROM:<boss@acme.example>\r\nRCPT TO:<support@acme.example>\r\nDATA\r\nFrom: boss@acme.example\r\n\r\nPay\r\n'
    expect(await line.say(`${mail}x${end}${inner}.\r\n`)).toMatch(/^250/)
    expect(accepted).toHaveLength(1)
    expect(accepted[0]!.body.toString('latin1')).toContain('boss@acme.example')
    expect(JSON.parse(accepted[0]!.headers['x-rapport-envelope-to']!)).toEqual(['support@acme.example'])
  })

  test('takes commands sent in one go, and byte by byte', async () => {
    const { port, accepted } = await openDoor()
    const line = await caller(port)
    await line.say('EHLO home.example\r\n')
    const transaction = 'MAIL FROM:<a@b.example>\r\nRCPT TO:<support@acme.example>\r\nDATA\r\n'
    line.socket.write(transaction)
    for (const code of [/^250/, /^250/, /^354/]) expect(await line.answer()).toMatch(code)
    expect(await line.say(`${mail}.\r\n${transaction}`)).toMatch(/^250/)
    for (const code of [/^250/, /^250/, /^354/]) expect(await line.answer()).toMatch(code)
    for (const byte of `${mail}.\r\n`) {
      line.socket.write(byte)
      await new Promise(setImmediate)
    }
    expect(await line.answer()).toMatch(/^250/)
    expect(accepted.map(({ body }) => body.toString())).toEqual([mail, mail])
  })

  test('keeps nothing of a mail that breaks off', async () => {
    const { port, accepted } = await openDoor()
    const line = await begin(port, 'support@acme.example')
    await line.say('DATA\r\n')
    line.socket.write(`${mail}half`)
    await new Promise((later) => setTimeout(later, 50))
    line.socket.destroy()
    await new Promise((later) => setTimeout(later, 100))
    expect(accepted).toEqual([])
  })

  test('has limits: size announced and counted, all mail at once, recipients, time', async () => {
    const { port, accepted } = await openDoor({ listenLimits: { mailBytes: 10_000, heldBytes: 15_000, recipients: 2 } })
    const line = await caller(port)
    expect(await line.say('EHLO home.example\r\n')).toContain('SIZE 10000')
    expect(await line.say('MAIL FROM:<a@b.example> SIZE=20000\r\n')).toMatch(/^552/)
    const liar = await begin(port, 'support@acme.example', 'sales@acme.example')
    expect(await liar.say('RCPT TO:<all@acme.example>\r\n')).toMatch(/^452/)
    await liar.say('DATA\r\n')
    expect(await liar.say(`${mail}${'x'.repeat(70).concat('\r\n').repeat(5000)}.\r\n`)).toMatch(/^552/)
    const large = 'x'.repeat(70).concat('\r\n').repeat(125)
    const first = await begin(port, 'support@acme.example')
    await first.say('DATA\r\n')
    first.socket.write(large)
    await new Promise((later) => setTimeout(later, 50))
    const second = await begin(port, 'support@acme.example')
    await second.say('DATA\r\n')
    expect(await second.say(`${large}.\r\n`)).toMatch(/^452/)
    expect(await first.say('.\r\n')).toMatch(/^250/)
    expect(accepted).toHaveLength(1)
    const slow = await openDoor({ listenLimits: { silenceMs: 100, mailMs: 300 } })
    const idle = await caller(slow.port)
    await vi.waitUntil(idle.isClosed, 2000)
    const dripping = await begin(slow.port, 'support@acme.example')
    await dripping.say('DATA\r\n')
    const drip = setInterval(() => dripping.socket.write('x'), 30)
    await vi.waitUntil(dripping.isClosed, 2000)
    clearInterval(drip)
  })

  test('lets one address have only so many lines, at once and in a minute', async () => {
    let now = 1_000_000
    const { port, refused } = await openDoor(
      { listenLimits: { connectionsPerAddress: 2, perMinute: 5 } },
      { now: () => new Date(now) },
    )
    const lines = [await caller(port), await caller(port)]
    expect((await caller(port)).greeting).toMatch(/^421/)
    for (const line of lines) await line.say('QUIT\r\n')
    await new Promise((later) => setTimeout(later, 50))
    expect((await caller(port)).greeting).toMatch(/^220/)
    expect((await caller(port)).greeting).toMatch(/^220/)
    expect((await caller(port)).greeting).toMatch(/^421/)
    now += 61_000
    for (const socket of sockets) socket.destroy()
    await new Promise((later) => setTimeout(later, 50))
    expect((await caller(port)).greeting).toMatch(/^220/)
    expect(new Set(refused)).toEqual(new Set(['too many at once', 'too often']))
  })

  test('encrypts with a certificate of its own making, and forgets what was said before', async () => {
    const { port, accepted } = await openDoor()
    const line = await caller(port)
    expect(await line.say('EHLO home.example\r\n')).toContain('STARTTLS')
    // A man in the middle adds a command behind STARTTLS: it must not be done as if it were encrypted.
    expect(await line.say('STARTTLS\r\nNOOP\r\n')).toMatch(/^220/)
    const secure = connectTls({ socket: line.socket, rejectUnauthorized: false, servername: 'mx.acme.example' })
    await new Promise((done, failed) => secure.once('secureConnect', done).once('error', failed))
    expect(secure.getPeerCertificate().subject.CN).toBe('mx.acme.example')
    expect(secure.getPeerCertificate().subjectaltname).toBe('DNS:mx.acme.example')
    let heard = ''
    secure.on('data', (chunk: Buffer) => (heard += chunk.toString()))
    await new Promise((later) => setTimeout(later, 100))
    expect(heard).toBe('')
    secure.destroy()

    const client = new SMTPConnection({ host: '127.0.0.1', port, requireTLS: true, tls: { rejectUnauthorized: false } })
    await new Promise<void>((done, failed) => client.once('error', failed).connect((error) => (error ? failed(error) : done())))
    const raw = Buffer.concat([Buffer.from(mail), randomBytes(12 * 1024 * 1024).toString('base64').match(/.{1,76}/g)!.join('\r\n')].map((part) => Buffer.from(part)))
    await new Promise<void>((done, failed) => {
      client.send({ from: 'a@b.example', to: ['support@acme.example'] }, raw, (error) => (error ? failed(error) : done()))
    })
    client.quit()
    expect(accepted[0]!.body.toString().trimEnd()).toBe(raw.toString().trimEnd())
  })
})

describe('who sent a mail', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  })
  const records: Record<string, string> = {
    'home.example': 'v=spf1 ip4:192.0.2.7 -all',
    '_dmarc.home.example': 'v=DMARC1; p=reject',
    's1._domainkey.home.example': `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`,
  }
  const dns: DnsQuery = async (name, type) => {
    if (type === 'TXT' && records[name]) return [[records[name]]]
    throw Object.assign(new Error('none'), { code: 'ENOTFOUND' })
  }
  const arrival = { ip: '192.0.2.7', helo: 'home.example', sender: 'ada@home.example', name: 'mx.acme.example' }
  const signed = async (raw: string, more: Record<string, unknown> = {}) => {
    const signature = { signingDomain: 'home.example', selector: 's1', privateKey, ...more }
    const { signatures } = await dkimSign(Buffer.from(raw), { ...signature, signatureData: [signature] })
    return Buffer.from(signatures + raw)
  }

  test('is proven by the server that it came from, or by its signature', async () => {
    expect(await checkSender(Buffer.from(mail), arrival, dns)).toEqual({ spf: 'pass', dkim: 'none', dmarc: 'pass', from: 'home.example' })
    const elsewhere = { ...arrival, ip: '198.51.100.1' }
    expect(await checkSender(Buffer.from(mail), elsewhere, dns)).toMatchObject({ spf: 'fail', dmarc: 'fail' })
    expect(await checkSender(await signed(mail), elsewhere, dns)).toMatchObject({ spf: 'fail', dkim: 'pass', dmarc: 'pass' })
  })

  test('is not proven by somebody else’s, by a changed mail, or by one that anybody may add to', async () => {
    const elsewhere = { ...arrival, ip: '198.51.100.1' }
    const changed = Buffer.from((await signed(mail)).toString().replace('Hello', 'Howdy'))
    expect(await checkSender(changed, elsewhere, dns)).toMatchObject({ dkim: 'fail', dmarc: 'fail' })
    const other = { ...arrival, sender: 'eve@home.example' }
    const asBoss = Buffer.from(mail.replace('ada@home.example', 'boss@acme.example'))
    expect(await checkSender(asBoss, other, dns)).toMatchObject({ spf: 'pass', dmarc: 'none', from: 'acme.example' })
    const open = await signed(mail, { maxBodyLength: 3 })
    expect(open.toString()).toContain('l=3')
    expect(await checkSender(open, elsewhere, dns)).toMatchObject({ dkim: 'fail', dmarc: 'fail' })
    const two = Buffer.from(`From: ada@home.example\r\n${mail}`)
    expect((await checkSender(two, arrival, dns)).dmarc).not.toBe('pass')
  })

  test('stays open when the DNS does not answer, and the mail is taken all the same', async () => {
    const silent: DnsQuery = () => new Promise(() => {})
    const unsure = { spf: 'temperror', dkim: 'temperror', dmarc: 'temperror', from: null }
    expect(await checkSender(Buffer.from(mail), arrival, silent, 100)).toEqual(unsure)
    const broken: DnsQuery = async () => {
      throw Object.assign(new Error('refused'), { code: 'ESERVFAIL' })
    }
    expect((await checkSender(await signed(mail), arrival, broken)).dmarc).not.toBe('pass')
    const { port, accepted } = await openDoor({ dns: silent, checkMs: 100 })
    const line = await begin(port, 'support@acme.example')
    await line.say('DATA\r\n')
    expect(await line.say(`${mail}.\r\n`)).toMatch(/^250/)
    expect(JSON.parse(accepted[0]!.headers['x-rapport-auth']!)).toEqual(unsure)
  })
})
