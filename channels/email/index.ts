// E-mail: in by our own door or from a provider's mailbox, out over a provider's server. What is peculiar to mail is in this
// folder; this file says what the channel can do and which function does it.
import { randomBytes } from 'node:crypto'
import type { CanReply, Connector } from '../connector.ts'
import { adviseMail } from './advise.ts'
import { messageIdOf, MOST_FILE_BYTES, MOST_FILES, MOST_TEXT } from './compose.ts'
import { makeDkimKey } from './dkim.ts'
import { discoverMail } from './discover.ts'
import { type DnsQuery, machineDns } from './dns.ts'
import { backfill, progressOf } from './imap-cursor.ts'
import { pollMailbox, streamMailbox } from './imap-read.ts'
import { lookUpSent } from './imap-sent.ts'
import { formerSecrets } from './former.ts'
import { listenForMail } from './listen.ts'
import type { ListenLimits } from './listen-limits.ts'
import { receiveMail } from './receive.ts'
import { sendMail } from './send.ts'
import { emailSettings, readMailbox } from './settings.ts'
import { openSmtpPool, type SmtpTimeouts } from './smtp-pool.ts'
import { testMail } from './test-connection.ts'

/** What tests put in the place of the machine's own. */
export interface EmailDeps {
  readonly dns?: DnsQuery
  readonly smtpTimeouts?: SmtpTimeouts
  readonly listenLimits?: Partial<ListenLimits>
  readonly checkMs?: number
}

const SENDS_PER_MINUTE = 60
/** 25 MB of files, a third more as they travel, take four and a half minutes at one Mbit a second. */
const SEND_SECONDS = 300

export function createEmail(deps: EmailDeps = {}): Connector & { readonly close: () => void } {
  const dns = deps.dns ?? machineDns
  // The only thing that lives on between two calls: connections to SMTP servers, each for half a minute.
  const pool = openSmtpPool(deps.smtpTimeouts)
  return {
    id: 'email',
    name: 'E-mail',
    summary: 'Read and answer mail: from a mailbox you have, or straight to Rapport.',
    settings: emailSettings,
    capabilities: {
      receives: ['smtp', 'poll', 'stream'],
      visibility: ['private'],
      shapes: ['line'],
      sends: true,
      delivery: 'push',
      textLimits: [{ unit: 'utf16', max: MOST_TEXT }],
      format: 'markdown',
      subject: true,
      media: {
        maxCount: MOST_FILES,
        maxBytes: MOST_FILE_BYTES,
        types: ['image/', 'audio/', 'video/', 'text/', 'application/', 'font/', 'model/', 'message/'],
        altText: false,
      },
      receipts: ['delivered', 'read', 'failed'],
      edits: false,
      deletes: false,
      reactions: false,
      startsConversations: true,
      carriesOn: true,
      addressees: 'many',
      canLookUp: true,
      install: 'none',
      handle: 'address',
      moderation: [],
      invitesToPrivate: false,
      chains: false,
      contentWarning: false,
    },
    budget: { count: SENDS_PER_MINUTE, perSeconds: 60, concurrent: 4 },
    budgetOf: ({ sendsPerMinute }) => ({
      count: typeof sendsPerMinute === 'number' && sendsPerMinute >= 1 ? sendsPerMinute : SENDS_PER_MINUTE,
      perSeconds: 60,
      concurrent: 4,
    }),
    generate: () => ({ replySecret: randomBytes(32).toString('base64url'), dkimPrivateKey: makeDkimKey() }),
    former: formerSecrets,
    receive: receiveMail,
    addressesOf: (settings) => {
      const { receive, ownAddresses } = readMailbox(settings, {})
      return receive === 'smtp' ? ownAddresses : []
    },
    identityFor: (messageId, at, settings) => messageIdOf(messageId, at, readMailbox(settings, {}).domain),
    signatureOf: (settings) => readMailbox(settings, {}).signature.trim(),
    canReply: (_thread, _now, settings): CanReply => canReply(settings),
    send: (outbound, context) => sendMail(outbound, context, pool),
    sendSeconds: SEND_SECONDS,
    lookUp: lookUpSent,
    canAsk: (settings) => readMailbox(settings, {}).imap !== null,
    test: (context) => testMail(context, pool),
    fetches: (settings) => settings['receive'] !== 'smtp',
    poll: pollMailbox,
    stream: streamMailbox,
    backfill,
    progressOf,
    listen: (options, host) =>
      listenForMail(options, host, {
        dns,
        ...(deps.listenLimits && { limits: deps.listenLimits }),
        ...(deps.checkMs !== undefined && { checkMs: deps.checkMs }),
      }),
    advise: (context) => adviseMail(context, dns),
    discover: (address, context) => discoverMail(address, context, dns),
    close: () => pool.close(),
  }
}

function canReply(settings: Readonly<Record<string, unknown>>): CanReply {
  const { smtp, address } = readMailbox(settings, {})
  return smtp === null || address === ''
    ? { ok: false, why: 'This connection has no SMTP server to send by.' }
    : { ok: true, how: `Mail from ${address}`, until: null, cost: null }
}

export const email: Connector = createEmail()
