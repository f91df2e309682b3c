// OpenAPI 3.1 printed from the route tables: the schemas are JSON Schema already, so there is nothing to translate.
import { ProblemReply, type RouteContract } from './kernel.ts'

type Json = Record<string, unknown>

export interface OpenApiInfo {
  readonly title: string
  readonly version: string
}

/** The document for all registered routes, by operation id. Schemas with an `$id` become named components. */
export function openApiOf(contracts: ReadonlyMap<string, RouteContract>, info: OpenApiInfo): Json {
  const components: Json = {}
  const named = (schema: unknown): unknown => nameSchemas(schema, components)
  const problem = { content: { 'application/json': { schema: named(ProblemReply) } } }
  const paths: Record<string, Json> = {}
  for (const [operationId, route] of contracts) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] ??= {}
    paths[path][route.method.toLowerCase()] = {
      operationId,
      summary: route.summary,
      tags: [tagOf(route.path)],
      'x-access': route.access,
      security: securityOf(route),
      parameters: [...parametersOf(route.params, 'path', named), ...parametersOf(route.query, 'query', named)],
      ...bodyOf(route, named),
      responses: {
        ...successOf(route, named),
        '4XX': { description: refusals(route), ...problem },
        '5XX': { description: 'Something is wrong on our side; nothing was changed', ...problem },
      },
    }
  }
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API token of a workspace' },
        login: { type: 'apiKey', in: 'cookie', name: 'rapport_login' },
        visitor: { type: 'http', scheme: 'bearer', description: 'A visitor’s own token' },
      },
    },
  }
}

/** What the routes of one noun have in common: the first part of the path behind the prefix. */
const tagOf = (path: string): string => /^\/(?:api\/|widget\/v1\/)?([\w-]+)/.exec(path)?.[1] ?? 'root'

function securityOf({ access }: RouteContract): Json[] {
  if (access === 'public') return []
  return access === 'visitor' ? [{ visitor: [] }] : [{ token: [] }, { login: [] }]
}

function refusals({ problems = [], access }: RouteContract): string {
  const codes = [...problems, ...(access.includes('.') ? ['forbidden'] : [])]
  return codes.length === 0 ? 'Refused, with the reason' : `Refused: ${codes.join(', ')}`
}

function parametersOf(
  schema: RouteContract['params'],
  place: 'path' | 'query',
  named: (schema: unknown) => unknown,
): Json[] {
  const { properties = {}, required = [] } = (schema ?? {}) as { properties?: Json; required?: string[] }
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: named(value),
  }))
}

function bodyOf({ body, upload }: RouteContract, named: (schema: unknown) => unknown): Json {
  if (upload) {
    const fields = (body as Json | undefined)?.['properties'] as Json | undefined
    const schema = {
      type: 'object',
      required: ['file'],
      properties: { ...fields, file: { type: 'string', contentMediaType: 'application/octet-stream' } },
    }
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } }
  }
  return body ? { requestBody: { required: true, content: { 'application/json': { schema: named(body) } } } } : {}
}

const RAW_TYPES = {
  file: 'application/octet-stream',
  stream: 'text/event-stream',
  html: 'text/html',
  text: 'text/plain',
} as const

function successOf({ reply, raw }: RouteContract, named: (schema: unknown) => unknown): Json {
  if (raw) return { 200: { description: 'Done', content: { [RAW_TYPES[raw]]: { schema: { type: 'string' } } } } }
  if (!reply) return { 204: { description: 'Done' } }
  return { 200: { description: 'Done', content: { 'application/json': { schema: named(reply) } } } }
}

/** Replaces schemas that have a name by references and gathers them. */
function nameSchemas(schema: unknown, components: Json): unknown {
  if (Array.isArray(schema)) return schema.map((item) => nameSchemas(item, components))
  if (typeof schema !== 'object' || schema === null) return schema
  const { $id, ...rest } = schema as Json
  if (typeof $id === 'string' && components[$id] === undefined) {
    components[$id] = {} // claimed first, for schemas that hold themselves
    components[$id] = nameSchemas(rest, components)
  }
  if (typeof $id === 'string') return { $ref: `#/components/schemas/${$id}` }
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, nameSchemas(value, components)]))
}
