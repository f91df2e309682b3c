/** A platform's date counts unless it lies in the future or before the networks did: then arrival is when it happened. */
export function occurredAt(claimed: Date, receivedAt: Date): Date {
  const time = claimed.getTime()
  const ahead = time - receivedAt.getTime() > 10 * 60_000
  return Number.isNaN(time) || ahead || time < Date.UTC(1990, 0, 1) ? receivedAt : claimed
}
