// Personal data: a span counts as found where one of the same kind covers most of it.
import type { Models } from '../models/models.ts'
import { findPersonalData, type PersonalDataKind } from '../personal-data/find.ts'
import { readRows } from '../training/data.ts'
import type { Figures } from './evaluate.ts'

const KINDS: Readonly<Record<string, PersonalDataKind>> = {
  CREDIT_CARD: 'card',
  IBAN_CODE: 'iban',
  EMAIL_ADDRESS: 'email',
  PHONE_NUMBER: 'phone',
  IP_ADDRESS: 'ip',
}

interface Marked {
  readonly text: string
  readonly spans: readonly {
    readonly entity_type: string
    readonly start_position: number
    readonly end_position: number
  }[]
}

export function measurePersonalData(directory: string, _models: Models): Figures {
  const rows = readRows<Marked>(directory, 'text/pii-presidio')!
  const counts = Object.values(KINDS).map((kind) => ({ kind, wanted: 0, hit: 0, said: 0, right: 0 }))
  for (const { text, spans } of rows) {
    const found = findPersonalData(text)
    for (const count of counts) {
      const wanted = spans.filter(({ entity_type }) => KINDS[entity_type] === count.kind)
      const said = found.filter(({ kind }) => kind === count.kind)
      const meets = (from: number, to: number, start: number, end: number) =>
        Math.min(to, end) - Math.max(from, start) >= 0.6 * (to - from)
      count.wanted += wanted.length
      count.said += said.length
      count.hit += wanted.filter((span) =>
        said.some(({ start, end }) => meets(span.start_position, span.end_position, start, end)),
      ).length
      count.right += said.filter(({ start, end }) =>
        wanted.some((span) => meets(start, end, span.start_position, span.end_position)),
      ).length
    }
  }
  const sum = (pick: (count: (typeof counts)[number]) => number) =>
    counts.reduce((total, count) => total + pick(count), 0)
  return {
    'presidio.recall': sum(({ hit }) => hit) / sum(({ wanted }) => wanted),
    'presidio.precision': sum(({ right }) => right) / sum(({ said }) => said),
    ...Object.fromEntries(
      counts.flatMap(({ kind, wanted, hit, said, right }) => [
        [`presidio.recall_${kind}`, hit / wanted],
        [`presidio.precision_${kind}`, said === 0 ? 0 : right / said],
      ]),
    ),
  }
}
