// What one stranger, and all of them together, may ask of the door.
export interface ListenLimits {
  /** Connections at once, of everybody and of one address. */
  readonly connections: number
  readonly connectionsPerAddress: number
  /** Connections that one address may open in a minute. */
  readonly perMinute: number
  /** Bytes of mail that are held at once before they are stored. */
  readonly heldBytes: number
  readonly mailBytes: number
  readonly recipients: number
  /** Wrong recipients on one connection, after which it is closed. */
  readonly strangers: number
  /** Of silence, and of one whole mail. */
  readonly silenceMs: number
  readonly mailMs: number
}

export const LISTEN_LIMITS: ListenLimits = {
  connections: 200,
  connectionsPerAddress: 20,
  perMinute: 120,
  heldBytes: 256 * 1024 * 1024,
  mailBytes: 50 * 1024 * 1024,
  recipients: 100,
  strangers: 20,
  silenceMs: 60_000,
  mailMs: 600_000,
}

export interface Doorkeeper {
  /** Why an address may not come in now; null when it may, and then `left` is owed. */
  entered(address: string): 'too many at once' | 'too often' | null
  left(address: string): void
}

const MINUTE_MS = 60_000
const MOST_REMEMBERED = 100_000

export function openDoorkeeper(limits: ListenLimits, now: () => Date): Doorkeeper {
  const inside = new Map<string, number>()
  let since = 0
  let came = new Map<string, number>()
  return {
    entered(address) {
      const at = now().getTime()
      if (at - since >= MINUTE_MS || at < since || came.size > MOST_REMEMBERED) {
        since = at
        came = new Map()
      }
      const times = (came.get(address) ?? 0) + 1
      came.set(address, times)
      const here = inside.get(address) ?? 0
      if (times > limits.perMinute) return 'too often'
      if (here >= limits.connectionsPerAddress) return 'too many at once'
      inside.set(address, here + 1)
      return null
    },
    left(address) {
      const here = (inside.get(address) ?? 1) - 1
      if (here > 0) inside.set(address, here)
      else inside.delete(address)
    },
  }
}
