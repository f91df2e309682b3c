// The shape of a route table. Both sides import it: the server to implement a table, the web app and the widget to call it.
// It knows neither Fastify nor fetch, so nothing of the server reaches a browser bundle through it.
import * as t from 'typebox'

/**
 * Who may call a route: 'public' (nobody is asked), 'signed-in' (a person, of any workspace or none), 'member' (any member of
 * the workspace), 'visitor' (a bearer token of the widget), or the name of a permission such as 'inbox.reply'.
 */
export type Access = 'public' | 'signed-in' | 'member' | 'visitor' | `${string}.${string}`

export interface RouteContract {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: `/${string}`
  readonly summary: string
  readonly access: Access
  readonly params?: t.TSchema
  readonly query?: t.TSchema
  readonly body?: t.TSchema
  /** One file in a multipart body, beside the fields of `body`; its size limit in bytes. */
  readonly upload?: { readonly maxBytes: number }
  /** What 200 answers with; leave out for 204, or with `raw` where the reply is no JSON. */
  readonly reply?: t.TSchema
  readonly raw?: 'file' | 'stream' | 'html' | 'text'
  /** Codes of the problems that this route is known for, beside the general ones. */
  readonly problems?: readonly string[]
  /** Requests a minute and caller; the server's default otherwise. */
  readonly limit?: { readonly perMinute: number }
}

export type RouteTable = Readonly<Record<string, RouteContract>>

type Part<R, K extends string> = K extends keyof R ? (R[K] extends t.TSchema ? { [P in K]: t.Static<R[K]> } : {}) : {}

export type RouteInput<R extends RouteContract> = Part<R, 'params'> & Part<R, 'query'> & Part<R, 'body'>
export type RouteReply<R extends RouteContract> = R['reply'] extends t.TSchema ? t.Static<R['reply']> : void

/** Keeps the literal types of a table; does nothing at run time. */
export const routes = <const T extends RouteTable>(table: T): T => table

export const Id = t.String({ format: 'uuid' })
export const IdParams = t.Object({ id: Id })
export const Moment = t.String({ format: 'date-time' })
export const nullable = <T extends t.TSchema>(schema: T) => t.Union([schema, t.Null()])
export const oneOf = <const V extends readonly string[]>(values: V) =>
  t.Unsafe<V[number]>({ type: 'string', enum: values })

/** The one shape of a page: `next` is the cursor of the next page, or null on the last one. */
export const pageOf = <T extends t.TSchema>(item: T) => t.Object({ items: t.Array(item), next: nullable(t.String()) })
export interface Page<T> {
  items: T[]
  next: string | null
}

/** Query fields that every paged route takes. */
export const paging = {
  after: t.Optional(t.String({ maxLength: 400 })),
  limit: t.Optional(t.Integer({ minimum: 1, maximum: 100 })),
}

/** What every refusal looks like. 400 names the fields the schema refused; 422 the rule; 409 what changed meanwhile. */
export const ProblemReply = t.Object(
  {
    code: t.String(),
    message: t.String(),
    status: t.Integer(),
    fields: t.Optional(t.Array(t.Object({ path: t.String(), message: t.String() }))),
    details: t.Optional(t.Record(t.String(), t.Unknown())),
  },
  { $id: 'Problem' },
)
export type ProblemReply = t.Static<typeof ProblemReply>

/** What an event tells others: names of changed fields and ids, never text or addresses. */
export interface EventContract {
  readonly summary: string
  readonly data: t.TSchema
  /** Queries of the web app that this event makes stale, as the first parts of their keys. */
  readonly stale: readonly (readonly string[])[]
  /** Queries whose known answers the event can set right by itself, without a fetch. */
  readonly patches?: readonly EventPatch[]
}

/**
 * A change of one row, wherever it is known under `key`: the row whose `id` is what the event's field of the name `id` holds.
 * `change(row, data)` is pure and must not depend on the order in which it meets other news of the row: answers that are
 * fetched meanwhile may know more than the event.
 */
export interface EventPatch {
  readonly key: readonly string[]
  readonly id: string
  readonly change: (row: never, data: never) => object
}
export type EventTable = Readonly<Record<string, EventContract>>
export type EventData<T extends EventTable, K extends keyof T> = t.Static<T[K]['data']>
export const events = <const T extends EventTable>(table: T): T => table
