// How good the labels are, by the team's own word.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { intentNames, measuredLabels, sentimentNames, toxicityNames, type ModelFigures } from '../../contract.ts'
import type { TriageTables } from '../tables.ts'
import { confusionOf, driftIndex, shareOf } from './measures.ts'

type Label = (typeof measuredLabels)[number]
type Tables = Pick<TriageTables, 'labelCorrections' | 'messageAssessments'>

const MOST_CORRECTIONS = 5_000
const MOST_MESSAGES = 10_000
const DAY_MS = 86_400_000
const NONE = 'none'

const known: Readonly<Record<Label, readonly string[]>> = {
  sentiment: sentimentNames,
  intent: intentNames,
  topic: [],
  language: [],
  toxicity: toxicityNames,
}
/** What counts as not having said anything. */
const unsaid: Readonly<Record<Label, string | null>> = {
  sentiment: 'unsure',
  intent: 'other',
  topic: NONE,
  language: 'und',
  toxicity: null,
}

export async function readFigures(tx: Tx<Tables>, actor: Actor, label: Label = 'sentiment'): Promise<ModelFigures> {
  const pairs = await readPairs(tx, actor, label)
  const counts = await readCounts(tx, actor, label)
  const right = (of: readonly PairRow[]) => shareOf(sum(of.filter(({ said, right }) => said === right)), sum(of))
  const weeks = [...Map.groupBy(pairs, ({ week }) => week)].sort(([a], [b]) => a.localeCompare(b)).slice(-12)
  const of = (fresh: boolean) =>
    new Map(counts.filter((row) => row.fresh === fresh).map(({ value, count }) => [value, count]))
  const [before, now] = [of(false), of(true)]
  const all = sum(counts)
  return {
    label,
    confusion: confusionOf(pairs, known[label]),
    accuracy: right(pairs),
    sample: right(pairs.filter(({ sampled }) => sampled)),
    coverage: shareOf(all - sum(counts.filter(({ value }) => value === unsaid[label])), all),
    weeks: weeks.map(([from, of]) => ({ from, accuracy: right(of) })),
    drift: { index: driftIndex(before, now), before: sharesOf(before), now: sharesOf(now) },
  }
}

const sum = (rows: readonly { readonly count: number }[]): number => rows.reduce((all, { count }) => all + count, 0)

function sharesOf(counts: ReadonlyMap<string, number>): { value: string; share: number }[] {
  const all = [...counts.values()].reduce((a, b) => a + b, 0)
  return [...counts].sort(([, a], [, b]) => b - a).map(([value, count]) => ({ value, share: count / all }))
}

interface PairRow {
  readonly said: string
  readonly right: string
  readonly sampled: boolean
  readonly week: string
  readonly count: number
}

async function readPairs(tx: Tx<Tables>, actor: Actor, label: Label): Promise<PairRow[]> {
  const { rows } = await sql<PairRow>`
    select coalesce(said #>> '{}', ${NONE}) as said, coalesce(value #>> '{}', ${NONE}) as "right", sampled,
      to_char(date_trunc('week', corrected_at at time zone 'utc'), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as week, count(*)::int as count
    from (select said, value, sampled, corrected_at from label_corrections
      where workspace_id = ${actor.workspaceId}::uuid and label = ${label} order by corrected_at desc, message_id desc limit ${MOST_CORRECTIONS}) c
    group by 1, 2, 3, 4
  `.execute(tx)
  return rows
}

/**
 * Labels of what was written lately, as the models gave them: when it was written counts, as a past that is fetched is assessed
 * all at once. Ids carry their time, so the newest messages are the end of the primary key.
 */
async function readCounts(tx: Tx<Tables>, actor: Actor, label: Label) {
  const said = sql`coalesce((select c.said #>> '{}' from label_corrections c where c.workspace_id = a.workspace_id
    and c.message_id = a.message_id and c.label = ${label}), ${sql.ref(`a.${label}`)}, ${NONE})`
  const { rows } = await sql<{ value: string; fresh: boolean; count: number }>`
    select ${said} as value, m.occurred_at > ${new Date(actor.at.getTime() - 7 * DAY_MS)} as fresh, count(*)::int as count
    from (select * from message_assessments where workspace_id = ${actor.workspaceId}::uuid order by message_id desc limit ${MOST_MESSAGES}) a
    join messages m on m.workspace_id = a.workspace_id and m.id = a.message_id
    where m.occurred_at > ${new Date(actor.at.getTime() - 35 * DAY_MS)}
    group by 1, 2
  `.execute(tx)
  return rows
}
