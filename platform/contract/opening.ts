// What a network puts in front of an answer to somebody (a mention and a blank), so that they are told of it.

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** The text as it leaves: with what it begins with there, unless its words name that person already. */
export function openedWith(opening: string, text: string): string {
  const name = opening.trim()
  if (name === '') return text
  return new RegExp(`(?<![\\w/@])${escaped(name)}(?![\\w@-]|\\.\\w)`, 'iu').test(text) ? text : opening + text
}
