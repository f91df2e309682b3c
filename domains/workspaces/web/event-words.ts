/** What an event means, from its name: the sentences of the contracts are the server's and not in the browser's bundle. */
export function eventWords(type: string): string {
  const [domain = '', name = ''] = type.split('.')
  // `connections.changed` says of what only by its domain.
  const words =
    name.includes('_') || domain === 'inbox' ? name.replaceAll('_', ' ') : `${domain.replace(/s$/, '')} ${name}`
  return words.charAt(0).toUpperCase() + words.slice(1)
}
