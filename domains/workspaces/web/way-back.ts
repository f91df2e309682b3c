/** An address of this app that somebody wanted to see before signing in; anything else leads to the start. */
export function safeNext(next: unknown): string {
  if (typeof next !== 'string' || !next.startsWith('/') || /^\/[/\\]/.test(next)) return '/'
  const url = new URL(next, 'http://here.invalid')
  if (url.host !== 'here.invalid' || /^\/(?:sign-in|setup)(?:\/|$)/.test(url.pathname)) return '/'
  return url.pathname + url.search + url.hash
}
