// The month as a list of moments: which story, which line of it, when. Pure: the same now, the same month.
import { seededRandom, type Random } from '#platform/random'
import { MINUTE, onDuty, onWall, someDay, someMinute, untilAnswer, untilCustomer, VOLCANO_DAY } from './calendar.ts'
import { members, type PlaceKey } from './cast.ts'
import { nameFor, wordsFor } from './names.ts'
import { readScript, type Exchange, type Story, type Timed } from './screenplay.ts'
import { exchanges, stories } from './stories.ts'

export type PlannedStep = Timed & { readonly at: Date; readonly n: number; readonly story: PlannedStory }

export interface PlannedStory extends Omit<Story, 'steps' | 'day' | 'at'> {
  readonly steps: readonly PlannedStep[]
}

const SEED = 20_261_121
const DAY_MS = 1440 * MINUTE
/** Younger than this, and many are still waiting for their answer. */
const FRESH_MS = 1.4 * DAY_MS

export interface Month {
  readonly stories: readonly PlannedStory[]
  /** All steps of all stories in the order in which they happened. */
  readonly steps: readonly PlannedStep[]
}

/** Everything that happened before `now`. Stories that run on into the future simply have not come that far. */
export function planMonth(now: Date): Month {
  const chance = seededRandom(SEED)
  const all = [...stories.map((one) => one), ...exchanges.flatMap((one) => casting(one, chance))]
  const planned = all.map((one) => schedule(now, one, chance)).filter(({ steps }) => steps[0]?.kind === 'in')
  const steps = planned
    .flatMap((one) => one.steps)
    .sort((a, b) => a.at.getTime() - b.at.getTime() || (a.story.key < b.story.key ? -1 : 1) || a.n - b.n)
  return { stories: planned, steps }
}

/** One story for each opening of an exchange, told by somebody else, somewhere else, in one of the wordings. */
function casting(given: Exchange, chance: Random): Story[] {
  return given.openings.map((opening, index) => {
    const { locale = 'en', labels = [], team = null, subject = null, day = null, data = {}, facts = {} } = given.options
    const by = nameFor(locale, chance)
    const words = wordsFor(by, locale, chance)
    const wording = given.goesOn.map((line) => oneOf(line, chance))
    const script = [`you: ${opening}`, ...wording]
      .join('\n')
      .replace(/\{(\w+)\}/g, (whole, slot) => words[slot] ?? whole)
    return {
      key: `${given.key}-${index + 1}`,
      place: chance.pick(given.places),
      by,
      locale,
      subject: subject?.replace(/\{(\w+)\}/g, (_, slot) => words[slot] ?? '') ?? null,
      day,
      at: null,
      labels,
      team,
      data: given.key.startsWith('stars') ? { stars: Number(given.key.slice(5, 6)) } : data,
      facts,
      steps: readScript(script),
    }
  })
}

/** `@: one || another`: the mark before the first wording belongs to all of them. */
function oneOf(line: string, chance: Random): string {
  const head = /^(?:\+\d+[mhd] )?[^:]*: /.exec(line)?.[0] ?? ''
  return head + chance.pick(line.slice(head.length).split(' || '))
}

function schedule(now: Date, { day, at, steps, ...rest }: Story, chance: Random): PlannedStory {
  const first = startOf(now, day, at, chance)
  const onIt = somebody(rest.team, chance)
  const story = { ...rest, steps: [] as PlannedStep[] }
  // Some of what came in lately nobody has got to yet, whatever the screenplay says.
  const unanswered = day === null && now.getTime() - first.getTime() < FRESH_MS && chance.next() < 0.6
  const taken = unanswered && chance.next() < 0.3
  let moment = first
  for (const [n, step] of [...steps, ...ending(steps, rest.place)].entries()) {
    const ours = step.kind !== 'in' && !(step.kind === 'act' && (step.verb === 'edit' || step.verb === 'delete'))
    if (unanswered && ours) break
    if (n > 0) moment = momentOf(now, moment, step, ours, chance)
    if (moment.getTime() > now.getTime() - MINUTE) break
    story.steps.push({ ...signed(step, onIt), at: moment, n, story })
  }
  // Some of that the member at the screen has taken on.
  const soon = new Date(moment.getTime() + 2 * MINUTE)
  if (taken && soon < now)
    story.steps.push({
      kind: 'act',
      verb: 'assign',
      what: 'me',
      text: '',
      after: null,
      at: soon,
      n: steps.length,
      story,
    })
  return story
}

/** What nobody in particular says is said by whoever is on it, with their name below it where the line leaves room for one. */
function signed(step: Timed, onIt: string): Timed {
  if (step.kind === 'act') return step
  const who = step.kind !== 'in' && step.who === '' ? onIt : step.who
  // Customers, too, call whoever is on it by name.
  const agent = step.kind === 'in' ? onIt : who
  const [firstName = ''] = members.find(({ key }) => key === agent)?.name.split(' ') ?? []
  return { ...step, who, text: step.text.replaceAll('{agent}', firstName) }
}

function startOf(now: Date, day: number | null, at: number | null, chance: Random): Date {
  const wished = onWall(now, day ?? someDay(now, chance), at ?? someMinute(chance))
  const latest = now.getTime() - 4 * MINUTE
  return wished.getTime() < latest ? wished : new Date(latest - chance.below(200) * MINUTE)
}

function momentOf(now: Date, from: Date, step: Timed, ours: boolean, chance: Random): Date {
  if (!ours) return new Date(from.getTime() + (step.after ?? untilCustomer(chance)) * MINUTE + chance.below(50_000))
  if (step.after !== null) return onDuty(from, step.after, chance)
  if (step.kind === 'act') return new Date(from.getTime() + (1 + chance.below(3)) * MINUTE)
  const minutes = step.kind === 'note' ? 1 + chance.below(20) : untilAnswer(now, from, chance)
  return onDuty(from, minutes, chance)
}

/** A story that does not say how it ends is closed some time after its last line, or forgotten where nobody can answer. */
function ending(steps: readonly Timed[], place: PlaceKey): Timed[] {
  const open = steps.some(
    (step) => step.kind === 'act' && ['resolve', 'snooze', 'wait', 'gate', 'draft'].includes(step.verb),
  )
  const last = steps.at(-1)
  if (open || last === undefined) return []
  const undone = last.kind === 'out' && last.outcome !== 'sent' && last.outcome !== 'read'
  const answered = steps.some(({ kind }) => kind === 'out') || place === 'phone'
  if (undone || !answered) return []
  const after = last.kind === 'in' ? 20 : 2.2 * 1440
  return [{ kind: 'act', verb: 'resolve', what: '', text: '', after }]
}

function somebody(team: string | null, chance: Random): string {
  const able = members.filter(
    ({ role, teams, suspended }) =>
      (role === 'agent' || role === 'lead') && !suspended && teams.some((name) => name === (team ?? 'care')),
  )
  return chance.pick(able).key
}

export { VOLCANO_DAY }
