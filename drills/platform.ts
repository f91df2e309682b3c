// Somebody else's platform, moody on purpose. It keeps no ids and forgives nothing: a message that it took twice counts twice.
import type { ServerResponse } from 'node:http'
import { answer, closeHalfway, hangUp, startFakePlatform, type FakeRequest } from '#platform/testing/fake-platform'
import { seededRandom } from '#platform/testing/random'

export interface Platform {
  readonly url: string
  /** How often each answer was taken, by our id of it. More than once is a customer who reads it twice. */
  readonly taken: ReadonlyMap<string, number>
  /** How often it was refused outright, which may be tried again. */
  readonly refused: () => number
  /** 0: takes everything; 1: does everything that platforms do. */
  mood(moodiness: 0 | 1): void
  stop(): Promise<void>
}

export async function startPlatform(): Promise<Platform> {
  const taken = new Map<string, number>()
  const random = seededRandom(20261121)
  let refused = 0
  let moodiness = 1
  const take = (id: string): void => void taken.set(id, (taken.get(id) ?? 0) + 1)

  const behave = (request: FakeRequest, response: ServerResponse): void => {
    if (request.path.startsWith('/look-up')) {
      const id = new URL(request.path, 'http://platform').searchParams.get('id') ?? ''
      return (taken.has(id) ? answer(200, { externalId: id }) : answer(404, {}))(request, response)
    }
    const id = request.headers['webhook-id'] ?? ''
    const dice = moodiness === 0 ? 99 : random.below(20)
    if (dice < 2) {
      refused += 1
      return answer(dice === 0 ? 500 : 429, { reason: 'not now' }, { 'retry-after': '1' })(request, response)
    }
    // The line breaks before anything is taken, and after: only we know which it was.
    if (dice === 2) return hangUp()(request, response)
    take(id)
    if (dice === 3) return hangUp()(request, response)
    if (dice === 4) return closeHalfway()(request, response)
    answer(200, { externalId: id })(request, response)
  }
  const fake = await startFakePlatform(behave)
  return {
    url: fake.url,
    taken,
    refused: () => refused,
    mood: (next) => (moodiness = next),
    stop: () => fake.stop(),
  }
}
