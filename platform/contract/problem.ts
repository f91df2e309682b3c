import type { ProblemReply } from './kernel.ts'

export interface ProblemOptions {
  readonly fields?: readonly { readonly path: string; readonly message: string }[]
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/**
 * A refusal that the caller may read: `code` is stable (`inbox.already_resolved`), `message` says what happened and the way
 * out in plain English (clients translate by code). Statuses: 400 schema, 401, 403, 404, 409 changed meanwhile, 413, 422 a
 * rule, 429, 503.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly code: string
  readonly fields: ProblemOptions['fields']
  readonly details: ProblemOptions['details']

  constructor(status: number, code: string, message: string, options: ProblemOptions = {}) {
    super(message, { cause: options.cause })
    this.status = status
    this.code = code
    this.fields = options.fields
    this.details = options.details
  }

  toReply(): ProblemReply {
    return {
      code: this.code,
      message: this.message,
      status: this.status,
      ...(this.fields && { fields: [...this.fields] }),
      ...(this.details && { details: { ...this.details } }),
    }
  }
}

/** The same words for what does not exist and for what is not yours, so that nobody learns which. */
export const notFound = (what: string): Problem => new Problem(404, 'not_found', `There is no such ${what} here.`)

export const forbidden = (permission: string): Problem =>
  new Problem(403, 'forbidden', `This needs the permission ${permission}. Ask an administrator of the workspace.`, {
    details: { permission },
  })
