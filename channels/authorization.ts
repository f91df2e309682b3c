// Leave from the platform by its own page (OAuth).
import type { Learned, PlatformContext } from './platform-context.ts'

/** Where the person goes to give leave (OAuth), and what is kept sealed until they are back. */
export interface AuthorizationStart {
  readonly url: string
  readonly kept: Readonly<Record<string, string>>
}

export interface AuthorizationRequest {
  /** The one address at which people come back, the same for all connections. */
  readonly redirectUri: string
  /** Ours; comes back as it went, and is compared before `finish` is called. */
  readonly state: string
  /** Where `clientDocument` can be fetched from outside; null where the program has no public https address. */
  readonly clientDocumentUrl: string | null
}

export type AuthorizationOutcome =
  | {
      readonly ok: true
      readonly credentials: Readonly<Record<string, string>>
      readonly settings?: Readonly<Record<string, unknown>>
      readonly learned?: Learned
      readonly note: string
    }
  | { readonly ok: false; readonly reason: string; readonly field?: string }

/** Thrown by `begin` when leave can't even be asked for; shown beside the field. */
export class NotAuthorized extends Error {
  override readonly name = 'NotAuthorized'
  readonly field: string | null

  constructor(words: string, field: string | null = null) {
    super(words)
    this.field = field
  }
}

export interface Authorization {
  /** Whether these settings are connected by asking the platform for leave, rather than by secrets typed in. */
  readonly wanted: (settings: Readonly<Record<string, unknown>>) => boolean
  readonly begin: (
    request: AuthorizationRequest,
    context: Omit<PlatformContext, 'connectionId'>,
  ) => Promise<AuthorizationStart>
  /** `params`: the query that the person came back with. */
  readonly finish: (
    request: AuthorizationRequest,
    params: Readonly<Record<string, string>>,
    kept: Readonly<Record<string, string>>,
    context: Omit<PlatformContext, 'connectionId'>,
  ) => Promise<AuthorizationOutcome>
  /** What the platform fetches to know this program (client metadata); served as JSON, the same to everybody. */
  readonly clientDocument?: (address: {
    readonly url: string
    readonly redirectUri: string
    readonly origin: string
    readonly name: string
  }) => Readonly<Record<string, unknown>>
}
