// Personal data in what customers write: covered wherever words are shown, in the clear only for whoever asks for it on record.
// Where it stands is found by whoever brings the message in; this file only covers.

export interface PersonalSpan {
  readonly kind: string
  /** In UTF-16 units; `end` is the first one after. */
  readonly start: number
  readonly end: number
  /** Which of the message's texts; its body where this is missing. */
  readonly part?: 'subject' | 'quoted'
  /** Found, and not covered: of a kind that the workspace does not cover, or the writer's own address. */
  readonly open?: 'chosen' | 'own'
}

/** The text with every span of the part covered by dots; gaps and length stay. Covering twice changes nothing. */
export function cover(
  text: string,
  spans: readonly PersonalSpan[] | null | undefined,
  part?: PersonalSpan['part'],
): string {
  if (!spans || spans.length === 0) return text
  let covered = ''
  let done = 0
  for (const { start, end, part: of, open } of spans) {
    if (open || of !== part || start < done || start >= text.length) continue
    covered += text.slice(done, start) + text.slice(start, end).replace(/\S/g, '•')
    done = Math.min(end, text.length)
  }
  return covered + text.slice(done)
}

/** The spans of a stored message, as its row has them. */
export const spansOf = (personal: unknown): readonly PersonalSpan[] =>
  (personal as readonly PersonalSpan[] | null) ?? []

/** The same words in the message's HTML: each covered text is covered wherever it stands there, escaped or not. */
export function coverInHtml(html: string, body: string, spans: readonly PersonalSpan[]): string {
  const words = wordsOf(body, spans)
  let covered = html
  for (const word of [...words].filter(({ length }) => length >= 4).sort((a, b) => b.length - a.length)) {
    const dots = word.replace(/\S/g, '•')
    for (const form of new Set([word, escaped(word), encodeURIComponent(word)]))
      covered = covered.replaceAll(form, dots)
  }
  return covered
}

/** What of a body is covered, once each. */
const wordsOf = (body: string, spans: readonly PersonalSpan[]): Set<string> =>
  new Set(spans.filter(({ part, open }) => part === undefined && !open).map(({ start, end }) => body.slice(start, end)))

/** A title made of a message's subject or first words, with what is covered there covered here. */
export function coverTitle(
  title: string | null,
  texts: { readonly text: string; readonly subject?: string | null | undefined },
  spans: readonly PersonalSpan[] | null | undefined,
): string | null {
  if (!title || !spans || spans.length === 0) return title
  const inSubject = spans.flatMap(({ part, open, start, end }) =>
    part === 'subject' && !open ? [(texts.subject ?? '').slice(start, end)] : [],
  )
  let covered = title
  // A title has its white space drawn together.
  for (const word of new Set([...wordsOf(texts.text, spans), ...inSubject]))
    covered = covered.replaceAll(word.replace(/\s+/g, ' '), (found) => found.replace(/\S/g, '•'))
  return covered
}

/** Whether something in it is covered. */
export const isCovered = (text: string | null): boolean => text?.includes('•') ?? false

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
