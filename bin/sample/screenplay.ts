// Stories are written as screenplays, one line a step, because that is how they are easiest to write and to read:
//
//   mara: a customer says this              +2h @nuria: an answer, two hours later
//   > tom_b: says it below the line before  +5m #nuria: a note for colleagues
//   mara[pass.png]: with a file             @nuria(failed): an answer that did not arrive
//   !label refund   !assign baggage liam   !gate press: why   !snooze 2   !resolve   !block: why   !draft: text   !edit: text
//
// `!snooze 2` puts it away until two days from now. `⏎` is a new line in a text. `you` is the story's own customer, `@` and
// `#` without a name whoever is on duty, `me` the member for whom the sample is loaded.
import type { LabelKey, PlaceKey, TeamKey } from './cast.ts'

export type Outcome = 'sent' | 'read' | 'failed' | 'unknown' | 'held'

export type Step =
  | {
      readonly kind: 'in'
      readonly who: string
      readonly text: string
      readonly file: string | null
      readonly below: boolean
    }
  | {
      readonly kind: 'out'
      readonly who: string
      readonly text: string
      readonly file: string | null
      readonly outcome: Outcome
      readonly below: boolean
    }
  | { readonly kind: 'note'; readonly who: string; readonly text: string }
  | { readonly kind: 'act'; readonly verb: Verb; readonly what: string; readonly text: string }
/** Minutes after the step before it; null where the calendar decides. */
export type Timed = Step & { readonly after: number | null }

const verbs = ['label', 'assign', 'gate', 'snooze', 'resolve', 'block', 'draft', 'edit', 'delete', 'wait'] as const
export type Verb = (typeof verbs)[number]

export interface Story {
  /** Stable and unique: the name of its thread and of everybody who is only called `you`. */
  readonly key: string
  readonly place: PlaceKey
  /** A key of the cast, or a name. */
  readonly by: string
  readonly locale: string
  readonly subject: string | null
  /** Days before now; null where the calendar decides. */
  readonly day: number | null
  /** Wall clock of its first line, as minutes from midnight; null where the calendar decides. */
  readonly at: number | null
  readonly labels: readonly LabelKey[]
  readonly team: TeamKey | null
  readonly data: Readonly<Record<string, string | number>>
  readonly facts: Readonly<Record<string, string>>
  readonly steps: readonly Timed[]
}

export class ScreenplayError extends Error {
  override readonly name = 'ScreenplayError'
}

const MINUTES = { m: 1, h: 60, d: 1440 } as const
const LINE =
  /^(?:\+(?<n>\d+)(?<unit>[mhd])\s+)?(?:(?<below>>)\s*)?(?:!(?<verb>\w+)(?<what>[^:]*)(?::\s*(?<why>.*))?|(?<mark>[@#]?)(?<who>[\p{L}\p{N}_.-]*)(?:\((?<outcome>\w+)\))?(?:\[(?<file>[^\]]+)\])?:\s*(?<text>.+))$/u

/** The steps of a screenplay. Throws ScreenplayError naming the line that can't be read. */
export function readScript(script: string): Timed[] {
  return script
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(readLine)
}

function readLine(line: string): Timed {
  const found = LINE.exec(line)?.groups
  if (!found) throw new ScreenplayError(`no line of a screenplay: ${line}`)
  const { n, unit, verb, mark, who = '', file = null, below } = found
  const after = n === undefined ? null : Number(n) * MINUTES[unit as keyof typeof MINUTES]
  if (verb !== undefined) {
    if (!verbs.some((known) => known === verb)) throw new ScreenplayError(`nobody can ${verb}: ${line}`)
    return { kind: 'act', verb: verb as Verb, what: (found['what'] ?? '').trim(), text: found['why'] ?? '', after }
  }
  const text = (found['text'] ?? '').replace(/\s*⏎\s*/g, '\n')
  if (mark === '#') return { kind: 'note', who, text, after }
  if (mark === '@') {
    const outcome = (found['outcome'] ?? 'sent') as Outcome
    return { kind: 'out', who, text, file, outcome, below: below !== undefined, after }
  }
  if (who === '') throw new ScreenplayError(`nobody speaks: ${line}`)
  return { kind: 'in', who, text, file, below: below !== undefined, after }
}

export interface StoryOptions {
  readonly subject?: string
  readonly locale?: string
  readonly day?: number
  /** '07:42' on the airline's clock. */
  readonly at?: string
  readonly labels?: readonly LabelKey[]
  readonly team?: TeamKey
  readonly data?: Readonly<Record<string, string | number>>
  readonly facts?: Readonly<Record<string, string>>
}

export function story(key: string, place: PlaceKey, by: string, options: StoryOptions, script: string): Story {
  const [hour, minute] = (options.at ?? '').split(':').map(Number)
  return {
    key,
    place,
    by,
    locale: options.locale ?? 'en',
    subject: options.subject ?? null,
    day: options.day ?? null,
    at: options.at === undefined ? null : hour! * 60 + minute!,
    labels: options.labels ?? [],
    team: options.team ?? null,
    data: options.data ?? {},
    facts: options.facts ?? {},
    steps: readScript(script),
  }
}

/** What many people ask in their own words: a story for each opening, going on the same way. */
export interface Exchange {
  readonly key: string
  readonly places: readonly PlaceKey[]
  readonly options: StoryOptions
  readonly openings: readonly string[]
  /** Each line may offer several wordings, with `||` between them. */
  readonly goesOn: readonly string[]
}

export function exchange(
  key: string,
  places: readonly PlaceKey[],
  options: StoryOptions,
  openings: readonly string[],
  goesOn: string,
): Exchange {
  const lines = goesOn
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return { key, places, options, openings, goesOn: lines }
}
