// Tries both ways as they are set, sends nothing, reads nothing, and says in plain words what does not work.
import type { PlatformContext, TestOutcome } from '../connector.ts'
import { ImapTrouble, withImap } from './imap-client.ts'
import { sentFolderOf } from './imap-sent.ts'
import { missingFor, targetOf } from './send.ts'
import { type Mailbox, readMailbox } from './settings.ts'
import type { Failure, SmtpPool } from './smtp-pool.ts'

/** Never throws. */
export async function testMail(context: PlatformContext, pool: SmtpPool): Promise<TestOutcome> {
  const mailbox = readMailbox(context.settings, context.credentials)
  if (mailbox.address === '') return { ok: false, reason: 'This connection has no address', field: 'address' }
  const incoming = await testIncoming(mailbox, context)
  if (!incoming.ok) return incoming
  if (!mailbox.smtp)
    return { ok: true, note: `${incoming.note} Without an SMTP server mail can be read and not answered.` }
  const outgoing = await testOutgoing(mailbox, context, pool)
  return outgoing.ok ? { ok: true, note: `${incoming.note} ${outgoing.note}` } : outgoing
}

async function testIncoming(mailbox: Mailbox, context: PlatformContext): Promise<TestOutcome> {
  if (mailbox.receive === 'smtp') {
    const note = `Mail to ${mailbox.address} is taken as soon as your MX record points here.`
    return { ok: true, note }
  }
  try {
    return await withImap(mailbox, context, async (client): Promise<TestOutcome> => {
      try {
        const { exists } = await client.mailboxOpen(mailbox.inboxFolder, { readOnly: true })
        const sent = await sentFolderOf(client, mailbox)
        const told = sent === null ? 'no folder of sent mail was found' : `sent mail is in ${sent}`
        return { ok: true, note: `Reading works: ${exists} mails in ${mailbox.inboxFolder}, ${told}.` }
      } catch (error) {
        if (!client.usable) throw error
        return { ok: false, reason: `There is no folder ${mailbox.inboxFolder}`, field: 'inboxFolder' }
      }
    })
  } catch (error) {
    if (!(error instanceof ImapTrouble)) throw error
    return { ok: false, reason: error.message, field: error.field }
  }
}

async function testOutgoing(mailbox: Mailbox, context: PlatformContext, pool: SmtpPool): Promise<TestOutcome> {
  const missing = missingFor(mailbox)
  if (missing) return { ok: false, ...missing }
  const target = await targetOf(mailbox, context)
  if (!target.ok) return { ok: false, reason: target.reason, field: target.field }
  const told = await pool.check(target.target, context.signal)
  return told.ok
    ? { ok: true, note: `Sending works: ${mailbox.smtp!.host} takes our login.` }
    : { ok: false, reason: wordsFor(told, mailbox), field: fieldFor(told, mailbox) }
}

function wordsFor({ stage, response }: Failure, { smtp }: Mailbox): string {
  const place = `${smtp!.host}, port ${smtp!.port}`
  if (stage === 'secure') return `${place} could not be reached with this kind of encryption: ${response}`
  if (stage === 'login') return `${place} refused the login: ${response}`
  return `${place} did not answer as a mail server does: ${response}`
}

function fieldFor({ stage }: Failure, mailbox: Mailbox): string {
  if (stage === 'secure') return 'smtpSecurity'
  if (stage !== 'login') return 'smtpHost'
  return mailbox.signIn === 'password' ? 'smtpPassword' : 'oauthRefreshToken'
}
