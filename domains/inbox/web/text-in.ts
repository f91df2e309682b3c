/** A text among a message's facts, which are whatever its channel made of it; null when there is none. */
export function textIn(facts: unknown, name: string): string | null {
  const value = typeof facts === 'object' && facts !== null ? (facts as Record<string, unknown>)[name] : null
  return typeof value === 'string' && value !== '' ? value : null
}
