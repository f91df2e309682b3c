// Which of the personal data that was found stands open all the same: kinds that the workspace does not cover, and the
// writer's own addresses, which stand beside the conversation anyway.
import type { PersonalSpan } from '#inbox/server'
import type { PersonalDataKind } from './find.ts'

interface Texts {
  readonly text: string
  readonly subject?: string | null | undefined
  readonly quoted?: string | null | undefined
}

/** By what a writer is known however it is written: an address by its small letters, a number by its last digits. */
const nameIn = {
  email: (words: string): string | null => (words.includes('@') ? words.toLowerCase() : null),
  phone: (words: string): string | null => {
    const digits = words.replace(/\D/g, '')
    return digits.length < LAST_DIGITS || /[@\p{L}]/u.test(words) ? null : digits.slice(-LAST_DIGITS)
  },
} satisfies Partial<Record<PersonalDataKind, (words: string) => string | null>>

/** With a country's code, with a zero or with neither these are the same; fewer digits name nobody. */
const LAST_DIGITS = 8

/** Marks spans that need no cover. `own`: addresses and numbers by which their writer is known. */
export function opened(
  texts: Texts,
  spans: readonly PersonalSpan[],
  kinds: readonly PersonalDataKind[],
  own: readonly (string | null | undefined)[],
): PersonalSpan[] {
  const names = new Set(own.flatMap((one) => (one ? [nameIn.email(one), nameIn.phone(one)] : [])))
  return spans.map((span) => {
    const { kind, start, end, part } = span
    const said = (part === undefined ? texts.text : (texts[part] ?? '')).slice(start, end)
    const name = kind in nameIn ? nameIn[kind as keyof typeof nameIn](said) : null
    if (name !== null && names.has(name)) return { ...span, open: 'own' }
    return kinds.includes(kind as PersonalDataKind) ? span : { ...span, open: 'chosen' }
  })
}
