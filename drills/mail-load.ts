// Mail while things break: customers whose servers bring a mail until they hear 250, agents who answer, and a provider that takes
// the answers over SMTP, moody on purpose. All counts are made on the outside: by who sent, and by what the provider keeps.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import nodemailer from 'nodemailer'
import { freePort } from '#platform/testing/free-port'
import { seededRandom } from '#platform/testing/random'
import { startScriptedSmtp, type ScriptedSmtp, type SmtpTricks } from '../channels/email/testing/smtp-server.ts'
import { between, equal, type Line } from './count.ts'
import { openHouse, type House } from './house.ts'
import { answerUntilStored } from './load.ts'

export interface MailHouse extends AsyncDisposable {
  readonly house: House
  readonly provider: ScriptedSmtp
  /** Where mail for it is brought. */
  readonly door: number
  readonly address: string
}

/** A house with a door for mail and one connection that sends by the provider. */
export async function openMailHouse(): Promise<MailHouse> {
  const parts = new AsyncDisposableStack()
  const [door, provider] = [await freePort(), await startScriptedSmtp()]
  parts.defer(() => provider.stop())
  try {
    const house = parts.use(await openHouse({ env: { SMTP_IN_PORT: String(door) } }))
    const address = 'help@drill.example'
    const { status, body } = await house.call('POST', '/api/connections', {
      channel: 'email',
      name: 'Mail',
      settings: {
        address,
        receive: 'smtp',
        smtpHost: '127.0.0.1',
        smtpPort: provider.port,
        smtpSecurity: 'none',
        smtpWithoutLogin: true,
        sendsPerMinute: 6000,
      },
    })
    if (status !== 200) throw new Error(`mail could not be connected: ${status} ${JSON.stringify(body)}`)
    return { house, provider, door, address, [Symbol.asyncDispose]: () => parts.disposeAsync() }
  } catch (error) {
    await parts.disposeAsync()
    throw error
  }
}

/** One in five goes wrong: asked to come later, broken off on the way, or kept without a word. */
export function moody(seed: number): (to: string) => SmtpTricks {
  const random = seededRandom(seed)
  return () => {
    const dice = random.below(20)
    if (dice === 0) return { rcpt: '451 4.7.1 Grey-listed, come back in 1 second' }
    if (dice === 1) return { body: { cutAfter: 100 } }
    if (dice === 2) return { data: 'hang up' }
    if (dice === 3) return { body: 'keep and hang up' }
    return { body: { lateMs: random.below(120) } }
  }
}

export interface MailLoad {
  /** Message-IDs that were answered by 250, in the order of each customer. */
  readonly accepted: readonly string[]
  /** Ids of answers that were stored. */
  readonly answered: ReadonlySet<string>
  readonly refusals: () => number
  stop(): Promise<void>
}

export function startMailLoad({ house, door, address }: MailHouse, customers = 6): MailLoad {
  const accepted: string[] = []
  const load = { answered: new Set<string>(), refusals: 0 }
  const stop = new AbortController()
  const stopped = (): boolean => stop.signal.aborted

  const customer = async (name: number): Promise<void> => {
    const transport = nodemailer.createTransport({
      host: '127.0.0.1',
      port: door,
      pool: true,
      maxConnections: 1,
      tls: { rejectUnauthorized: false },
      connectionTimeout: 3000,
      greetingTimeout: 5000,
      socketTimeout: 15_000,
    })
    let last: string | null = null
    for (let n = 0; !stopped(); n++) {
      const messageId = `mail-${name}-${n}-${randomUUID().slice(0, 8)}@customer.example`
      const mail = {
        from: `Customer ${name} <c${name}@customer.example>`,
        to: address,
        messageId: `<${messageId}>`,
        // The same to the byte on every try, as mail servers bring it: other words under one name are another mail.
        date: new Date(),
        subject: `Number ${n}`,
        text: `This is mail ${n} of customer ${name}.`,
        ...(last !== null && { inReplyTo: `<${last}>`, references: `<${last}>` }),
      }
      // A mail server brings it until it hears that it is taken.
      for (let thanked = false; !thanked;) {
        thanked = await transport.sendMail(mail).then(
          () => true,
          () => false,
        )
        if (thanked) accepted.push((last = messageId))
        else {
          load.refusals += 1
          await sleep(250)
        }
      }
      await sleep(100)
    }
    transport.close()
  }
  const agent = async (): Promise<void> => {
    for (let i = 0; !stopped(); i++) {
      const { status, body } = await house
        .call('GET', '/api/conversations?limit=50')
        .catch(() => ({ status: 0, body: null }))
      const items = status === 200 ? (body as { items: { id: string }[] }).items : []
      const conversation = items[i % Math.max(items.length, 1)]
      if (conversation) await answerUntilStored(house, load, conversation.id)
      await sleep(200)
    }
  }
  const done = Promise.all([...Array.from({ length: customers }, (_, i) => customer(i)), agent()])
  return {
    accepted,
    answered: load.answered,
    refusals: () => load.refusals,
    async stop() {
      stop.abort()
      await done
    },
  }
}

