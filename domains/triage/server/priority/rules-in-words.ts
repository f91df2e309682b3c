// A policy in sentences, made from the very numbers that order the list: the public page can't say anything else. Pure.
import { reasonCodes, severityNames, type PriorityPolicy, type ReasonCode } from '../../contract.ts'
import type { PolicyTranslator } from './policy-texts.ts'

export interface RuleInWords {
  readonly code: ReasonCode
  readonly title: string
  /** What the workspace says of it in its own words, where it does. */
  readonly own: string | null
  readonly sentences: readonly string[]
}

/** Every rule that counts, and that those which are off do not count. */
export function rulesInWords(policy: PriorityPolicy, words: PolicyTranslator): RuleInWords[] {
  return reasonCodes.flatMap((code): RuleInWords[] => {
    const sentences = policy[code].on ? sentencesOf(code, policy, words) : []
    if (sentences.length === 0) return []
    return [{ code, title: words.t(`${code}.title`), own: policy[code].words?.trim() || null, sentences }]
  })
}

/** The one thing that people suspect: said also where it does not count. */
export const saysOfReach = ({ reach }: PriorityPolicy, words: PolicyTranslator): string =>
  words.t(reach.on && reach.most > 0 && reach.tenfold > 0 ? 'reachCounts' : 'reachIsNothing')

function sentencesOf(code: ReasonCode, policy: PriorityPolicy, words: PolicyTranslator): string[] {
  const said = (minutes: number) => span(minutes, words)
  const moved = (minutes: number, say: (by: string) => string): string[] => (minutes > 0 ? [say(said(minutes))] : [])
  switch (code) {
    case 'severity': {
      const { minutes } = policy.severity
      return severityNames
        .filter((kind) => minutes[kind] > 0)
        .toSorted((a, b) => minutes[b] - minutes[a])
        .map((kind) => words.t(`severity.${kind}`, { by: said(minutes[kind]) }))
    }
    case 'promise': {
      const { soon, late, soonMinutes } = policy.promise
      return [
        ...moved(soon, (by) => words.t('promiseSoon', { before: said(soonMinutes), by })),
        ...moved(late, (by) => words.t('promiseLate', { by })),
      ]
    }
    case 'window': {
      const { minutes, withinMinutes } = policy.window
      return moved(minutes, (by) => words.t('window', { within: said(withinMinutes), by }))
    }
    case 'repeat': {
      const { each, most } = policy.repeat
      return moved(Math.min(each, most), (by) => words.t('repeat', { by, most: said(most) }))
    }
    case 'reach': {
      const { tenfold, most, halfLifeDays: days } = policy.reach
      return moved(Math.min(tenfold, most), (by) => words.t('reach', { by, most: said(most), days }))
    }
    case 'flag':
      return policy.flag.tags.flatMap(({ tag, minutes }) => moved(minutes, (by) => words.t('flag', { tag, by })))
    case 'urgency':
    case 'brokenPromise':
    case 'vulnerable':
    case 'sentiment':
      return moved(policy[code].minutes, (by) => words.t(code, { by }))
  }
}

/** Minutes in words, exact: 90 is an hour and 30 minutes. */
export function span(minutes: number, words: PolicyTranslator): string {
  const parts = [
    ['days', Math.floor(minutes / 1440)],
    ['hours', Math.floor((minutes % 1440) / 60)],
    ['minutes', minutes % 60],
  ] as const
  const said = parts.flatMap(([key, count]) => (count > 0 ? [words.t(key, { count })] : []))
  if (said.length === 0) return words.t('noTime')
  return said.reduce((first, second) => words.t('and', { first, second }))
}
