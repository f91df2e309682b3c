// One answer to the SMTP server of its connection, and what became of it. Until the end of the mail may have left, every
// failure is certain: it did not arrive. After that only the server's answer is, and silence is a doubt.
import type { Outbound, PlatformContext, SendOutcome } from '../connector.ts'
import { appendToSent } from './imap-sent.ts'
import { composeMail } from './compose.ts'
import { formerDkimKeyIn } from './former.ts'
import { accessFor, forgetAccess } from './oauth.ts'
import { type Mailbox, readMailbox } from './settings.ts'
import type { Failure, Refusal, SmtpPool, SmtpTarget } from './smtp-pool.ts'
import { refusalWords, waitIn } from './smtp-words.ts'

const MOST_WAIT_MS = 3_600_000

export async function sendMail(outbound: Outbound, context: PlatformContext, pool: SmtpPool): Promise<SendOutcome> {
  const mailbox = readMailbox(context.settings, context.credentials)
  const incomplete = missingFor(mailbox)
  if (incomplete !== null) return { state: 'reauthorize', reason: incomplete.reason }
  if (context.signal.aborted) return { state: 'retry', reason: 'Stopped before it was sent' }

  const composed = await composeMail(outbound, mailbox, formerDkimKeyIn(context.credentials, outbound.at))
  if (!composed.ok) return { state: composed.passing ? 'retry' : 'rejected', reason: composed.reason }
  const target = await targetOf(mailbox, context)
  if (!target.ok) return { state: target.broken ? 'reauthorize' : 'retry', reason: target.reason }

  const told = await pool.deliver(target.target, composed.mail, context.signal)
  if (!told.ok) return outcomeOf(told, outbound.attempt, context.now())
  // The answer left; a copy that could not be kept is not worth a doubt.
  if (mailbox.appendToSent && mailbox.imap) await appendToSent(composed.mail.raw, mailbox, context)
  const data = { response: told.response, ...(told.refused.length > 0 && { refused: told.refused.map(refusedAs) }) }
  return { state: 'sent', externalId: outbound.platformIdentity, data }
}

/** What a person still has to set before anything can be sent; null when nothing. */
export function missingFor(mailbox: Mailbox): { readonly reason: string; readonly field: string } | null {
  if (mailbox.address === '') return { reason: 'This connection has no address', field: 'address' }
  if (!mailbox.smtp) return { reason: 'This connection has no SMTP server to send by', field: 'smtpHost' }
  if (mailbox.smtp.withoutLogin) return null
  if (mailbox.signIn !== 'password') {
    const reason = 'Access by OAuth is not complete: it needs a client id, a refresh token and an address'
    return mailbox.oauth ? null : { reason, field: 'oauthRefreshToken' }
  }
  const reason = 'The SMTP server needs a password'
  return mailbox.smtp.password === null ? { reason, field: 'smtpPassword' } : null
}

export type FoundTarget =
  | { readonly ok: true; readonly target: SmtpTarget }
  | { readonly ok: false; readonly broken: boolean; readonly reason: string; readonly field: string }

export async function targetOf(mailbox: Mailbox, context: PlatformContext): Promise<FoundTarget> {
  const { host, port, security, user, password, withoutLogin } = mailbox.smtp!
  const found = await context.resolve(host, port)
  if (!found.ok) return { ok: false, broken: false, reason: found.reason, field: 'smtpHost' }
  let login: SmtpTarget['login'] = { kind: 'none' }
  if (!withoutLogin && mailbox.oauth) {
    const access = await accessFor(mailbox.oauth, context)
    if (!access.ok) return { ...access, field: 'oauthRefreshToken' }
    login = { kind: 'token', user, token: access.token }
  } else if (!withoutLogin) login = { kind: 'password', user, password: password ?? '' }
  return {
    ok: true,
    target: { host, address: found.address, port, security, login, name: mailbox.mailHost ?? mailbox.domain },
  }
}

export function outcomeOf(failure: Failure, attempt: number, now: Date): SendOutcome {
  const { stage, code, response } = failure
  if (stage === 'secure' && failure.untrusted)
    return { state: 'reauthorize', reason: `The connection could not be encrypted safely: ${response}` }
  if (code === null) {
    if (stage === 'handed over')
      return { state: 'unknown', reason: `The line broke after the mail was handed over: ${response}` }
    if (stage === 'login' && /missing credentials|unknown authentication/i.test(response))
      return { state: 'reauthorize', reason: response }
    return { state: 'retry', reason: `Nothing was sent: ${response}` }
  }
  if (code < 500) {
    // What is said of a recipient or of a mail (grey-listing, a full mailbox) holds up nothing else of this connection.
    const onlyThis =
      (stage === 'recipients' || stage === 'data' || stage === 'handed over') && !isAboutUs(code, response)
    const retryAt = new Date(now.getTime() + (waitIn(response) ?? Math.min(60_000 * 2 ** (attempt - 1), MOST_WAIT_MS)))
    return { state: 'retry', reason: `Not now, says the server: ${response}`, retryAt, ...(onlyThis && { onlyThis }) }
  }
  switch (stage) {
    case 'connect':
      return { state: 'reauthorize', reason: `The server does not take mail from us: ${response}` }
    case 'secure':
      return { state: 'reauthorize', reason: `The server does not encrypt the line: ${response}` }
    case 'login':
      forgetAccess()
      return { state: 'reauthorize', reason: `The server refused the login: ${response}` }
    case 'sender':
      // Size is the mail's own matter; everything else said of a sender is said of every mail of this connection.
      return code === 552 || / 5\.(?:3\.4|6\.\d) /.test(response)
        ? { state: 'rejected', reason: refusalWords({ address: '', code, response }) }
        : { state: 'reauthorize', reason: `The server does not let this address send: ${response}` }
    case 'recipients': {
      const words = failure.refused.map(refusalWords).join(' ')
      return { state: 'rejected', reason: (words || response).slice(0, 500) }
    }
    case 'data':
    case 'handed over':
      return { state: 'rejected', reason: refusalWords({ address: '', code, response }) }
  }
}

/** Whether a passing refusal is of whoever calls and not of what they brought: the server closes, is overloaded, or counts. */
function isAboutUs(code: number, response: string): boolean {
  return (
    code === 421 ||
    /\b4\.(?:3\.[12]|4\.5|7\.28)\b/.test(response) ||
    /\b(?:rate|too (?:many|fast)|throttl\w*|slow down|limit exceeded|quota of)\b/i.test(response)
  )
}

function refusedAs(refusal: Refusal): { readonly address: string; readonly reason: string } {
  return { address: refusal.address, reason: refusalWords(refusal) }
}
