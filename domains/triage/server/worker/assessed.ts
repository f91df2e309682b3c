// What crosses between the program and its threads.
import type { Assessment } from '../assessment.ts'
import type { Fault } from '../fault.ts'

/** An assessment with what only its thread can see. */
export interface Assessed extends Assessment {
  readonly fault: Fault
  readonly source: 'shipped' | 'workspace' | 'rules'
  /** How torn the model is over the sentiment, and how much of the text the workspace never taught: both 0 to 1. */
  readonly torn: number
  readonly novelty: number
}

export interface ModelState {
  readonly state: 'ok' | 'starting' | 'missing'
  readonly reason: string | null
}

/** To the thread that assesses. */
export type Request =
  | { readonly type: 'teach'; readonly kind: 'sentiment' | 'topics'; readonly id: string; readonly content: Uint8Array }
  | { readonly type: 'forget'; readonly id: string }
  | {
      readonly type: 'assess'
      readonly call: number
      readonly texts: readonly string[]
      /** Taught before; null stands for the shipped models, and for the default topics. */
      readonly layer: string | null
      readonly topics: string | null
    }

/** From the thread that assesses. */
export type Answer =
  | { readonly type: 'model'; readonly model: ModelState }
  | { readonly type: 'assessed'; readonly call: number; readonly assessed: readonly Assessed[] }
  | { readonly type: 'failed'; readonly call: number; readonly reason: string }
