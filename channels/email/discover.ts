// Guesses servers from an address: known providers by their mail exchangers, then what the domain itself publishes (Mozilla's
// autoconfiguration, RFC 6186). Nothing that is found is trusted with a password before a person has seen it.
import type { PlatformContext } from '../connector.ts'
import { askDns, type DnsQuery } from './dns.ts'
import { PRESETS } from './presets.ts'

type Settings = Readonly<Record<string, unknown>>
const HOST = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/

/** Settings for the form, or null when nothing is known. Never throws. */
export async function discoverMail(
  address: string,
  { fetch }: Pick<PlatformContext, 'fetch'>,
  query: DnsQuery,
): Promise<Settings | null> {
  const plain = address.trim().toLowerCase()
  const domain = plain.slice(plain.lastIndexOf('@') + 1)
  if (!plain.includes('@') || !HOST.test(domain) || !domain.includes('.')) return null
  const found =
    (await byExchanger(domain, query)) ?? (await byAutoconfig(plain, domain, fetch)) ?? (await byService(domain, query))
  return found && { address: plain, receive: 'imap', ...found }
}

async function byExchanger(domain: string, query: DnsQuery): Promise<Settings | null> {
  const answer = await askDns(query, domain, 'MX')
  const hosts = answer.state === 'found' ? answer.values.map(({ exchange }) => nameOf(exchange)) : []
  return PRESETS.find(({ mx }) => hosts.some((host) => mx.test(host)))?.settings ?? null
}

async function byAutoconfig(address: string, domain: string, fetch: PlatformContext['fetch']): Promise<Settings | null> {
  const places = [
    `https://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=${encodeURIComponent(address)}`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
  ]
  for (const place of places) {
    const response = await fetch(place, { timeoutMs: 5000, maxBytes: 100_000 })
    const found = response.ok && response.status === 200 ? readAutoconfig(response.body.toString('utf8'), address) : null
    if (found) return found
  }
  return null
}

const SOCKETS: Readonly<Record<string, string>> = { SSL: 'tls', STARTTLS: 'starttls' }

/** The first encrypted IMAP and SMTP server of a config-v1.1.xml; null when it names no IMAP server that is. */
export function readAutoconfig(xml: string, address: string): Settings | null {
  const local = address.slice(0, address.lastIndexOf('@'))
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const server = (tag: string, type: string, kind: 'imap' | 'smtp'): Settings | null => {
    for (const part of xml.split(`<${tag}`).slice(1)) {
      const block = part.split(`</${tag}>`)[0]!
      const opening = block.slice(0, block.indexOf('>'))
      if (!new RegExp(`\\btype=["']${type}["']`).test(opening)) continue
      const field = (name: string) => block.split(`<${name}>`)[1]?.split('<')[0]?.trim() ?? ''
      const host = nameOf(field('hostname').replaceAll('%EMAILDOMAIN%', domain))
      const port = Number(field('port'))
      const security = SOCKETS[field('socketType').toUpperCase()]
      if (!HOST.test(host) || !Number.isInteger(port) || port < 1 || port > 65_535 || !security) continue
      const user = field('username').replaceAll('%EMAILADDRESS%', address).replaceAll('%EMAILLOCALPART%', local)
      const plainUser = user !== '' && user !== address && !/[%<>&\s]/.test(user)
      return {
        [`${kind}Host`]: host,
        [`${kind}Port`]: port,
        [`${kind}Security`]: security,
        ...(plainUser && { [`${kind}User`]: user }),
      }
    }
    return null
  }
  const imap = server('incomingServer', 'imap', 'imap')
  return imap && { ...imap, ...server('outgoingServer', 'smtp', 'smtp'), signIn: 'password' }
}

async function byService(domain: string, query: DnsQuery): Promise<Settings | null> {
  const service = async (kind: 'imap' | 'smtp', name: string, security: 'tls' | 'starttls'): Promise<Settings | null> => {
    const answer = await askDns(query, `_${name}._tcp.${domain}`, 'SRV')
    const best = answer.state === 'found' ? [...answer.values].sort((a, b) => a.priority - b.priority)[0] : undefined
    // A dot alone: the service is decidedly not offered.
    if (!best || !HOST.test(nameOf(best.name))) return null
    return { [`${kind}Host`]: nameOf(best.name), [`${kind}Port`]: best.port, [`${kind}Security`]: security }
  }
  const imap = (await service('imap', 'imaps', 'tls')) ?? (await service('imap', 'imap', 'starttls'))
  const smtp =
    (await service('smtp', 'submissions', 'tls')) ?? (await service('smtp', 'submission', 'starttls'))
  return imap || smtp ? { ...imap, ...smtp, signIn: 'password' } : null
}

function nameOf(host: string): string {
  return host.trim().toLowerCase().replace(/\.$/, '')
}
