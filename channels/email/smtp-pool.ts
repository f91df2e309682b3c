// Connections to SMTP servers, kept open for a while between two mails, each mail told how far it came. Nodemailer's own pool
// tries again by itself and hides the stage, so only its connection is used. What matters most: a mail counts as handed over
// from the moment when its end may have left, and from then on only the server's word decides.
import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import { Readable } from 'node:stream'
import type { NodemailerError } from 'nodemailer/lib/errors'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { xoauth2 } from './oauth.ts'
import type { Security } from './settings.ts'

/** `address` is what the host's name was found to be: the socket goes there and nowhere else. */
export interface SmtpTarget {
  readonly host: string
  readonly address: string
  readonly port: number
  readonly security: Security
  readonly login:
    | { readonly kind: 'none' }
    | { readonly kind: 'password'; readonly user: string; readonly password: string }
    | { readonly kind: 'token'; readonly user: string; readonly token: string }
  /** The name that we greet with. */
  readonly name: string
}

export interface SmtpMail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  readonly raw: Buffer
}

export type Stage = 'connect' | 'secure' | 'login' | 'sender' | 'recipients' | 'data' | 'handed over'

export interface Refusal {
  readonly address: string
  readonly code: number | null
  readonly response: string
}

export interface Failure {
  readonly ok: false
  readonly stage: Stage
  /** The server's number, null where no answer came. */
  readonly code: number | null
  /** The server's words, or what happened instead. */
  readonly response: string
  readonly refused: readonly Refusal[]
  /** Set where encryption failed for a reason that stays (a certificate, no STARTTLS). */
  readonly untrusted?: boolean
}

export type Delivered =
  | { readonly ok: true; readonly response: string; readonly refused: readonly Refusal[] }
  | Failure

export interface SmtpTimeouts {
  readonly connectMs: number
  readonly answerMs: number
  readonly idleMs: number
}

export const SMTP_TIMEOUTS: SmtpTimeouts = { connectMs: 15_000, answerMs: 120_000, idleMs: 30_000 }

export interface SmtpPool {
  /** Never throws. Gives up when `signal` does, and still tells how far the mail came. */
  deliver(target: SmtpTarget, mail: SmtpMail, signal: AbortSignal): Promise<Delivered>
  /** Connects, encrypts and logs in, and no more. */
  check(target: SmtpTarget, signal: AbortSignal): Promise<{ readonly ok: true } | Failure>
  close(): void
}

const CHUNK = 64 * 1024

/** Idle connections hold no process open. */
export function openSmtpPool(timeouts: SmtpTimeouts = SMTP_TIMEOUTS): SmtpPool {
  const idle = new Map<string, Idle[]>()
  let closed = false

  const take = (key: string): Idle | undefined => {
    const waiting = idle.get(key) ?? []
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      clearTimeout(one.timer)
      if (!one.connection.destroyed) return one
    }
    return undefined
  }
  const giveBack = (key: string, connection: SMTPConnection): void => {
    if (closed || connection.destroyed) return connection.close()
    const timer = setTimeout(() => {
      idle.set(
        key,
        (idle.get(key) ?? []).filter((one) => one.connection !== connection),
      )
      connection.quit()
    }, timeouts.idleMs).unref()
    idle.set(key, [...(idle.get(key) ?? []), { connection, timer }])
  }

  return {
    async deliver(target, mail, signal) {
      const key = keyOf(target)
      const used = take(key)
      if (used) {
        const told = await transmit(used.connection, mail, signal)
        if (told.ok) giveBack(key, used.connection)
        else used.connection.close()
        // It had died while it waited, before this mail began: that says nothing about the mail.
        const hadDied = !told.ok && told.code === null && told.stage === 'sender' && !signal.aborted
        if (!hadDied) return told
      }
      const fresh = await open(target, timeouts, signal)
      if (!fresh.ok) return fresh
      const told = await transmit(fresh.connection, mail, signal)
      if (told.ok) giveBack(key, fresh.connection)
      else fresh.connection.close()
      return told
    },
    async check(target, signal) {
      const fresh = await open(target, timeouts, signal)
      if (fresh.ok) fresh.connection.quit()
      return fresh.ok ? { ok: true } : fresh
    },
    close() {
      closed = true
      for (const { connection, timer } of [...idle.values()].flat()) {
        clearTimeout(timer)
        connection.close()
      }
      idle.clear()
    },
  }
}

interface Idle {
  readonly connection: SMTPConnection
  readonly timer: NodeJS.Timeout
}

function keyOf(target: SmtpTarget): string {
  return createHash('sha256').update(JSON.stringify(target)).digest('base64')
}

