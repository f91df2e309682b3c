// What has to stand in the DNS for mail to arrive and to be believed, and whether it does.
import type { Advice, PlatformContext } from '../connector.ts'
import { dkimRecord, holdsKey } from './dkim.ts'
import { askDns, type DnsAnswer, type DnsQuery } from './dns.ts'
import { PRESETS } from './presets.ts'
import { type Mailbox, readMailbox } from './settings.ts'

/** Empty for addresses at a provider's own domain, whose DNS is the provider's. Never throws. */
export async function adviseMail(
  { settings, credentials }: Pick<PlatformContext, 'settings' | 'credentials'>,
  query: DnsQuery,
): Promise<readonly Advice[]> {
  const mailbox = readMailbox(settings, credentials)
  if (mailbox.domain === '' || PRESETS.some(({ ownDomains }) => ownDomains.includes(mailbox.domain))) return []
  const all = await Promise.all([mx(mailbox, query), spf(mailbox, query), dkim(mailbox, query), dmarc(mailbox, query)])
  return all.filter((advice) => advice !== null)
}

async function mx({ receive, domain, mailHost }: Mailbox, query: DnsQuery): Promise<Advice | null> {
  if (receive !== 'smtp') return null
  const answer = await askDns(query, domain, 'MX')
  const found =
    answer.state === 'found' ? answer.values.map(({ exchange }) => exchange.toLowerCase().replace(/\.$/, '')) : []
  if (mailHost === null)
    return {
      id: 'mx',
      why: 'Tells other mail servers to bring your mail to this one. First set the name of this server in the settings; the one shown here is only usual.',
      record: { type: 'MX', name: domain, value: `10 mail.${domain}` },
      state: found.length === 0 ? 'missing' : 'unclear',
      ...(answer.state === 'failed' ? NO_ANSWER : found.length > 0 && { found: found.join(', ') }),
    }
  const right = found.includes(mailHost)
  return {
    id: 'mx',
    why: 'Tells other mail servers to bring your mail to this one.',
    record: { type: 'MX', name: domain, value: `10 ${mailHost}` },
    ...(answer.state === 'failed'
      ? NO_ANSWER
      : right
        ? { state: 'right' }
        : found.length === 0
          ? { state: 'missing' }
          : { state: 'different', found: found.join(', ') }),
  }
}

async function spf({ smtp, domain, receive, mailHost }: Mailbox, query: DnsQuery): Promise<Advice | null> {
  if (!smtp) return null
  const preset = PRESETS.find(({ settings }) => settings['smtpHost'] === smtp.host)
  const needed = preset?.spf ?? `a:${receive === 'smtp' && mailHost !== null ? mailHost : smtp.host}`
  const answer = await askDns(query, domain, 'TXT')
  const found = recordsOf(answer, /^v=spf1(?: |$)/i)
  const words = found[0]?.toLowerCase().split(/\s+/) ?? []
  const verdict: Pick<Advice, 'state' | 'found'> =
    answer.state === 'failed'
      ? NO_ANSWER
      : found.length === 0
        ? { state: 'missing' }
        : found.length > 1
          ? { state: 'different', found: `${found.length} SPF records, which counts as none: ${found.join(' | ')}` }
          : words.some((word) => word.replace(/^\+/, '') === needed)
            ? { state: 'right', found: found[0]! }
            : // A record that names the provider another way (by addresses) is fine, and nobody can tell from here.
              { state: preset ? 'different' : 'unclear', found: found[0]! }
  return {
    id: 'spf',
    why: 'Says which servers may send mail in the name of your domain.',
    record: { type: 'TXT', name: domain, value: `v=spf1 ${needed} ~all` },
    ...verdict,
  }
}

async function dkim({ dkim: { domain, selector, sign, key } }: Mailbox, query: DnsQuery): Promise<Advice | null> {
  const value = key === null ? null : dkimRecord(key)
  if (!sign || key === null || value === null) return null
  const name = `${selector}._domainkey.${domain}`
  const answer = await askDns(query, name, 'TXT')
  const found = answer.state === 'found' ? answer.values : []
  return {
    id: 'dkim',
    why: 'Lets receivers check that a mail is yours and unchanged.',
    record: { type: 'TXT', name, value },
    ...(answer.state === 'failed'
      ? NO_ANSWER
      : found.length === 0
        ? { state: 'missing' }
        : found.some((one) => holdsKey(one, key))
          ? { state: 'right' }
          : { state: 'different', found: found.join(' | ') }),
  }
}

async function dmarc({ domain, address }: Mailbox, query: DnsQuery): Promise<Advice> {
  const name = `_dmarc.${domain}`
  const answer = await askDns(query, name, 'TXT')
  const found = recordsOf(answer, /^v=DMARC1\s*;/i)
  return {
    id: 'dmarc',
    why: 'Tells receivers what to do with mail that only pretends to be yours.',
    record: { type: 'TXT', name, value: `v=DMARC1; p=none; rua=mailto:${address}` },
    ...(answer.state === 'failed'
      ? NO_ANSWER
      : found.length === 0
        ? { state: 'missing' }
        : found.length === 1 && /;\s*p\s*=\s*(?:none|quarantine|reject)\b/i.test(found[0]!)
          ? { state: 'right', found: found[0]! }
          : { state: 'different', found: found.join(' | ') }),
  }
}

const NO_ANSWER = { state: 'unclear', found: 'The DNS gave no answer' } as const

function recordsOf(answer: DnsAnswer<string>, kind: RegExp): string[] {
  return answer.state === 'found' ? answer.values.filter((value) => kind.test(value)) : []
}
