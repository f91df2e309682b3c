import { describe, expect, test } from 'vitest'
import { isOpenAt } from '#workspaces/server'
import { DAYS, serviceHours, VOLCANO_DAY } from './calendar.ts'
import { labels, members, places, type Place } from './cast.ts'
import { fileNames } from './files.ts'
import { planMonth } from './plan.ts'
import { readScript } from './screenplay.ts'

const NOW = new Date('2026-11-18T15:20:00Z')
const month = planMonth(NOW)
const said = month.steps.filter((step) => step.kind !== 'act')
const distinct = (kind: string): number =>
  new Set(said.filter((step) => step.kind === kind).map(({ text }) => text)).size

describe('the month', () => {
  test('is the same whenever it is planned for the same moment', () => {
    const bare = (now: Date) => planMonth(now).steps.map(({ story, ...step }) => ({ ...step, story: story.key }))
    expect(bare(NOW)).toEqual(bare(NOW))
    expect(bare(new Date(NOW.getTime() + 3_600_000))).not.toEqual(bare(NOW))
  })

  test('is told in many voices, not in templates', () => {
    expect(distinct('in')).toBeGreaterThan(400)
    expect(distinct('out')).toBeGreaterThan(200)
    const locales = new Set(month.stories.map(({ locale }) => locale))
    expect([...locales].sort()).toEqual(['ar', 'de', 'en', 'es', 'fr', 'hi', 'ja', 'pt', 'tr'])
  })

  test('lies between a month ago and now', () => {
    const times = month.steps.map(({ at }) => at.getTime())
    expect(Math.max(...times)).toBeLessThan(NOW.getTime())
    expect(Math.min(...times)).toBeGreaterThan(NOW.getTime() - (DAYS + 1) * 86_400_000)
  })

  test('has answers in service hours, and messages at all hours', () => {
    const open = (kind: string): number => {
      const steps = said.filter((step) => step.kind === kind && step.text !== '')
      return steps.filter(({ at }) => isOpenAt(serviceHours, at)).length / steps.length
    }
    expect(open('out')).toBeGreaterThan(0.97)
    expect(open('in')).toBeLessThan(0.95)
  })

  test('is busiest on the day of the volcano', () => {
    const byDay = Map.groupBy(said, ({ at }) => Math.floor((NOW.getTime() - at.getTime()) / 86_400_000))
    const sizes = [...byDay].map(([day, steps]) => ({ day, count: steps.length })).sort((a, b) => b.count - a.count)
    expect(sizes[0]!.day).toBeGreaterThanOrEqual(VOLCANO_DAY - 1)
    expect(sizes[0]!.day).toBeLessThanOrEqual(VOLCANO_DAY)
  })

  test('leaves no gap unfilled, and keeps to the length of each place', () => {
    expect(said.filter(({ text }) => /\{\w+\}|\|\|/.test(text)).map(({ text }) => text)).toEqual([])
    const tooLong = said.filter((step) => {
      const { textLimit } = places[step.story.place].settings as { textLimit?: number }
      return step.kind === 'out' && textLimit !== undefined && step.text.length > textLimit
    })
    expect(tooLong.map(({ text, story }) => `${story.key}: ${text}`)).toEqual([])
  })

  test('names only colleagues, labels and files that there are, and answers only where one can', () => {
    const known = new Set(['me', ...members.map(({ key }) => key)])
    const strangers = said.filter((step) => step.kind !== 'in' && !known.has(step.who)).map(({ text }) => text)
    expect(strangers).toEqual([])
    const files = month.steps.flatMap((step) => ('file' in step && step.file !== null ? [step.file] : []))
    expect(files.filter((name) => !fileNames.includes(name))).toEqual([])
    expect(month.stories.flatMap((one) => one.labels).filter((label) => !(label in labels))).toEqual([])
    const mute = said.filter((step) => step.kind === 'out' && !(places[step.story.place] as Place).answers)
    expect(mute.map(({ story }) => story.key)).toEqual([])
    expect(new Set(month.stories.map(({ key }) => key)).size).toBe(month.stories.length)
  })
})

describe('a screenplay', () => {
  test('is read line by line', () => {
    expect(readScript('mara: hello ⏎ there\n+2h @nuria(read)[pass.png]: yes\n> tom: me too\n!snooze 2d')).toEqual([
      { kind: 'in', who: 'mara', text: 'hello\nthere', file: null, below: false, after: null },
      { kind: 'out', who: 'nuria', text: 'yes', file: 'pass.png', outcome: 'read', below: false, after: 120 },
      { kind: 'in', who: 'tom', text: 'me too', file: null, below: true, after: null },
      { kind: 'act', verb: 'snooze', what: '2d', text: '', after: null },
    ])
  })

  test('is refused with the line that makes no sense', () => {
    expect(() => readScript('mara: hello\nwho is this')).toThrow('who is this')
    expect(() => readScript('!dance')).toThrow('nobody can dance')
  })
})
