import type { Caller, Sessions } from './sessions.ts'
import type { World } from './world.ts'

/** One call of an XRPC method, checked and with its caller known. */
export interface XrpcCall {
  readonly world: World
  readonly sessions: Sessions
  readonly caller: Caller | null
  readonly params: Readonly<Record<string, unknown>>
  readonly input: Readonly<Record<string, unknown>>
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
  /** Throws where nobody is signed in. */
  readonly me: () => string
}

export type Route = (call: XrpcCall) => unknown

export interface SeenRequest {
  readonly path: string
  /** The method's NSID, or the path where it is none. */
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface Told {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}
