import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { SMTPServerOptions } from 'smtp-server'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { html } from './http/html.ts'
import type { MailOutcome, SystemMail } from './mail.ts'
import { openMailer } from './mail.ts'

interface Received {
  to: string[]
  from: string
  text: string
}

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

const from = 'Rapport <desk@rapport.example>'

function aMail(change: Partial<SystemMail> = {}): SystemMail {
  return { to: 'jo@customer.example', subject: 'Welcome', text: 'Hello Jo', ...change }
}

async function aServer(
  options: SMTPServerOptions = {},
  host = '127.0.0.1',
): Promise<{ url: string; port: number; received: Received[] }> {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map((to) => to.address),
          text: Buffer.concat(chunks).toString(),
        })
        callback()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  cleanups.push(() => new Promise((resolve) => server.close(() => resolve())))
  const { port } = server.server.address() as AddressInfo
  return { url: `smtp://${host}:${port}`, port, received }
}

/** A server that speaks the given lines and hangs up when they are done. */
async function aScriptedServer(answers: Record<string, string | null>): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.write('220 hello\r\n')
    let inData = false
    socket.on('data', (chunk) => {
      const text = chunk.toString()
      const command = inData ? (text.endsWith('\r\n.\r\n') ? 'END' : '') : text.slice(0, 4).toUpperCase().trim()
      if (command === '') return
      const answer = answers[command] === undefined ? (command === 'DATA' ? '354 go on' : '250 ok') : answers[command]
      if (answer === null) return void socket.destroy()
      inData = command === 'DATA' && answer.startsWith('3')
      socket.write(`${answer}\r\n`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => new Promise((resolve) => server.close(() => resolve())))
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function reasonOf(outcome: MailOutcome): string {
  return outcome.ok ? 'sent' : outcome.reason
}

test('a mail arrives with both bodies, its identity and the mark of a machine', async () => {
  const { url, received } = await aServer()
  const outcome = await openMailer({ smtpUrl: url, from }).send(
    aMail({ subject: 'Grüße', html: html`<p>Hello <b>${'<Jo>'}</b></p>` }),
  )
  expect(outcome).toMatchObject({ ok: true, messageId: expect.stringMatching(/^<[\w-]{36}@rapport\.example>$/) })
  expect(received).toHaveLength(1)
  expect(received[0]).toMatchObject({ from: 'desk@rapport.example', to: ['jo@customer.example'] })
  const { text } = received[0]!
  expect(text).toContain('To: jo@customer.example\r\n')
  expect(text).toContain('From: Rapport <desk@rapport.example>\r\n')
  expect(text).toContain(`Message-ID: ${outcome.ok && outcome.messageId}\r\n`)
  expect(text).toContain('Auto-Submitted: auto-generated\r\n')
  expect(text).toContain('Hello Jo')
  expect(text).toContain('<p>Hello <b>&#60;Jo&#62;</b></p>')
})

test('a mail sent again carries the identity that it was given', async () => {
  const { url, received } = await aServer()
  const mailer = openMailer({ smtpUrl: url, from })
  for (let round = 0; round < 2; round++)
    expect(await mailer.send(aMail({ messageId: '<invite-1@rapport.example>' }))).toEqual({
      ok: true,
      messageId: '<invite-1@rapport.example>',
    })
  for (const { text } of received) expect(text).toContain('Message-ID: <invite-1@rapport.example>\r\n')
})

test('without SMTP_URL the answer says so', async () => {
  const mailer = openMailer({ smtpUrl: undefined, from })
  expect(mailer.configured).toBe(false)
  expect(reasonOf(await mailer.send(aMail()))).toBe('not_configured')
})

test('nothing can be slipped into the headers or the list of recipients', async () => {
  const { url, received } = await aServer()
  const mailer = openMailer({ smtpUrl: url, from })
  const recipients = [
    'jo@customer.example\r\nBcc: x@evil.example',
    'jo@customer.example, x@evil.example',
    'Jo <jo@customer.example>',
    'jo@customer.example;x@evil.example',
    'x@evil.example (jo)',
    '"jo"@customer.example',
    'jo',
    '',
    'jo@',
    'a@b@c',
    'jo@customer.example\0',
    'jo @customer.example',
  ]
  for (const to of recipients) expect(reasonOf(await mailer.send(aMail({ to }))), JSON.stringify(to)).toBe('invalid')
  for (const subject of ['Hi\r\nBcc: x@evil.example', 'Hi\nX: y', 'Hi\rX', 'Hi\0', 'Hi\u2028X']) {
    expect(reasonOf(await mailer.send(aMail({ subject }))), JSON.stringify(subject)).toBe('invalid')
  }
  for (const messageId of ['x', '<a@b>\r\nX: y', '<a b@c>', '<a>'])
    expect(reasonOf(await mailer.send(aMail({ messageId }))), messageId).toBe('invalid')
  expect(received).toEqual([])
})

test('a body that names files or looks like headers stays a body', async () => {
  const { url, received } = await aServer()
  await openMailer({ smtpUrl: url, from }).send(
    aMail({ text: '.\r\nBcc: x@evil.example\r\n.\r\nMAIL FROM:<x@evil.example>' }),
  )
  expect(received).toHaveLength(1)
  expect(received[0]!.text.split('\r\n\r\n')[0]).not.toContain('evil.example')
})

test('a refusal for good, a refusal for now and a refused login are told apart', async () => {
  const refusal = (responseCode: number) => Object.assign(new Error('no'), { responseCode })
  const forGood = await aServer({ onRcptTo: (_address, _session, callback) => callback(refusal(550)) })
  expect(reasonOf(await openMailer({ smtpUrl: forGood.url, from }).send(aMail()))).toBe('rejected')
  const forNow = await aServer({ onRcptTo: (_address, _session, callback) => callback(refusal(451)) })
  expect(reasonOf(await openMailer({ smtpUrl: forNow.url, from }).send(aMail()))).toBe('deferred')
  const login = await aServer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: (_auth, _session, callback) => callback(refusal(535)),
  })
  const outcome = await openMailer({ smtpUrl: `smtp://desk:hunter2@127.0.0.1:${login.port}`, from }).send(aMail())
  expect(reasonOf(outcome)).toBe('unauthorized')
  expect(JSON.stringify(outcome)).not.toContain('hunter2')
  const afterData = await aScriptedServer({ END: '554 spam' })
  expect(reasonOf(await openMailer({ smtpUrl: afterData, from }).send(aMail()))).toBe('rejected')
})

