// Spans as people write them: “90 min”, “1 d 6 h”, “2h”. Minutes on the wire. Pure.
const units: Readonly<Record<string, number>> = { d: 1440, h: 60, m: 1, min: 1 }
export const MOST_MINUTES = 20_160

/** Minutes, or null where it is no span, or one that a policy can't hold. A bare number is minutes. */
export function parseSpan(text: string): number | null {
  const trimmed = text.trim().toLowerCase()
  if (/^\d{1,6}$/.test(trimmed)) return within(Number(trimmed))
  if (!/^(?:\d{1,6}\s*(?:d|h|min|m)\s*)+$/.test(trimmed)) return null
  const parts = [...trimmed.matchAll(/(\d+)\s*(d|h|min|m)/g)]
  return within(parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0))
}

const within = (minutes: number): number | null => (minutes <= MOST_MINUTES ? minutes : null)

/** “1 d 6 h”; what `parseSpan` reads back. */
export function writeSpan(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor((minutes % 1440) / 60), 'h'],
    [minutes % 60, 'min'],
  ] as const
  return (
    parts
      .filter(([count]) => count > 0)
      .map(([count, unit]) => `${count} ${unit}`)
      .join(' ') || '0 min'
  )
}
