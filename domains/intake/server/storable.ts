// What a channel understood, made fit to be stored, once for all channels: no U+0000 and no half surrogates in any text, which
// no column takes, and no moment that can't be, which would win over every honest one for ever.
import type { InboundEvent } from '#channels/connector'
import { occurredAt } from '#inbox/server'

export function storable<T extends InboundEvent>(event: T, receivedAt: Date): T {
  return { ...(clean(event) as T), at: occurredAt(event.at, receivedAt) }
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value)) return value
  if (Array.isArray(value)) return value.map(clean)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [cleanText(key), clean(one)]))
}

function cleanText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  return whole.includes('\u0000') ? whole.replaceAll('\u0000', '\uFFFD') : whole
}
