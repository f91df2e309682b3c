// Whether a thread can be answered now, from what is known of it alone.
import type { CanReply, ThreadState } from '../connector.ts'
import { asText } from './json.ts'
import { readAccount } from './settings.ts'

const no = (why: string): CanReply => ({ ok: false, why })

export function canReply(
  { visibility, facts }: ThreadState,
  _now: Date,
  settings: Readonly<Record<string, unknown>>,
): CanReply {
  const account = readAccount(settings)
  if (account.identifier === '' && account.did === null) return no('This connection has no account.')
  if (facts['blockedBy'] === true) return no('This person blocks your account.')
  if (facts['blocking'] === true) return no('Your account blocks this person. Unblock them to answer.')
  return visibility === 'private' ? inChat(facts, settings) : inPublic(facts)
}

function inPublic(facts: Readonly<Record<string, unknown>>): CanReply {
  if (facts['replyDisabled'] === true) {
    const gate = asText(facts['gate'])
    if (gate === 'nobody') return no('Whoever began this thread lets nobody answer.')
    return no(
      `Whoever began this thread lets only ${gate === null || gate === 'all' ? 'some' : gate.slice(0, 200)} answer.`,
    )
  }
  return { ok: true, how: 'Public post', until: null, cost: null }
}

function inChat(facts: Readonly<Record<string, unknown>>, settings: Readonly<Record<string, unknown>>): CanReply {
  if (settings['chat'] === false) {
    return no('Direct messages are switched off for this connection.')
  }
  const allowed = asText(settings['chatAccess'])
  if (allowed === 'refused') return no(asText(settings['chatReason']) ?? 'Your keys do not open direct messages.')
  if (facts['chatDisabled'] === true) return no('This person can take no direct messages now.')
  if (facts['locked'] === true) return no('This conversation is locked.')
  return { ok: true, how: 'Direct message', until: null, cost: null }
}
