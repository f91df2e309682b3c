// Who a mail is from, and how far that may be believed. Only what our own receiver proved counts, and only for the address
// that is shown: a mail with two authors, or whose proof is for another domain, proves nothing.
import type { Addressee, Author } from '../connector.ts'
import {
  addressesOf,
  allOf,
  domainOf,
  firstOf,
  foldedAddress,
  type MailHeader,
  plainAddress,
  wordsOf,
} from './headers.ts'

/** What our receiver (or the trusted server of the mailbox) found. */
export interface Proof {
  readonly spf?: string
  readonly dkim?: string
  readonly dmarc?: string
  /** The domain that DMARC was asked about. */
  readonly from?: string
}

export interface Sender {
  readonly author: Author
  /** DMARC passed for exactly this address's domain. */
  readonly isProven: boolean
  /** The address is one of the connection's own. */
  readonly isOwn: boolean
}

export function parseProof(header: string | undefined): Proof {
  try {
    const value: unknown = JSON.parse(header ?? '')
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
    const entries = Object.entries(value).filter(([, one]) => typeof one === 'string' && one.length <= 300)
    return Object.fromEntries(entries.filter(([name]) => ['spf', 'dkim', 'dmarc', 'from'].includes(name)))
  } catch {
    return {}
  }
}

/**
 * @param envelopeFrom empty where unknown or null.
 * @param mailId names whoever names nobody: no two such mails are of one person.
 */
export function senderOf(
  headers: readonly MailHeader[],
  proof: Proof,
  envelopeFrom: string,
  own: ReadonlySet<string>,
  mailId: string,
): Sender {
  const written = allOf(headers, 'from')
  const named = addressesOf(written)
  const from = named[0]
  const isOne = written.length === 1 && named.length === 1
  const isProven =
    from !== undefined && isOne && proof.dmarc === 'pass' && foldedAddress(proof.from ?? '') === domainOf(from.address)
  const isOwn = from !== undefined && own.has(withoutTag(foldedAddress(from.address)))
  // Not proven is not forged: most small domains publish nothing. These are.
  const isDoubtful =
    from === undefined ||
    !isOne ||
    proof.dmarc === 'fail' ||
    (isOwn && !isProven) ||
    (proof.dmarc === 'pass' && !isProven)
  const address = from?.address ?? standIn(headers, envelopeFrom)
  return {
    isProven,
    isOwn,
    author: {
      externalId: address ? foldedAddress(address) : `unknown:${mailId}`,
      ...(isDoubtful && { scope: 'unproven' }),
      ...(address && { handle: foldedAddress(address), email: address }),
      ...nameOf(from, written[0]),
      ...(isProven && { verified: true }),
    },
  }
}

function nameOf(from: Addressee | undefined, written: string | undefined): { readonly name?: string } {
  const name = from ? (from.name ?? '') : wordsOf(written ?? '').slice(0, 200)
  return name ? { name } : {}
}

/** Somebody to answer where From names nobody. */
function standIn(headers: readonly MailHeader[], envelopeFrom: string): string | null {
  for (const name of ['sender', 'reply-to']) {
    const [first] = addressesOf(allOf(headers, name))
    if (first) return first.address
  }
  return plainAddress(envelopeFrom) ?? plainAddress(firstOf(headers, 'return-path'))
}

/** The connection's own addresses, folded. */
export function ownAddresses(settings: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const aliases = Array.isArray(settings['aliases']) ? (settings['aliases'] as readonly unknown[]) : []
  const all = [settings['address'], ...aliases].filter((one): one is string => typeof one === 'string' && one !== '')
  return new Set(all.map((one) => withoutTag(foldedAddress(one))))
}

/** `support+tag@a.example` is `support@a.example`'s own. */
function withoutTag(address: string): string {
  return address.replace(/\+[^@]*(?=@)/, '')
}
