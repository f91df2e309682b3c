// Priority: a sum of named reasons, in minutes by which a conversation moves ahead of others that wait as long. Pure. Waiting
// itself is no reason here: it counts for all alike, minute by minute, so the order between two rows never changes by the
// clock alone. What does change by the clock (a promise ends, a window closes, reach fades) changes in steps, at `nextStepAt`.
import type { PriorityPolicy, ReasonCode } from '../../contract.ts'
import type { Severity } from '../severity/severity.ts'

export interface PriorityFacts {
  readonly severity: readonly { readonly kind: Severity; readonly probability: number }[]
  /** 0 to 1. */
  readonly urgency: number
  /** Until when an answer was promised. */
  readonly dueAt: Date | null
  /** When the channel closes for an answer; null where it never does. */
  readonly windowEndsAt: Date | null
  /** Other conversations of the person within 14 days before. */
  readonly contacts: number
  readonly brokenPromise: boolean
  readonly vulnerable: boolean
  /** Followers, and when the message was read last there. */
  readonly reach: number | null
  /** How much of what they write to us is about the matter at hand, 0 to 1. */
  readonly topical: number
  readonly saidAt: Date | null
  /** How probable it is that the message is negative. */
  readonly negative: number
  readonly tags: readonly string[]
  /** Somebody waits for us; once they were answered, what made it pressing is over. */
  readonly waits: boolean
  /** Nothing of it is open any more. */
  readonly resolved: boolean
}

export interface Reason {
  readonly code: ReasonCode
  readonly words: string
  readonly minutes: number
}

export interface Priority {
  readonly minutes: number
  /** The strongest first; none of no minutes. */
  readonly reasons: readonly Reason[]
  /** When a reason changes by itself, if one will. */
  readonly nextStepAt: Date | null
}

const MINUTE = 60_000
const DAY = 1440 * MINUTE
/** Who has fewer followers than this reaches nobody in particular. */
export const LEAST_REACH = 100

const severityWords: Readonly<Record<Severity, string>> = {
  'self-harm': 'Somebody may hurt themselves',
  safety: 'Somebody’s safety',
  legal: 'Law or courts',
  discrimination: 'Discrimination',
  fraud: 'Fraud',
  money: 'Money is missing',
  outage: 'Something is down',
  vulnerable: 'A vulnerable person',
}

export function priorityOf(facts: PriorityFacts, policy: PriorityPolicy, now: Date): Priority {
  if (facts.resolved) return { minutes: 0, reasons: [], nextStepAt: null }
  const steps: Date[] = []
  const { waits } = facts
  const reasons = [
    severityReason(facts, policy),
    reason('urgency', waits && policy.urgency.on, policy.urgency.minutes * share(facts.urgency), 'Urgent'),
    promiseReason(facts, policy, now, steps),
    windowReason(facts, policy, now, steps),
    repeatReason(facts, policy),
    reason(
      'brokenPromise',
      policy.brokenPromise.on,
      facts.brokenPromise ? policy.brokenPromise.minutes : 0,
      'A promise was broken',
    ),
    reason('vulnerable', policy.vulnerable.on, facts.vulnerable ? policy.vulnerable.minutes : 0, 'A vulnerable person'),
    reachReason(facts, policy, now, steps),
    reason(
      'sentiment',
      waits && policy.sentiment.on,
      policy.sentiment.minutes * anger(facts.negative),
      'Angry or disappointed',
    ),
    flagReason(facts, policy),
  ]
    .filter(({ minutes }) => minutes > 0)
    .sort((a, b) => b.minutes - a.minutes || (a.code < b.code ? -1 : 1))
  const ahead = steps.filter((at) => at > now).sort((a, b) => a.getTime() - b.getTime())
  return { minutes: reasons.reduce((sum, { minutes }) => sum + minutes, 0), reasons, nextStepAt: ahead[0] ?? null }
}

/** Each reason with its share of the whole, as people see it. */
export function sharesOf(reasons: readonly Reason[]): (Reason & { share: number })[] {
  const all = reasons.reduce((sum, { minutes }) => sum + minutes, 0)
  return reasons.map((one) => ({ ...one, share: all === 0 ? 0 : one.minutes / all }))
}

