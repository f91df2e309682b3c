// Which of the personal data that was found stands open all the same: kinds that the workspace does not cover, and the
// writer's own addresses, which stand beside the conversation anyway.
import type { PersonalSpan } from '#inbox/server'
import type { PersonalDataKind } from './find.ts'

interface Texts {
  readonly text: string
  readonly subject?: string | null | undefined
  readonly quoted?: string | null | undefined
}

/** Marks spans that need no cover. `own`: addresses and numbers by which their writer is known. */
export function opened(
  texts: Texts,
  spans: readonly PersonalSpan[],
  kinds: readonly PersonalDataKind[],
  own: readonly (string | null | undefined)[],
): PersonalSpan[] {
  if (spans.length === 0) return []
  const addresses = new Set(own.flatMap((one) => (one?.includes('@') ? [one.toLowerCase()] : [])))
  const numbers = own.flatMap((one) => (one && !one.includes('@') ? numberIn(one) : []))
  const isOwn: Partial<Record<string, (said: string) => boolean>> = {
    email: (said) => addresses.has(said.toLowerCase()),
    phone: (said) => numberIn(said).some((number) => numbers.some((own) => isSame(own, number))),
  }
  return spans.map((span) => {
    const { kind, start, end, part } = span
    const said = (part === undefined ? texts.text : (texts[part] ?? '')).slice(start, end)
    if (isOwn[kind]?.(said)) return { ...span, open: 'own' }
    return kinds.includes(kind as PersonalDataKind) ? span : { ...span, open: 'chosen' }
  })
}

/** Fewer digits name nobody. */
const LEAST_DIGITS = 8
/** With a country's code, with a zero or with neither: the last digits are the same. */
const SAME_DIGITS = 8

function numberIn(text: string): string[] {
  const digits = text.replace(/\D/g, '')
  return digits.length >= LEAST_DIGITS && !/\p{L}/u.test(text) ? [digits] : []
}

const isSame = (a: string, b: string): boolean => a.slice(-SAME_DIGITS) === b.slice(-SAME_DIGITS)
