import { afterAll, beforeAll, expect, test } from 'vitest'
import { answer, type FakePlatform, rateLimit, receiver, slow, startFakePlatform } from './fake-platform.ts'
import { seededRandom } from './random.ts'

let platform: FakePlatform
beforeAll(async () => {
  platform = await startFakePlatform()
})
afterAll(() => platform.stop())

const post = (id: string) => fetch(platform.url, { method: 'POST', body: id, headers: { 'webhook-id': id } })

test('a script is followed step by step, and its last step stays', async () => {
  platform.script(answer(500), answer(201, { a: 1 }), answer(204))
  const statuses = []
  for (const id of ['a', 'b', 'c', 'd']) statuses.push((await post(id)).status)
  expect(statuses).toEqual([500, 201, 204, 204])
  expect(platform.requests.map(({ body }) => body.toString())).toEqual(['a', 'b', 'c', 'd'])
  platform.script(answer(200))
  expect(platform.requests).toEqual([])
})

test('a slow platform takes its time', async () => {
  platform.script(slow(80, answer(200)))
  const since = performance.now()
  expect((await post('a')).status).toBe(200)
  expect(performance.now() - since).toBeGreaterThan(75)
})

test('a limited platform says 429 to all above its rate', async () => {
  platform.script(rateLimit(3, answer(200)))
  const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(post))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429])
  expect(answers.find(({ status }) => status === 429)!.headers.get('retry-after')).toBe('1')
})

test('a receiver counts what came twice and keeps the first', async () => {
  const desk = receiver()
  platform.script(desk.take(answer(500)), desk.take())
  for (const id of ['a', 'a', 'b']) await post(id)
  expect([...desk.arrivals]).toEqual([
    ['a', 2],
    ['b', 1],
  ])
  expect([...desk.taken.keys()]).toEqual(['a', 'b'])
})

test('chance repeats itself with its seed, and spreads', () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed)
    return Array.from({ length: 10_000 }, () => random.below(10))
  }
  expect(draw(1)).toEqual(draw(1))
  expect(draw(1)).not.toEqual(draw(2))
  for (let digit = 0; digit < 10; digit++) {
    const count = draw(3).filter((one) => one === digit).length
    expect(count).toBeGreaterThan(850)
    expect(count).toBeLessThan(1150)
  }
})
