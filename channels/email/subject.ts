// What mail programs put before a subject when they answer or forward, in the languages they speak.

const prefixes = new RegExp(
  `^(?:${[
    're|aw|antw|antwort|sv|svar|vs|rv|res|resp|ref|rif|odp|ynt|yan|atb|bls|r|rép|ré|rép|vá|vál|nb|hf|ns|vl|вiдп|відп|отв|ответ|на',
    'fw|fwd|fs|wg|tr|i|enc|pd|ilt|trs|doorst|továbbítás|továbbítva|пересл|переслать|fyi',
    'απ|πρθ|σχετ|回复|回覆|答复|答覆|转发|轉寄|轉發|返信|転送|답장|회신|전달|השב|תשובה|הועבר|رد|إعادة توجيه|ตอบกลับ|ส่งต่อ',
  ].join('|')})(?:\\s*[[(^]\\s*\\d{1,3}\\s*[\\])]?)?\\s*[:：]\\s*`,
  'iu',
)

/** The title of a conversation from a subject; an empty string where nothing is left. */
export function cleanSubject(subject: string): string {
  let title = subject.slice(0, 2_000).trim()
  for (let round = 0; round < 50; round++) {
    const shorter = title.replace(prefixes, '')
    if (shorter === title) break
    title = shorter
  }
  return title.slice(0, 500).trim()
}
