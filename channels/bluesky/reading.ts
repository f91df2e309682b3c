// What the parts of a step work with, and what they give back.
import { type Learned, NotFetched, type PlatformContext } from '../connector.ts'
import type { BundleDelivery } from './bundle.ts'
import type { Session } from './kept-session.ts'
import type { Access } from './session.ts'
import type { Refusal } from './xrpc.ts'

export interface Reading {
  readonly access: Access
  readonly context: PlatformContext
  readonly session: Session
  readonly now: Date
  /** How far back the first look goes. */
  readonly from: Date
  /** Milliseconds left for kindnesses: what a step can do without. */
  readonly room: () => number
}

export interface Part<State> {
  readonly state: State
  readonly deliveries: readonly BundleDelivery[]
  readonly more: boolean
  /** Posts to look at again later, newest first. */
  readonly watch?: readonly string[]
  readonly learned?: Learned
}

/** What a refusal of something that can't be done without means for the whole step. */
export function notFetched(answer: Refusal, doing: string): NotFetched {
  const { status, error, retryAt } = answer
  const broken =
    error === 'NoSession' ||
    ['AccountTakedown', 'AccountDeactivated', 'InvalidToken'].includes(error) ||
    status === 401 ||
    status === 403
  const words = error.startsWith('NoSession') ? answer.reason : `${doing}: ${answer.reason}`
  return new NotFetched(broken ? 'reauthorize' : 'later', words, retryAt)
}
