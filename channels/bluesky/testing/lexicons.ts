// The published lexicons, and whether a request or an answer keeps them.
import { readdirSync, readFileSync } from 'node:fs'
import { jsonToLex, type LexiconDoc, Lexicons } from '@atproto/lexicon'

const folder = new URL('lexicons/', import.meta.url)

export const lexicons = new Lexicons(
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as LexiconDoc),
)

export function knowsMethod(method: string): boolean {
  const type = lexicons.getDef(method)?.type
  return type === 'query' || type === 'procedure'
}

/** What is wrong with it, in the library's words; null where nothing is. */
export function faultOf(kind: 'params' | 'input' | 'output' | 'record', name: string, value: unknown): string | null {
  try {
    const lex = jsonToLex(value as never)
    if (kind === 'params') lexicons.assertValidXrpcParams(name, value)
    else if (kind === 'input') lexicons.assertValidXrpcInput(name, lex)
    else if (kind === 'output') lexicons.assertValidXrpcOutput(name, lex)
    else lexicons.assertValidRecord(name, lex)
    return null
  } catch (error) {
    return `${kind} of ${name}: ${(error as Error).message}`
  }
}

/** A query's parameters as the lexicon types them. */
export function typedParams(method: string, query: URLSearchParams): Record<string, unknown> {
  const def = lexicons.getDef(method) as {
    readonly parameters?: { readonly properties?: Readonly<Record<string, { readonly type: string }>> }
  }
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const type = def.parameters?.properties?.[name]?.type
      const values = query.getAll(name)
      if (type === 'array') return [name, values]
      const [value = ''] = values
      return [name, type === 'integer' ? Number(value) : type === 'boolean' ? value === 'true' : value]
    }),
  )
}
