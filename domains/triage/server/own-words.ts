// What the writer says now. Mail folds what it quotes away already; elsewhere quoted lines and forwarded messages stand in the
// text, and what somebody else said must not be held against the writer.

/** Longer texts are judged by their beginning, as the models do. */
const MOST = 20_000
const FORWARDED =
  /^(?:-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|message transféré|mensaje reenviado)\s*-{2,}|begin forwarded message:|anfang der weitergeleiteten nachricht:)\s*$/i
const INTRODUCES =
  /^(?:on|am|le|el|op|il|em)\b.{5,150}\b(?:wrote|schrieb|a écrit|escribió|schreef|ha scritto|escreveu)\b.{0,80}:$/i
const ANSWERS = /^(?:re|aw|sv|fw|fwd|wg|tr|rv|antw)\s*(?:\[\d+\])?:/i

export interface Words {
  readonly text: string
  readonly subject?: string | null | undefined
}

/** The text that is assessed: own words, with the subject before them where it is the writer's. Everything, where all is quoted. */
export function ownWords({ text, subject }: Words): string {
  const given = text.slice(0, MOST)
  const own = /^\s*>|-{2,}|forwarded|weitergeleitet|wrote:|schrieb|écrit|escribió|schreef|scritto|escreveu/im.test(
    given,
  )
    ? withoutQuotes(given)
    : given
  const words = own.trim() === '' ? given : own
  const head = subject?.trim() ?? ''
  return head === '' || ANSWERS.test(head) || words.includes(head) ? words : `${head.slice(0, 300)}\n${words}`
}

function withoutQuotes(text: string): string {
  const kept: string[] = []
  for (const line of text.split('\n')) {
    const trimmed = line.trim()
    if (FORWARDED.test(trimmed)) break
    if (!trimmed.startsWith('>') && !INTRODUCES.test(trimmed)) kept.push(line)
  }
  return kept.join('\n')
}
