// What a refusal means for something that was to be sent.
import type { SendOutcome } from '../connector.ts'
import type { Refusal } from './xrpc.ts'

/** `unknown` only where the request may have had its effect. */
export function outcomeOfRefusal(refusal: Refusal): SendOutcome {
  const { status, error, sent, retryAt } = refusal
  const reason = refusal.reason || 'No reason given'
  if (status === 0) return sent === 'no' ? { state: 'retry', reason } : { state: 'unknown', reason }
  if (
    ['AccountTakedown', 'AccountDeactivated', 'AccountSuspended', 'NoSession', 'ExpiredToken', 'InvalidToken'].includes(
      error,
    )
  ) {
    return { state: 'reauthorize', reason }
  }
  if (status === 401 || status === 403) return { state: 'reauthorize', reason }
  // A 2xx that can't be read, or a redirect that is not followed: who knows what it did.
  if (status < 300) return { state: 'unknown', reason }
  if (status < 400) return { state: 'reauthorize', reason: `${reason} (redirects are not followed)` }
  if (status === 429 || status === 408 || status === 425 || status === 503) {
    return { state: 'retry', reason, ...(retryAt && { retryAt }) }
  }
  // Whoever does not know the method did nothing.
  if (status === 501) return { state: 'rejected', reason }
  if (status >= 500) return { state: 'unknown', reason }
  if (error === 'ConcurrentWrites' || error === 'InvalidSwap') return { state: 'retry', reason }
  return { state: 'rejected', reason }
}
