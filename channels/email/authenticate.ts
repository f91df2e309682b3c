// Who really sent a mail that came over our own door: SPF, DKIM and DMARC, asked within a time limit. A DNS that does not answer
// makes a sender unproven, never a mail lost.
import type { AuthenticateResult } from 'mailauth'
import type { DnsQuery } from './dns.ts'
import { type SenderCheck, UNCHECKED, verdictOf } from './mail-headers.ts'

export interface Arrival {
  readonly ip: string
  readonly helo: string
  /** The envelope's sender; empty for delivery reports. */
  readonly sender: string
  /** The name that our door greets with. */
  readonly name: string
}

const MOST_MS = 10_000
const NO_ANSWER: SenderCheck = { spf: 'temperror', dkim: 'temperror', dmarc: 'temperror', from: null }

/** Never throws. */
export async function checkSender(
  raw: Buffer,
  { ip, helo, sender, name }: Arrival,
  query: DnsQuery,
  mostMs: number = MOST_MS,
): Promise<SenderCheck> {
  const { promise: late, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(() => resolve(null), mostMs)
  try {
    // Loaded with the first mail through the door: twenty megabytes that a program without one never needs.
    const { authenticate } = await import('mailauth')
    const checking = authenticate(raw, {
      ip,
      helo,
      sender,
      mta: name,
      resolver: async (domain, type) => (await query(domain, type)) as string[],
      trustReceived: false,
      disableArc: true,
      disableBimi: true,
    })
    const result = await Promise.race([checking, late])
    return result === null ? NO_ANSWER : verdictsOf(result)
  } catch {
    return NO_ANSWER
  } finally {
    clearTimeout(timer)
  }
}

function verdictsOf({ spf, dkim, dmarc, dmarcSkipReason }: AuthenticateResult): SenderCheck {
  // What an l= tag leaves unsigned anybody may have added: such a signature proves nothing here.
  const signatures = dkim.results.map((one) => ({
    // Neutral: there is a signature, and it does not fit the mail.
    verdict:
      one.status.underSized || one.status.result === 'neutral' ? ('fail' as const) : verdictOf(one.status.result),
    aligned: one.status.aligned,
  }))
  const verdicts = signatures.map(({ verdict }) => verdict)
  const best = (['pass', 'temperror', 'fail'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'none'
  const asked = dmarc ? verdictOf(dmarc.status.result) : dmarcSkipReason === undefined ? 'none' : 'fail'
  // Typed as always there, and missing where a domain has no record.
  const alignment = dmarc ? (dmarc.alignment as typeof dmarc.alignment | undefined) : undefined
  const bySpf = Boolean(alignment?.spf.result)
  const byDkim = signatures.some(({ verdict, aligned }) => verdict === 'pass' && Boolean(aligned))
  return {
    ...UNCHECKED,
    spf: spf ? verdictOf(spf.status.result) : 'none',
    dkim: best,
    dmarc: asked === 'pass' && !bySpf && !byDkim ? 'fail' : asked,
    from: dmarc ? (dmarc.status.header?.from?.toLowerCase().replace(/^.*@/, '') ?? null) : null,
  }
}
