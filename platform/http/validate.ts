// Schemas are held strictly: what a schema does not name is refused, a body is taken as it is, and only what came as text
// (path, query) is turned into numbers and booleans first.
import type { FastifySchemaCompiler } from 'fastify'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import type { TSchema } from 'typebox'
import { Problem } from '../contract/problem.ts'

interface Finding {
  readonly keyword: string
  readonly instancePath: string
  readonly message: string
  readonly params?: unknown
}

export const compileSchema: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const strict = closed(schema)
  const check = Compile(strict)
  const isText = httpPart !== 'body'
  return (given: unknown) => {
    // By the schema as it was given: a copy loses the hidden marks by which conversion knows a kind.
    const value = isText ? Value.Convert(schema, Value.Clone(given)) : given
    if (check.Check(value)) return { value }
    return {
      error: new Problem(400, 'invalid', 'Some fields are not as they must be.', {
        fields: fieldsOf(check.Errors(value) as Finding[], httpPart),
      }),
    }
  }
}

/** An object schema that takes no fields but its own, down to its nested objects. */
function closed<T extends TSchema>(schema: T): T {
  if (Array.isArray(schema) || typeof schema !== 'object' || schema === null) return schema
  const node = schema as Record<string, unknown>
  const copy: Record<string, unknown> = { ...node }
  if (node['properties']) {
    copy['properties'] = Object.fromEntries(
      Object.entries(node['properties'] as Record<string, TSchema>).map(([key, value]) => [key, closed(value)]),
    )
    copy['additionalProperties'] ??= false
  }
  if (node['items']) copy['items'] = closed(node['items'] as TSchema)
  if (node['anyOf']) copy['anyOf'] = (node['anyOf'] as TSchema[]).map(closed)
  return copy as unknown as T
}

function fieldsOf(findings: readonly Finding[], part = 'body'): { path: string; message: string }[] {
  const fields = new Map<string, string>()
  for (const { keyword, instancePath, message, params } of findings) {
    const names = (params as Record<string, unknown> | undefined) ?? {}
    const missing = keyword === 'required' ? (names['requiredProperties'] as string[] | undefined) : undefined
    const extra =
      keyword === 'additionalProperties' ? (names['additionalProperties'] as string[] | undefined) : undefined
    const base = instancePath.split('/').filter(Boolean).join('.')
    for (const name of missing ?? extra ?? [null]) {
      const path = [base, name].filter(Boolean).join('.') || part
      if (!fields.has(path)) fields.set(path, missing ? 'is missing' : extra ? 'is not known here' : message)
    }
    if (fields.size >= 20) break
  }
  return [...fields].map(([path, message]) => ({ path, message }))
}
