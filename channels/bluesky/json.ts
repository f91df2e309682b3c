// Reading what a stranger's JSON may hold: never throws, never believes.

export type Json = Readonly<Record<string, unknown>>

export function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Objects of a list, at most `most`. */
export function objectsOf(value: unknown, most = 1000): readonly Json[] {
  return asList(value)
    .slice(0, most)
    .map(asObject)
    .filter((one) => one !== null)
}

export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

export function asCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** Follows names into objects; null where there is none. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here: unknown = value
  for (const name of path) {
    const object = asObject(here)
    if (object === null || !Object.hasOwn(object, name)) return null
    here = object[name]
  }
  return here
}

export function textAt(value: unknown, ...path: readonly string[]): string | null {
  return asText(at(value, ...path))
}

/** The object in these bytes, or null for anything else. */
export function parseObject(body: Buffer): Json | null {
  try {
    return asObject(JSON.parse(body.toString('utf8')))
  } catch {
    return null
  }
}

/** One line for a person, of words that a stranger chose. */
export function oneLine(words: string, most = 300): string {
  return words
    .slice(0, most * 4)
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, most)
    .toWellFormed()
}
