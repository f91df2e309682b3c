// What no database takes: U+0000 and halves of surrogate pairs. Events are small and flat enough to be walked whole.
import type { InboundEvent } from '../connector.ts'

export function storableEvents(events: readonly InboundEvent[]): readonly InboundEvent[] {
  return clean(events) as readonly InboundEvent[]
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (Array.isArray(value)) return value.map(clean)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [cleanText(name), clean(one)]))
}

function cleanText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  return whole.includes('\0') ? whole.replaceAll('\0', '\uFFFD') : whole
}
