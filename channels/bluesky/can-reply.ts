// Whether a thread can be answered now, from what is known of it alone.
import type { CanReply, Connector, ThreadState } from '../connector.ts'
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

/** What a public client is given leave for on the servers of Bluesky; others may be longer or shorter. */
const LEAVE_DAYS = 7
const WARN_DAYS = 2
const DAY_MS = 86_400_000

/** Why there is no chat, and that leave ends soon. */
export const notesOf: NonNullable<Connector['notesOf']> = (settings, now) => {
  const access = asText(settings['chatAccess'])
  const chat = access === 'refused' || access === 'trouble' ? asText(settings['chatReason']) : null
  const given = Date.parse(asText(settings['leaveGivenAt']) ?? '')
  const left = Math.ceil((given + LEAVE_DAYS * DAY_MS - now.getTime()) / DAY_MS)
  const ends = settings['signIn'] === 'oauth' && left <= WARN_DAYS
  return [
    ...(chat === null ? [] : [`Public posts only: ${chat}.`]),
    ...(ends
      ? [
          left > 0
            ? `Leave that was given on the server ends there after about a week: in ${left === 1 ? 'a day' : `${left} days`}. Sign in there again before.`
            : 'Leave was given more than a week ago: the server may end it any time. Sign in there again.',
        ]
      : []),
  ]
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
