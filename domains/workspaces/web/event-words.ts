/** What an event means, from its name: the sentences of the contracts are the server's and not in the browser's bundle. */
export function eventWords(type: string): string {
  const words = type.slice(type.indexOf('.') + 1).replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
