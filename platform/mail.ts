// The program's own mail (invitations, resets, alarms) over the SMTP server in SMTP_URL. Customers' mail is a channel's matter.
import { randomUUID } from 'node:crypto'
import type { NodemailerError } from 'nodemailer/lib/errors'
import type { SafeHtml } from './http/html.ts'

export interface SystemMail {
  /** One plain address. */
  to: string
  subject: string
  text: string
  html?: SafeHtml
  /** `<left@right>`. Give the same one again when a mail is sent again, so that receivers can see that it is the same. */
  messageId?: string
}

/**
 * `not_configured`: there is no SMTP_URL, so show the link instead. `invalid`: the address or a header can't be sent.
 * `insecure`: no trustworthy encryption with the server, so nothing was sent. `unauthorized`: it does not take our login. `rejected`: it refused for good. `deferred`: not now, try again
 * later. `unknown`: lost after the whole text was handed over; it may have been sent, and only a person can decide.
 */
export type MailFailure =
  | 'not_configured'
  | 'invalid'
  | 'insecure'
  | 'unauthorized'
  | 'rejected'
  | 'deferred'
  | 'unknown'

export type MailOutcome = { ok: true; messageId: string } | { ok: false; reason: MailFailure; detail: string }

export interface Mailer {
  readonly configured: boolean
  /** Resolves with the outcome and never rejects for what a server does. */
  send(mail: SystemMail): Promise<MailOutcome>
}

export interface MailerOptions {
  /** `smtp://user:password@host:587` or `smtps://…:465`. A login is only ever sent encrypted, save to this machine. */
  smtpUrl?: string | undefined
  /** A plain address, or `Name <address>`. */
  from: string
  timeoutMs?: number
}

/** Throws TypeError when SMTP_URL or the sender can't be used; the message does not repeat the URL, which holds a password. */
export function openMailer(options: MailerOptions): Mailer {
  const { smtpUrl, from } = options
  if (smtpUrl === undefined) {
    return {
      configured: false,
      send: async () => ({ ok: false, reason: 'not_configured', detail: 'SMTP_URL is not set' }),
    }
  }
  const sender = addressOf(from)
  if (sender === null || hasControls(from)) throw new TypeError('The sender of system mail must be an address')
  const timeout = options.timeoutMs ?? 30_000
  const settings = {
    url: smtpUrl,
    requireTLS: mustEncrypt(smtpUrl),
    connectionTimeout: Math.min(timeout, 10_000),
    greetingTimeout: Math.min(timeout, 10_000),
    dnsTimeout: Math.min(timeout, 10_000),
    socketTimeout: timeout,
    // A text is a text: nothing in it may make the library read files or addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  }

  return {
    configured: true,
    async send(mail) {
      const problem = problemOf(mail)
      if (problem) return { ok: false, reason: 'invalid', detail: problem }
      const messageId = mail.messageId ?? `<${randomUUID()}@${sender.split('@')[1]}>`
      let handedOver = false
      // Loaded with the first mail: ten megabytes that waiting for one does not take.
      const { createTransport } = await import('nodemailer')
      const transport = createTransport(settings)
      // The library reads the text to its end only after the server said DATA may come.
      transport.use('stream', (composed, done) => {
        const createReadStream = composed.message.createReadStream.bind(composed.message)
        composed.message.createReadStream = (...args) =>
          createReadStream(...args).once('end', () => (handedOver = true))
        done()
      })
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: mail.to },
          subject: mail.subject,
          text: mail.text,
          ...(mail.html ? { html: mail.html.toString() } : {}),
          messageId,
          // RFC 3834: nobody's holiday notice answers this.
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
        return { ok: true, messageId }
      } catch (error) {
        return { ok: false, reason: failureOf(error, handedOver), detail: describe(error) }
      } finally {
        transport.close()
      }
    },
  }
}

function problemOf(mail: SystemMail): string | null {
  if (addressOf(mail.to) !== mail.to) return 'The recipient must be one plain address'
  // Line breaks in a header begin the next header.
  if (hasControls(mail.subject)) return 'The subject has control characters'
  if (mail.messageId !== undefined && !/^<[^<>@\s]{1,200}@[^<>@\s]{1,200}>$/.test(mail.messageId))
    return 'The message id is malformed'
  return null
}

/** The address in `address` or `Name <address>`, or null. Stricter than RFC 5322: no quoted parts, lists or comments. */
function addressOf(text: string): string | null {
  const address = /^[^<>]*<([^<>]+)>$/.exec(text)?.[1] ?? text
  const isPlain = /^[^\s\p{C}<>()[\]\\,;:"@]{1,64}@[^\s\p{C}<>()\\,;"@]{1,253}$/u.test(address)
  return isPlain ? address : null
}

function hasControls(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text)
}

function mustEncrypt(smtpUrl: string): boolean {
  if (!URL.canParse(smtpUrl)) throw new TypeError('SMTP_URL must look like smtp://user:password@host:587')
  const url = new URL(smtpUrl)
  if (!['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '')
    throw new TypeError('SMTP_URL must begin with smtp:// or smtps://')
  return url.username !== '' && !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
}

function failureOf(error: unknown, handedOver: boolean): MailFailure {
  const { code, responseCode } = error as Partial<NodemailerError>
  if (code === 'ETLS') return 'insecure'
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return responseCode !== undefined && responseCode < 500 ? 'deferred' : 'unauthorized'
  if (responseCode !== undefined && responseCode >= 400) return responseCode < 500 ? 'deferred' : 'rejected'
  if (handedOver) return 'unknown'
  return code === 'EENVELOPE' || code === 'EMESSAGE' ? 'invalid' : 'deferred'
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 300) : 'Unknown failure'
}
