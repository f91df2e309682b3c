// Log-ins of the small server: access for two hours, refresh tokens that die with their use, and limits as headers.
import { XrpcError } from './xrpc-error.ts'
import type { Person, World } from './world.ts'

export interface Caller {
  readonly did: string
  /** Whether it opens the chat. */
  readonly chat: boolean
}

export interface Sessions {
  open(person: Person, chat: boolean): { readonly accessJwt: string; readonly refreshJwt: string }
  refresh(header: string): { readonly did: string; readonly accessJwt: string; readonly refreshJwt: string }
  callerOf(header: string): Caller
  /** Ends every access token now, not the refresh tokens. */
  expire(): void
  /** Ends all log-ins, as when a password is taken back. */
  revoke(): void
  /** From here on so many writes are taken, each with 429 after. */
  limitWrites(count: number): void
  takeWrite(): void
  limits(): Readonly<Record<string, string>>
  /** A word of the account's server to another service. */
  vouch(did: string, aud: string, lxm: string): string
  readonly vouched: Map<string, { readonly did: string; readonly aud: string; readonly lxm: string }>
}

interface Kept extends Caller {
  readonly until: number
}

const ACCESS_MS = 2 * 3600_000
const LIMIT = 5000

export function openSessions(world: World): Sessions {
  const access = new Map<string, Kept>()
  const refresh = new Map<string, Caller>()
  const vouched = new Map<string, { did: string; aud: string; lxm: string }>()
  let made = 0
  let left = LIMIT
  const give = (caller: Caller) => {
    made += 1
    const tokens = { accessJwt: `access-${made}`, refreshJwt: `refresh-${made}` }
    access.set(tokens.accessJwt, { ...caller, until: world.now().getTime() + ACCESS_MS })
    refresh.set(tokens.refreshJwt, caller)
    return tokens
  }
  const bearer = (header: string): string => header.replace(/^Bearer /, '')
  return {
    vouched,
    open: (person, chat) => give({ did: person.did, chat }),
    refresh(header) {
      const caller = refresh.get(bearer(header))
      if (!caller) throw new XrpcError(400, 'ExpiredToken', 'Token has been revoked')
      refresh.delete(bearer(header))
      return { did: caller.did, ...give(caller) }
    },
    callerOf(header) {
      const word = vouched.get(bearer(header))
      if (word) return { did: word.did, chat: false }
      const kept = access.get(bearer(header))
      if (!kept) throw new XrpcError(400, 'InvalidToken', 'Token could not be verified')
      if (kept.until <= world.now().getTime()) throw new XrpcError(400, 'ExpiredToken', 'Token has expired')
      // Until it ends a token is passed on to others, whatever became of its account.
      return kept
    },
    expire() {
      for (const [token, kept] of access) access.set(token, { ...kept, until: 0 })
    },
    revoke() {
      access.clear()
      refresh.clear()
    },
    limitWrites(count) {
      left = count
    },
    takeWrite() {
      if (left <= 0) throw new XrpcError(429, 'RateLimitExceeded', 'Rate Limit Exceeded')
      left -= 1
    },
    limits: () => ({
      'ratelimit-limit': String(LIMIT),
      'ratelimit-remaining': String(left),
      'ratelimit-reset': String(Math.floor(world.now().getTime() / 1000) + 600),
      'ratelimit-policy': `${LIMIT};w=3600`,
    }),
    vouch(did, aud, lxm) {
      const token = `vouched-${vouched.size + 1}`
      vouched.set(token, { did, aud, lxm })
      return token
    },
  }
}
