// Just enough of a mail's header to judge it before it is stored: who vouches for its sender, and which signed reply address
// it went to. Real parsing happens later, on what is safely kept.
import { addressesOf } from './headers.ts'
import { provenConversation } from './reply-address.ts'

const MOST_HEADER = 512 * 1024
const MOST_FIELDS = 5000

export interface HeaderField {
  /** Lower case. */
  readonly name: string
  /** Unfolded, one line. */
  readonly value: string
}

/** The fields in their order; what is no field is skipped. Bytes are read as Latin-1, so that nothing gets lost or moves. */
export function headerFields(raw: Buffer): HeaderField[] {
  const text = raw.subarray(0, MOST_HEADER).toString('latin1')
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length
  const fields: { name: string; parts: string[] }[] = []
  for (const line of text.slice(0, end).split(/\r?\n/)) {
    if (line.startsWith(' ') || line.startsWith('\t')) fields.at(-1)?.parts.push(line.trim())
    else {
      const colon = line.indexOf(':')
      if (colon < 1 || fields.length >= MOST_FIELDS) continue
      fields.push({ name: line.slice(0, colon).trim().toLowerCase(), parts: [line.slice(colon + 1).trim()] })
    }
  }
  return fields.map(({ name, parts }) => ({ name, value: parts.join(' ') }))
}

export type Verdict = 'pass' | 'fail' | 'none' | 'temperror'

/** What was found out about the sender; `from` is the domain that DMARC was asked about. */
export interface SenderCheck {
  readonly spf: Verdict
  readonly dkim: Verdict
  readonly dmarc: Verdict
  readonly from: string | null
}

export const UNCHECKED: SenderCheck = { spf: 'none', dkim: 'none', dmarc: 'none', from: null }

export function verdictOf(word: string): Verdict {
  switch (word.toLowerCase()) {
    case 'pass':
      return 'pass'
    case 'fail':
    case 'softfail':
    case 'hardfail':
    case 'permerror':
    case 'policy':
      return 'fail'
    case 'temperror':
    case 'temperr':
      return 'temperror'
    default:
      return 'none'
  }
}

/**
 * What the topmost Authentication-Results of `authserv` says (RFC 8601); all others, which anybody may have written, say
 * nothing. Microsoft leaves its name out: a nameless topmost one counts only where `authserv` is Microsoft's.
 */
export function trustedResults(fields: readonly HeaderField[], authserv: string | null): SenderCheck {
  if (authserv === null) return UNCHECKED
  const nameless = /(?:^|\.)outlook\.com$/.test(authserv)
  for (const { name, value } of fields) {
    if (name !== 'authentication-results') continue
    const [first = '', ...rest] = partsOf(value)
    const id = first
      .trim()
      .split(/\s+/)[0]!
      .toLowerCase()
      .replace(/^"(.*)"$/, '$1')
    if (id === authserv) return checkOf(rest)
    if (nameless) return id.includes('=') ? checkOf([first, ...rest]) : UNCHECKED
  }
  return UNCHECKED
}

function checkOf(parts: readonly string[]): SenderCheck {
  const found = parts.flatMap((part) => {
    const [, method, word] = /^\s*(spf|dkim|dmarc)\s*=\s*([a-z]+)/i.exec(part) ?? []
    return method === undefined ? [] : [{ method: method.toLowerCase(), verdict: verdictOf(word!), part }]
  })
  const best = (method: string): Verdict => {
    const all = found.filter((one) => one.method === method).map(({ verdict }) => verdict)
    return (['pass', 'temperror', 'fail'] as const).find((verdict) => all.includes(verdict)) ?? 'none'
  }
  // DMARC is asked once; two answers are one too many.
  const dmarc = found.filter(({ method }) => method === 'dmarc')
  const from = dmarc.length === 1 ? /\bheader\.from\s*=\s*"?([^\s;"]+)/i.exec(dmarc[0]!.part)?.[1] : undefined
  return {
    spf: best('spf'),
    dkim: best('dkim'),
    dmarc: dmarc.length === 1 ? dmarc[0]!.verdict : 'none',
    from: from?.toLowerCase().replace(/^.*@/, '') ?? null,
  }
}

/** Split at semicolons, comments left out, quoted strings kept whole. */
function partsOf(value: string): string[] {
  const parts = ['']
  let depth = 0
  let quoted = false
  for (let at = 0; at < value.length; at++) {
    const character = value[at]!
    if (character === '\\' && (quoted || depth > 0)) {
      if (depth === 0) parts[parts.length - 1] += value[at + 1] ?? ''
      at++
    } else if (depth > 0) depth += character === '(' ? 1 : character === ')' ? -1 : 0
    else if (quoted) {
      if (character === '"') quoted = false
      // What stands in quotes must not look like another part.
      else parts[parts.length - 1] += character === '=' || character === ';' ? ' ' : character
    } else if (character === '"') quoted = true
    else if (character === '(') depth = 1
    else if (character === ';') parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts
}

const ADDRESSED = new Set(['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to'])
const SIGNED = /[^\s<>(),;:"\\]{1,64}@[^\s<>(),;:"\\]{1,253}/g

/** The conversation of the first signed reply address among the envelope's recipients and the addressed header fields. */
export function conversationNamed(
  recipients: readonly string[],
  fields: readonly HeaderField[],
  secrets: readonly string[],
): string | null {
  if (secrets.length === 0) return null
  const inHeader = fields
    .filter(({ name }) => ADDRESSED.has(name))
    .flatMap(({ value }) => value.slice(0, 20_000).match(SIGNED) ?? [])
  const authors = addressesOf(fields.filter(({ name }) => name === 'from').map(({ value }) => value.slice(0, 20_000)))
  const from = authors.length === 1 ? authors[0]!.address : null
  for (const address of [...recipients, ...inHeader]) {
    for (const secret of secrets) {
      const conversation = provenConversation(address, secret, from)
      if (conversation !== null) return conversation
    }
  }
  return null
}
