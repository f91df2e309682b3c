// Whom a handle in an answer names: the account's own server knows, or finds out; where it can't say, the handle's own places do.
import type { PlatformContext } from '../connector.ts'
import { resolveHandle, type TxtQuery } from './identity.ts'
import type { Access } from './session.ts'
import { isDid } from './uri.ts'

export function mentioned(
  access: Access,
  context: PlatformContext,
  txt: TxtQuery,
): (handle: string) => Promise<string | null> {
  const known = new Map<string, Promise<string | null>>()
  const find = async (handle: string): Promise<string | null> => {
    const answer = await access.call({ method: 'com.atproto.identity.resolveHandle', params: { handle } })
    if (answer.ok && isDid(answer.body['did'])) return answer.body['did']
    if (!answer.ok && answer.status === 400) return null
    return resolveHandle(handle, access.account, context, txt)
  }
  return (handle) => {
    const name = handle.toLowerCase()
    const found = known.get(name) ?? find(name)
    known.set(name, found)
    return found
  }
}