test('lost before the text was handed over is deferred, lost after it is unknown', async () => {
  for (const command of ['EHLO', 'MAIL', 'RCPT', 'DATA']) {
    const url = await aScriptedServer({ [command]: null })
    expect(reasonOf(await openMailer({ smtpUrl: url, from }).send(aMail())), command).toBe('deferred')
  }
  const url = await aScriptedServer({ END: null })
  expect(reasonOf(await openMailer({ smtpUrl: url, from }).send(aMail()))).toBe('unknown')
  expect(reasonOf(await openMailer({ smtpUrl: 'smtp://127.0.0.1:1', from }).send(aMail()))).toBe('deferred')
})

test('a server that falls silent after the text is unknown, within the time', async () => {
  const { url } = await aServer({ onData: (stream) => void stream.resume() })
  const start = performance.now()
  expect(reasonOf(await openMailer({ smtpUrl: url, from, timeoutMs: 300 }).send(aMail()))).toBe('unknown')
  expect(performance.now() - start).toBeLessThan(3000)
})

test('a login is not sent in clear over the network', async () => {
  let logins = 0
  // Any address but this machine's usual names counts as the network.
  const server = await aServer(
    { allowInsecureAuth: true, onAuth: (_auth, _session, callback) => callback(null, { user: `${logins++}` }) },
    '127.0.0.2',
  )
  expect(
    reasonOf(await openMailer({ smtpUrl: `smtp://desk:hunter2@127.0.0.2:${server.port}`, from }).send(aMail())),
  ).toBe('insecure')
  expect(logins).toBe(0)
  expect(reasonOf(await openMailer({ smtpUrl: server.url, from }).send(aMail()))).toBe('sent')
})

test('a setting that can not work stops the program and does not repeat the password', () => {
  for (const smtpUrl of ['nonsense', 'http://desk:hunter2@mail.example', 'smtp://']) {
    const open = () => openMailer({ smtpUrl, from })
    expect(open, smtpUrl).toThrow(/SMTP_URL/)
    expect(open, smtpUrl).not.toThrow(/hunter2/)
  }
  expect(() => openMailer({ smtpUrl: 'smtp://127.0.0.1', from: 'nobody' })).toThrow(TypeError)
})
