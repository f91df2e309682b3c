/** The same value with every text as a database takes it: no U+0000, no half of a surrogate pair. Bytes and dates stay. */
export function storable<T>(value: T): T {
  if (typeof value === 'string') return clean(value) as T
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value) || value instanceof Date) return value
  if (Array.isArray(value)) return value.map((one) => storable(one as unknown)) as T
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [clean(name), storable(one as unknown)])) as T
}

function clean(text: string): string {
  return text.includes('\0') || !text.isWellFormed() ? text.replaceAll('\0', '').toWellFormed() : text
}