async function open(
  target: SmtpTarget,
  timeouts: SmtpTimeouts,
  signal: AbortSignal,
): Promise<{ readonly ok: true; readonly connection: SMTPConnection } | Failure> {
  const { host, login } = target
  const named = isIP(host) === 0
  const connection = new SMTPConnection({
    host: target.address,
    port: target.port,
    secure: target.security === 'tls',
    requireTLS: target.security === 'starttls',
    ignoreTLS: target.security === 'none',
    ...(named && { servername: host }),
    tls: { ...(named && { servername: host }), minVersion: 'TLSv1.2' },
    name: target.name,
    connectionTimeout: timeouts.connectMs,
    greetingTimeout: timeouts.connectMs,
    socketTimeout: timeouts.answerMs,
    socketCloseTimeout: 1000,
    maxResponseSize: 64 * 1024,
    customAuth: { XOAUTH2: loginByToken },
  })
  // Errors of an idle connection have nobody to tell: it is found dead when it is needed.
  connection.on('error', () => {})
  let stage: Stage = 'connect'
  try {
    await within(connection, signal, (done) => {
      connection.once('error', done)
      connection.connect(done)
    })
    if (login.kind !== 'none') {
      stage = 'login'
      const auth =
        login.kind === 'token'
          ? { user: login.user, pass: login.token, method: 'XOAUTH2' }
          : { user: login.user, pass: login.password }
      await within(connection, signal, (done) => {
        connection.once('error', done)
        connection.login(auth, done)
      })
    }
    return { ok: true, connection }
  } catch (error) {
    connection.close()
    return failureOf(error, stage)
  }
}

/** Hands over one mail; afterwards the connection is good for another one only if that went well. */
async function transmit(connection: SMTPConnection, mail: SmtpMail, signal: AbortSignal): Promise<Delivered> {
  let stage: Stage = 'sender'
  const source = Readable.from(piecesOf(mail.raw), { objectMode: false, highWaterMark: CHUNK })
  // It is read from the moment when the server said that the mail may come, to its end.
  source.once('data', () => (stage = 'data')).pause()
  source.once('end', () => (stage = 'handed over'))
  try {
    const info = await within<{ response?: string | undefined; rejectedErrors?: readonly NodemailerError[] | undefined }>(
      connection,
      signal,
      (done) => {
        const envelope = { from: mail.envelope.from, to: [...mail.envelope.to], size: mail.raw.length, use8BitMime: true }
        connection.send(envelope, source, done)
      },
    )
    return { ok: true, response: info?.response ?? '', refused: refusalsOf(info?.rejectedErrors) }
  } catch (error) {
    source.destroy()
    return failureOf(error, stage)
  }
}

function* piecesOf(raw: Buffer): Generator<Buffer> {
  for (let at = 0; at < raw.length; at += CHUNK) yield raw.subarray(at, at + CHUNK)
}

/** A callback as a promise that also ends when the signal does; the connection is closed then. */
function within<T>(
  connection: SMTPConnection,
  signal: AbortSignal,
  work: (done: (error?: Error | null, value?: T) => void) => void,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      connection.close()
      reject(new Error('It took too long'))
    }
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    work((error, value) => {
      signal.removeEventListener('abort', stop)
      if (error) reject(error)
      else resolve(value)
    })
  })
}

interface TokenLogin {
  readonly auth: { readonly credentials: { readonly user: string; readonly pass: string } }
  readonly sendCommand: (command: string) => Promise<{ readonly status: number; readonly response: string }>
}

async function loginByToken({ auth: { credentials }, sendCommand }: TokenLogin): Promise<void> {
  let told = await sendCommand(`AUTH XOAUTH2 ${xoauth2(credentials.user, credentials.pass)}`)
  // The reason comes as a challenge; an empty answer brings the verdict.
  if (told.status === 334) told = await sendCommand('')
  if (told.status < 200 || told.status >= 300) throw new Error('The token was refused')
}

function failureOf(error: unknown, stage: Stage): Failure {
  const { code, command, responseCode, response, message, rejectedErrors, originalCode } = error as NodemailerError
  const answered = responseCode !== undefined && responseCode >= 400
  const untrusted = !answered && isLasting(code, originalCode, message)
  return {
    ok: false,
    stage: untrusted ? 'secure' : stageOf(stage, code, command),
    code: answered ? responseCode : null,
    response: line(answered && response !== undefined ? response : (message ?? 'unknown failure')),
    refused: refusalsOf(rejectedErrors),
    ...(untrusted && { untrusted }),
  }
}

function stageOf(stage: Stage, code: string | undefined, command: string | undefined): Stage {
  if (code === 'ETLS') return 'secure'
  if (code === 'EAUTH' || code === 'ENOAUTH') return 'login'
  if (stage === 'sender' && command === 'RCPT TO') return 'recipients'
  if (stage === 'sender' && command === 'DATA') return 'data'
  return stage
}

/** A certificate that is not trusted stays so until somebody acts; a line that broke during the handshake does not. */
function isLasting(code: string | undefined, originalCode: string | undefined, message: string): boolean {
  const isTrust = /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|ERR_SSL_|ERR_TLS_/.test(`${code} ${originalCode}`)
  return isTrust || (code === 'ETLS' && /self.signed|certificate|altname|STARTTLS|support/i.test(message))
}

function refusalsOf(errors: readonly NodemailerError[] | undefined): Refusal[] {
  return (errors ?? []).map(({ recipient, responseCode, response, message }) => ({
    address: recipient ?? '',
    code: responseCode ?? null,
    response: line(response ?? message),
  }))
}

/** What a server says fits one line. */
export function line(words: string): string {
  const plain = words
    .slice(0, 2000)
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
  return plain === '' ? 'no reason given' : plain.slice(0, 300).toWellFormed()
}
