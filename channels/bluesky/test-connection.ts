// Does it work: signed in, notifications, and chat. Nothing is written anywhere.
import type { Learned, PlatformContext, TestOutcome } from '../connector.ts'
import { askAppView } from './app-view.ts'
import { askChat, isChatRefused, refusedWords } from './chat.ts'
import { openAccess } from './session.ts'
import { standingOf } from './standing.ts'

export async function testConnection(context: PlatformContext): Promise<TestOutcome> {
  const access = openAccess(context)
  const opened = await access.session()
  if (!opened.ok) return { ok: false, reason: opened.reason, ...(opened.field && { field: opened.field }) }
  const { did, handle } = opened.session
  const { fault, field } = await standingOf(access)
  if (fault !== null) return { ok: false, reason: fault, field }
  const notes = await askAppView(access, context, {
    method: 'app.bsky.notification.listNotifications',
    params: { limit: 1 },
  })
  if (!notes.ok) {
    const words =
      notes.error === 'NoAppView'
        ? 'Signed in, but the account’s server has no AppView to ask for notifications: name one'
        : `Signed in, but notifications can’t be read: ${notes.reason}`
    return { ok: false, reason: words, field: 'appView' }
  }
  const name = handle ?? did
  const learned: Learned = { did, ...(handle && { handle }) }
  if (!access.account.chat)
    return { ok: true, note: `Signed in as ${name}. Direct messages are switched off.`, learned }
  const chat = await askChat(access, { method: 'chat.bsky.convo.listConvos', params: { limit: 1 } })
  if (chat.ok) {
    return {
      ok: true,
      note: `Signed in as ${name}, with direct messages.`,
      learned: { ...learned, chatAccess: 'open', chatReason: null },
    }
  }
  const reason = isChatRefused(chat) ? refusedWords(access) : `Direct messages can’t be read now: ${chat.reason}`
  return {
    ok: true,
    note: `Signed in as ${name}, for public posts only. ${reason}.`,
    learned: { ...learned, chatAccess: isChatRefused(chat) ? 'refused' : 'trouble', chatReason: reason },
  }
}