/** Our id of each mail that the provider keeps, as often as it does. */
export const takenIds = ({ provider }: MailHouse, of = provider.taken): string[] =>
  of.flatMap(({ raw }) => /^Message-ID:\s*<([0-9a-f-]{36})\./im.exec(raw.toString('latin1'))?.[1] ?? [])

/** In: what was answered by 250 is a message once, in its customer's order. */
export async function countMail(house: House, load: MailLoad): Promise<Line[]> {
  const [row] = await house.ask(
    `select count(*)::int as messages, count(distinct external_id)::int as different,
       count(*) filter (where external_id = any ($1))::int as accepted from messages where kind = 'in'`,
    [load.accepted],
  )
  const [left] = await house.ask(`select count(*) filter (where state = 'pending')::int as pending,
      count(*) filter (where state = 'quarantined')::int as quarantined from deliveries`)
  const [order] = await house.ask(`select count(*)::int as n from (
      select split_part(external_id, '-', 3)::int as no,
        lag(split_part(external_id, '-', 3)::int) over (partition by split_part(external_id, '-', 2) order by seq) as before
      from messages where kind = 'in') o where before > no`)
  const [threads] = await house.ask(`select count(distinct conversation_id)::int as n,
      count(distinct identity_id)::int as people from messages where kind = 'in'`)
  return [
    equal('mails that got 250 and are there', Number(row!['accepted']), load.accepted.length),
    equal('mails in all', Number(row!['messages']), load.accepted.length),
    equal('mails doubled', Number(row!['messages']) - Number(row!['different']), 0),
    equal('deliveries forgotten or set aside', Number(left!['pending']) + Number(left!['quarantined']), 0),
    equal('mails out of order', Number(order!['n']), 0),
    equal('conversations, one a customer', Number(threads!['n']), Number(threads!['people'])),
  ]
}

/** Out: what is called sent was taken, nothing was taken twice, and every doubt is shown to somebody. */
export async function countAnswers(mail: MailHouse, answered: ReadonlySet<string>): Promise<Line[]> {
  const { house, provider } = mail
  const rows = await house.ask(`select id, state from messages where kind = 'out'`)
  const states = new Map(rows.map((row) => [String(row['id']), String(row['state'])]))
  const within = (...wanted: string[]) => [...answered].filter((id) => wanted.includes(states.get(id) ?? ''))
  const [sent, unknown, failed] = [within('sent', 'delivered', 'read'), within('unknown'), within('failed')]
  const taken = takenIds(mail)
  const keeps = new Set(taken)
  const silently = new Set(
    takenIds(
      mail,
      provider.taken.filter(({ thanked }) => !thanked),
    ),
  )
  const [shown] = await house.ask('select coalesce(sum(failed_count), 0)::int as n from conversations')
  return [
    equal('answers = sent + unknown + failed', sent.length + unknown.length + failed.length, answered.size),
    equal('  unknown or failed, and shown so', Number(shown!['n']), unknown.length + failed.length),
    equal('  called sent and never taken', sent.filter((id) => !keeps.has(id)).length, 0),
    equal('  called failed and yet taken', failed.filter((id) => keeps.has(id)).length, 0),
    equal(
      '  kept without a word, and not in doubt',
      [...silently].filter((id) => states.get(id) !== 'unknown').length,
      0,
    ),
    between('  in doubt', unknown.length, silently.size, answered.size),
    equal('answers taken twice', taken.length - keeps.size, 0),
  ]
}
