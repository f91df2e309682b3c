// Whether the server can be reached so, whose account it is, and whether the token may do what is needed. Posts nothing.
import type { PlatformContext, TestOutcome } from '../connector.ts'
import { ask, isFine, wordsOf } from './api.ts'
import { noteOf } from './authorization.ts'
import { describeHome } from './learn.ts'
import { readHome } from './settings.ts'

export async function testMastodon(context: PlatformContext): Promise<TestOutcome> {
  const home = readHome(context.settings, context.credentials)
  if (home.origin === null) return { ok: false, reason: 'This is not the address of a server.', field: 'server' }
  if (home.token === null) {
    const reason = 'There is no access token yet: give leave on the server, or paste one.'
    return { ok: false, reason, field: 'accessToken' }
  }
  const described = await describeHome(context, home)
  if (!described.ok) return { ok: false, reason: described.reason, field: described.field }
  const query = { limit: '1' }
  for (const path of [
    '/api/v1/notifications',
    `/api/v1/accounts/${encodeURIComponent(described.accountId)}/statuses`,
  ]) {
    const answer = await ask(context, home, path, { query })
    if (answer.ok && (answer.status === 401 || answer.status === 403)) {
      const reason = `The access token may not read what is needed: ${wordsOf(answer)}`
      return { ok: false, reason, field: 'accessToken' }
    }
    if (!isFine(answer)) return { ok: false, reason: answer.ok ? wordsOf(answer) : answer.reason, field: 'server' }
  }
  return { ok: true, note: noteOf(described), learned: described.learned }
}
