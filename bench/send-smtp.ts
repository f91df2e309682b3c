// Somebody else's SMTP servers for the bench of sending: slow, failing, and one that takes only so many a second.
import { seededRandom, type Random } from '#platform/testing/random'
import type { SendBudget } from '#channels/connector'
import { startScriptedSmtp, type ScriptedSmtp, type SmtpTricks } from '../channels/email/testing/smtp-server.ts'
import type { ApiConnection, Desk } from './desk.ts'
import type { Delivery } from './deliveries.ts'
import { callJson } from './load.ts'
import type { Served } from './world.ts'

/** What these connections may do, as their settings say: more than the default, or the bench would take hours. */
const SENDS_PER_MINUTE = 600
export const SMTP_BUDGET: SendBudget = { count: SENDS_PER_MINUTE, perSeconds: 60, concurrent: 4 }
/** A bucket of so many that fills at so many a second. */
const PATIENT = { bucket: 10, perSecond: 5 }

export interface SmtpLine {
  readonly name: string
  readonly server: ScriptedSmtp
  /** Mails that were asked to wait. */
  readonly refusals: () => number
  /** How much of the server's own patience was used; null where it has no end. */
  readonly patienceUsed: (mails: number) => number | null
}

export async function startSmtpLines(): Promise<SmtpLine[]> {
  const random = seededRandom(25)
  return Promise.all([startSlow(random), startFailing(random), startPatient()])
}

async function startSlow(random: Random): Promise<SmtpLine> {
  const server = await startScriptedSmtp({ pipelining: true })
  server.moods(() => ({ body: { lateMs: 150 + random.below(100) } }))
  return { name: 'slow SMTP', server, refusals: () => 0, patienceUsed: () => null }
}

/** Of a hundred: five are refused for now, three break off before the mail is through, three after it was kept. */
async function startFailing(random: Random): Promise<SmtpLine> {
  const server = await startScriptedSmtp()
  server.moods((): SmtpTricks => {
    const chance = random.next()
    if (chance < 0.05) return { body: '451 4.6.0 Not this one now, come back in 2 seconds' }
    if (chance < 0.08) return { body: { cutAfter: 200 } }
    if (chance < 0.11) return { body: 'keep and hang up' }
    return { body: { lateMs: 150 + random.below(100) } }
  })
  return { name: 'failing SMTP', server, refusals: () => 0, patienceUsed: () => null }
}

async function startPatient(): Promise<SmtpLine> {
  const server = await startScriptedSmtp()
  const tokens = { left: PATIENT.bucket, at: performance.now(), used: 0, refused: 0, first: 0, last: 0 }
  server.moods((): SmtpTricks => {
    const now = performance.now()
    tokens.left = Math.min(PATIENT.bucket, tokens.left + ((now - tokens.at) / 1000) * PATIENT.perSecond)
    tokens.at = now
    if (tokens.left < 1) {
      tokens.refused += 1
      return { rcpt: '450 4.7.28 Too many messages, wait 1 second' }
    }
    tokens.left -= 1
    tokens.used += 1
    tokens.first ||= now
    tokens.last = now
    return { body: { lateMs: 30 } }
  })
  return {
    name: 'rate-limiting SMTP',
    server,
    refusals: () => tokens.refused,
    patienceUsed: (mails) =>
      tokens.used / Math.min(PATIENT.bucket + ((tokens.last - tokens.first) / 1000) * PATIENT.perSecond, mails),
  }
}

/** A connection that sends by this server, and to which mail comes by SMTP: nothing is fetched. */
export async function connectSmtp(served: Served, desk: Desk, { name, server }: SmtpLine): Promise<ApiConnection> {
  const { value } = await callJson<{ connection: { id: string; publicKey: string } }>(served.url, {
    method: 'POST',
    path: '/api/connections',
    headers: desk.owner,
    body: {
      channel: 'email',
      name,
      settings: {
        address: `desk@${domainOf(name)}`,
        receive: 'smtp',
        mailHost: domainOf(name),
        smtpHost: '127.0.0.1',
        smtpPort: server.port,
        smtpSecurity: 'none',
        smtpWithoutLogin: true,
        sendsPerMinute: SENDS_PER_MINUTE,
      },
    },
  })
  return { id: value.connection.id, path: `/in/${value.connection.publicKey}`, key: Buffer.alloc(0) }
}

const domainOf = (name: string): string => `${name.toLowerCase().replaceAll(' ', '-')}.example`

/** So many customers who wrote one mail each. */
export function makeMails(connection: ApiConnection, name: string, count: number): Delivery[] {
  return Array.from({ length: count }, (_, n) => {
    const externalId = `mail-${n}@customer.${domainOf(name)}`
    const lines = [
      `From: Customer ${n} <c${n}@customer.${domainOf(name)}>`,
      `To: desk@${domainOf(name)}`,
      `Message-ID: <${externalId}>`,
      `Subject: About order ${n}`,
      '',
      'Where is it?',
      '',
    ]
    return { connection, externalId, body: Buffer.from(lines.join('\r\n')) }
  })
}

/** Our id of each mail that a server has in its keeping, as often as it took it. */
export function takenBy({ server }: SmtpLine): string[] {
  return server.taken.flatMap(
    ({ raw }) => /^Message-ID:\s*<([0-9a-f-]{36})\./im.exec(raw.toString('latin1'))?.[1] ?? [],
  )
}
