// A policy in sentences, made from the very numbers that order the list: the public page can't say anything else. Pure.
import { reasonCodes, severityNames, type PriorityPolicy, type ReasonCode } from '../../contract.ts'

export interface RuleInWords {
  readonly code: ReasonCode
  readonly title: string
  /** What the workspace says of it in its own words, where it does. */
  readonly own: string | null
  readonly sentences: readonly string[]
}

const KINDS: Readonly<Record<(typeof severityNames)[number], string>> = {
  safety: 'somebody’s safety',
  legal: 'law or courts',
  discrimination: 'discrimination',
  fraud: 'fraud',
  money: 'money that is missing',
  outage: 'something that is down for many',
  vulnerable: 'a person who is vulnerable',
  'self-harm': 'harm that somebody may do to themselves',
}

const TITLES: Readonly<Record<ReasonCode, string>> = {
  severity: 'How grave it is',
  urgency: 'How urgent it is',
  promise: 'What we promised',
  window: 'How long we can still answer',
  repeat: 'Having to ask again',
  brokenPromise: 'A promise that we broke',
  vulnerable: 'People who need more care',
  reach: 'How many read it',
  sentiment: 'Anger and disappointment',
  flag: 'Customers with an arrangement',
}

/** Every rule that counts, and that those which are off do not count. */
export function rulesInWords(policy: PriorityPolicy): RuleInWords[] {
  return reasonCodes.flatMap((code): RuleInWords[] => {
    const sentences = policy[code].on ? sentencesOf(code, policy) : []
    if (sentences.length === 0) return []
    return [{ code, title: TITLES[code], own: policy[code].words?.trim() || null, sentences }]
  })
}

/** The one thing that people suspect: said also where it does not count. */
export const saysOfReach = ({ reach }: PriorityPolicy): string =>
  reach.on && reach.most > 0 && reach.tenfold > 0
    ? 'How many people follow you counts a little, and never more than said here.'
    : 'How many people follow you, and how much you spend, counts nothing.'

function sentencesOf(code: ReasonCode, policy: PriorityPolicy): string[] {
  switch (code) {
    case 'severity':
      return severityNames
        .filter((kind) => policy.severity.minutes[kind] > 0)
        .toSorted((a, b) => policy.severity.minutes[b] - policy.severity.minutes[a])
        .map((kind) => `A message about ${KINDS[kind]} moves ahead by up to ${span(policy.severity.minutes[kind])}.`)
    case 'urgency':
      return moved(policy.urgency.minutes, (by) => `A message that can’t wait moves ahead by up to ${by}.`)
    case 'promise':
      return [
        ...moved(
          policy.promise.soon,
          (by) => `From ${span(policy.promise.soonMinutes)} before a promised time on it moves ahead by ${by}.`,
        ),
        ...moved(policy.promise.late, (by) => `Once a promised time is over it moves ahead by ${by}.`),
      ]
    case 'window':
      return moved(
        policy.window.minutes,
        (by) =>
          `Where the channel lets us answer for less than ${span(policy.window.withinMinutes)} more, it moves ahead by ${by}.`,
      )
    case 'repeat':
      return moved(
        Math.min(policy.repeat.each, policy.repeat.most),
        (by) =>
          `For each time that you had to write to us before within two weeks it moves ahead by ${by}, by ${span(policy.repeat.most)} at most.`,
      )
    case 'brokenPromise':
      return moved(policy.brokenPromise.minutes, (by) => `Where we broke a promise it moves ahead by ${by}.`)
    case 'vulnerable':
      return moved(policy.vulnerable.minutes, (by) => `Where a vulnerable person is concerned it moves ahead by ${by}.`)
    case 'reach':
      return moved(
        Math.min(policy.reach.tenfold, policy.reach.most),
        (by) =>
          `Each tenfold of followers over a hundred moves it ahead by ${by}, by ${span(policy.reach.most)} at most, and half of that is gone every ${policy.reach.halfLifeDays} days.`,
      )
    case 'sentiment':
      return moved(policy.sentiment.minutes, (by) => `An angry or disappointed message moves ahead by up to ${by}.`)
    case 'flag':
      return policy.flag.tags
        .filter(({ minutes }) => minutes > 0)
        .map(({ tag, minutes }) => `Customers marked “${tag}” move ahead by ${span(minutes)}.`)
  }
}

const moved = (minutes: number, say: (by: string) => string): string[] => (minutes > 0 ? [say(span(minutes))] : [])

/** Minutes in words, exact: 90 is an hour and 30 minutes. */
export function span(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 1440), 'day', 'a day'],
    [Math.floor((minutes % 1440) / 60), 'hour', 'an hour'],
    [minutes % 60, 'minute', 'a minute'],
  ] as const
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, name, one]) => (count === 1 ? one : `${count} ${name}s`))
  return said.length === 0 ? 'no time' : said.join(' and ')
}
