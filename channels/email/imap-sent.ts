// The folder of sent mail: found by what the server says of it, asked when it is in doubt whether an answer left.
import type { ImapFlow } from 'imapflow'
import type { LookUpOutcome, Outbound, PlatformContext } from '../connector.ts'
import { withImap } from './imap-client.ts'
import { type Mailbox, readMailbox } from './settings.ts'

/** These put every mail that they take by SMTP into the folder themselves, so that its absence there says something. */
const FILES_ITSELF = /(?:^|\.)(?:gmail\.com|googlemail\.com|office365\.com|outlook\.com)$/
const FILED_AFTER_MS = 120_000

/** The path of the folder, or null where the server has none. */
export async function sentFolderOf(client: ImapFlow, mailbox: Mailbox): Promise<string | null> {
  if (mailbox.sentFolder !== null) return mailbox.sentFolder
  return (await client.list()).find(({ specialUse }) => specialUse === '\\Sent')?.path ?? null
}

/** Looks for our Message-ID among the sent mail. Never throws. */
export async function lookUpSent(outbound: Outbound, context: PlatformContext): Promise<LookUpOutcome> {
  const mailbox = readMailbox(context.settings, context.credentials)
  if (!mailbox.imap) {
    return {
      state: 'unknown',
      reason: 'SMTP cannot be asked, and this connection has no folder of sent mail to look into',
    }
  }
  try {
    return await withImap(mailbox, context, async (client): Promise<LookUpOutcome> => {
      const path = await sentFolderOf(client, mailbox)
      if (path === null) return { state: 'unknown', reason: 'The mailbox has no folder of sent mail' }
      await client.mailboxOpen(path, { readOnly: true })
      const found = await client.search({ header: { 'message-id': outbound.platformIdentity } }, { uid: true })
      if (Array.isArray(found) && found.length > 0) return { state: 'found', externalId: outbound.platformIdentity }
      const filesItself = FILES_ITSELF.test(mailbox.smtp?.host ?? '') && !mailbox.appendToSent
      const { triedAt } = outbound
      const longAgo = triedAt !== null && context.now().getTime() - triedAt.getTime() > FILED_AFTER_MS
      return filesItself && longAgo && Array.isArray(found)
        ? { state: 'absent' }
        : { state: 'unknown', reason: 'It is not in the folder of sent mail, which proves nothing here' }
    })
  } catch (error) {
    return { state: 'unknown', reason: error instanceof Error ? error.message : 'The mailbox could not be read' }
  }
}

/** Puts a copy of what left into the folder. Whether that worked changes nothing about the mail. */
export async function appendToSent(raw: Buffer, mailbox: Mailbox, context: PlatformContext): Promise<void> {
  try {
    await withImap(mailbox, context, async (client) => {
      const path = await sentFolderOf(client, mailbox)
      if (path !== null) await client.append(path, raw, ['\\Seen'])
    })
  } catch {
    // Seen in the provider's own mail programs only.
  }
}
