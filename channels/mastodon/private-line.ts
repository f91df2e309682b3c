// The line of private mentions with one person, under the key that their own private mentions come with.
import type { Connector, PrivateLine } from '../connector.ts'
import { ask, isFine, pathId, wordsOf } from './api.ts'
import { lineKeyOf } from './bundle.ts'
import { fullHandle, readAccount } from './entities.ts'
import { readHome } from './settings.ts'

export const privateLine: NonNullable<Connector['privateLine']> = async (person, context): Promise<PrivateLine> => {
  const home = readHome(context.settings, context.credentials)
  if (home.origin === null || home.token === null) return { ok: false, why: 'This connection has no leave to write.' }
  const answer = await ask(context, home, `/api/v1/accounts/${pathId(person.externalId)}`)
  if (answer.ok && (answer.status === 404 || answer.status === 410))
    return { ok: false, why: 'This account is not there any more.' }
  if (!answer.ok) return { ok: false, why: `The server could not be asked: ${answer.reason}` }
  if (!isFine(answer)) return { ok: false, why: `The server could not say: ${wordsOf(answer)}` }
  const account = readAccount(answer.json)
  if (account === null) return { ok: false, why: 'The server’s answer could not be understood.' }
  if (account.suspended) return { ok: false, why: 'This account is suspended.' }
  if (account.moved !== null)
    return { ok: false, why: `This account moved to @${fullHandle(account.moved.acct, home.host)}.` }
  return { ok: true, threadKey: lineKeyOf([account.id]), facts: { visibility: 'direct' } }
}
