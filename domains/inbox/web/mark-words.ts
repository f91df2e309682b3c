/** A text cut into what was looked for and what stands around it, for marking. Pure; case does not matter. */
export function markWords(text: string, q: string): { text: string; found: boolean }[] {
  const words = q.split(/[\s"]+/).filter((word) => word.length > 1 && !word.startsWith('-'))
  if (words.length === 0) return [{ text, found: false }]
  const any = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'iu')
  return text
    .split(new RegExp(any, 'giu'))
    .map((part, at) => ({ text: part, found: at % 2 === 1 }))
    .filter((part) => part.text !== '')
}
