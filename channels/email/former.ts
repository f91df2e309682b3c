// Secrets that were replaced. Mail that left with the old ones is answered for months, and the DNS holds the old key until somebody
// changes it there, so that both outlive their renewal for a while.
const REPLY_DAYS = 90
const DKIM_DAYS = 30
const DAY_MS = 86_400_000
/** Each costs one comparison an address: more renewals than that in so short a time end the oldest. */
const MOST_FORMER = 5

interface Former {
  readonly value: string
  /** ISO 8601. */
  readonly until: string
}

/** What stays beside the new secrets, as credentials of its own. */
export function formerSecrets(
  credentials: Readonly<Record<string, string>>,
  now: Date,
): Readonly<Record<string, string>> {
  const kept = (name: string, before: string, days: number, most: number): string => {
    const current = credentials[name]
    const until = new Date(now.getTime() + days * DAY_MS).toISOString()
    const all = [...(current ? [{ value: current, until }] : []), ...formersIn(credentials[before], now)]
    return JSON.stringify(all.slice(0, most))
  }
  return {
    formerReplySecrets: kept('replySecret', 'formerReplySecrets', REPLY_DAYS, MOST_FORMER),
    formerDkimKeys: kept('dkimPrivateKey', 'formerDkimKeys', DKIM_DAYS, 1),
  }
}

/** Every secret that a reply address may be signed with now, the present one first. */
export function replySecretsIn(credentials: Readonly<Record<string, string>>, now: Date): readonly string[] {
  const former = formersIn(credentials['formerReplySecrets'], now).map(({ value }) => value)
  return [credentials['replySecret'] ?? '', ...former].filter((secret) => secret !== '')
}

/** The DKIM key before this one, while the DNS may still hold its public half. */
export function formerDkimKeyIn(credentials: Readonly<Record<string, string>>, now: Date): string | null {
  return formersIn(credentials['formerDkimKeys'], now)[0]?.value ?? null
}

function formersIn(stored: string | undefined, now: Date): Former[] {
  try {
    const all = JSON.parse(stored ?? '[]') as readonly Former[]
    return all.filter(({ value, until }) => typeof value === 'string' && new Date(until) > now)
  } catch {
    return []
  }
}
