// How our own account stands with its server. A server passes calls on to its AppView until the access token ends, up to two
// hours after the account was switched off, taken down or deleted; so where something fails, the server itself is asked.
import { asText } from './json.ts'
import type { Access } from './session.ts'

/** `fault`: why nobody can act as the account any more, for people. `reached`: whether its server answered as it should. */
export interface Standing {
  readonly fault: string | null
  /** The setting that a person would look at. */
  readonly field: 'identifier' | 'appPassword'
  readonly reached: boolean
}

/** Never throws. */
export async function standingOf(access: Access): Promise<Standing> {
  const answer = await access.call({ method: 'com.atproto.server.getSession' })
  const field = 'identifier'
  if (answer.ok) {
    const status = asText(answer.body['status']) ?? 'not active'
    return { fault: answer.body['active'] === false ? `The account is ${status}` : null, field, reached: true }
  }
  const { status, error, reason } = answer
  // What was kept of an earlier session ended, and there is no other: then it is the log-in.
  if (error === 'NoSession') return { fault: reason, field: 'appPassword', reached: true }
  if (error === 'AccountTakedown') return { fault: 'The account was taken down', field, reached: true }
  // Without a name for it: “Could not find user info for account”.
  const unknown = status === 400 || error === 'AccountNotFound'
  const fault = unknown ? 'The server knows this account no more: it was deleted or taken down' : null
  return { fault, field, reached: unknown }
}
