import { signalAfterCommit } from '#platform/db/database'

export const OUTBOUND_SIGNAL = 'outbound'

/** Wakes the sender once the transaction has committed. */
export function signalOutbound(tx: object): void {
  signalAfterCommit(tx, OUTBOUND_SIGNAL)
}
