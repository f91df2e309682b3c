import { RefusedError } from '#platform/contract/client'

/** Waits between tries, in milliseconds: half a minute of patience with a server that restarts or a train in a tunnel. */
const WAITS = [500, 1000, 2000, 3000, 4000, 5000, 7000, 8000]

/**
 * Asks again while nobody answers. Only for calls that carry their own id: the server may have done what was asked and died
 * before it said so, and then the same id must do it once, where a new try by hand would do it twice.
 * @throws what the server refused, at once; what went wrong last, when patience is over.
 */
export async function untilAnswered<T>(
  call: () => Promise<T>,
  sleep: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await call()
    } catch (error) {
      const wait = WAITS[tries]
      // 0: nobody was there at all.
      const status = error instanceof RefusedError ? error.problem.status : 0
      const isAnswer = status >= 400 && status < 500
      if (isAnswer || wait === undefined) throw error
      await sleep(wait)
    }
  }
}