const share = (value: number): number => Math.min(1, Math.max(0, Number.isFinite(value) ? value : 0))

/** Nobody is called angry who more probably is not: from evens on, up to certainty. */
const anger = (negative: number): number => share(2 * negative - 1)

const reason = (code: ReasonCode, on: boolean, minutes: number, words: string): Reason => ({
  code,
  words,
  minutes: on ? Math.round(minutes) : 0,
})

/** The gravest counts, by how sure it is; a second kind does not make the first one graver. */
function severityReason({ severity }: PriorityFacts, { severity: rule }: PriorityPolicy): Reason {
  let best = reason('severity', rule.on, 0, '')
  for (const { kind, probability } of severity) {
    const one = reason('severity', rule.on, rule.minutes[kind] * share(probability), severityWords[kind])
    if (one.minutes > best.minutes) best = one
  }
  return best
}

function promiseReason({ dueAt }: PriorityFacts, { promise }: PriorityPolicy, now: Date, steps: Date[]): Reason {
  if (dueAt === null) return reason('promise', false, 0, '')
  const soonAt = new Date(dueAt.getTime() - promise.soonMinutes * MINUTE)
  if (promise.on) steps.push(soonAt, dueAt)
  if (now >= dueAt) return reason('promise', promise.on, Math.max(promise.soon, promise.late), 'Promised earlier')
  return reason('promise', promise.on, now >= soonAt ? promise.soon : 0, 'Promised soon')
}

function windowReason(
  { windowEndsAt, waits }: PriorityFacts,
  { window }: PriorityPolicy,
  now: Date,
  steps: Date[],
): Reason {
  if (windowEndsAt === null || !waits) return reason('window', false, 0, '')
  const nearAt = new Date(windowEndsAt.getTime() - window.withinMinutes * MINUTE)
  if (window.on) steps.push(nearAt, windowEndsAt)
  // Once it is closed there is nothing to hurry for.
  const closing = now >= nearAt && now < windowEndsAt
  return reason('window', window.on, closing ? window.minutes : 0, 'The channel closes soon')
}

function repeatReason({ contacts }: PriorityFacts, { repeat }: PriorityPolicy): Reason {
  const words = contacts === 1 ? 'Wrote before, lately' : `Wrote ${contacts} times before, lately`
  return reason('repeat', repeat.on, Math.min(repeat.most, repeat.each * Math.max(0, contacts)), words)
}

/** Whoever follows somebody for something else hardly reads this: half at least, whole where it is all that they write of. */
export const topicalWeight = (topical: number): number => 0.5 + 0.5 * share(topical)

/** The logarithm, so that a million followers weigh as much more than a thousand as a thousand than one; capped, and fading. */
function reachReason(
  { reach, saidAt, topical }: PriorityFacts,
  { reach: rule }: PriorityPolicy,
  now: Date,
  steps: Date[],
): Reason {
  if (reach === null || reach <= LEAST_REACH) return reason('reach', false, 0, '')
  const full = Math.min(rule.most, rule.tenfold * Math.log10(reach / LEAST_REACH)) * topicalWeight(topical)
  const life = rule.halfLifeDays * DAY
  const lives = saidAt === null ? 0 : Math.max(0, Math.floor((now.getTime() - saidAt.getTime()) / life))
  const minutes = full * 0.5 ** lives
  if (rule.on && saidAt !== null && Math.round(minutes) > 0) steps.push(new Date(saidAt.getTime() + (lives + 1) * life))
  return reason('reach', rule.on, minutes, 'Read by many')
}

function flagReason({ tags }: PriorityFacts, { flag }: PriorityPolicy): Reason {
  const held = new Set(tags)
  const fitting = flag.tags.filter(({ tag }) => held.has(tag))
  const minutes = fitting.reduce((sum, one) => sum + one.minutes, 0)
  return reason('flag', flag.on, minutes, `Tagged ${fitting.map(({ tag }) => tag).join(', ')}`)
}
