// How soon somebody should look: what is at stake, and the words of people who can't wait.
import { hashWord } from '../text/features.ts'
import type { Severity } from './severity.ts'

const WEIGHTS: Readonly<Record<Severity, number>> = {
  'self-harm': 1,
  safety: 0.8,
  vulnerable: 0.6,
  fraud: 0.6,
  outage: 0.5,
  discrimination: 0.4,
  legal: 0.4,
  money: 0.3,
}

const HURRIED = new Set(
  (
    'urgent urgently asap immediately emergency tonight stranded stuck locked deadline hurry ' +
    'urgente urgentemente inmediatamente emergencia atrapado varado hoy ' +
    'urgence immediatement bloque bloquee vite ' +
    'dringend sofort eilig notfall umgehend ' +
    'spoed dringend onmiddellijk meteen nood ' +
    'subito immediatamente urgenza emergenza imediatamente ' +
    'pilne natychmiast acil hemen عاجل فورا तुरंत जल्दी'
  )
    .split(' ')
    .map(hashWord),
)

/** From 0 to 1. Each reason takes its share of what the others left. */
export function urgencyOf(kinds: readonly Severity[], lexicon: Int32Array, lexical: number): number {
  let calm = 1
  for (const kind of kinds) calm *= 1 - WEIGHTS[kind]
  let hurried = 0
  for (let at = 0; at < lexical && hurried < 2; at += 1) if (HURRIED.has(lexicon[at]!)) hurried += 1
  calm *= 0.65 ** hurried
  return 1 - calm
}
