import { expect, test } from 'vitest'
import { openRepeats } from './repeats.ts'

const NOW = new Date('2026-11-20T09:00:00Z')
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)

function entrance() {
  const repeats = openRepeats()
  let stored = 0
  const take = (id: string, body = '{}', at = NOW, connection = 'one') =>
    repeats.once(connection, id, Buffer.from(body), at, async () => void (stored += 1))
  return { repeats, take, count: () => stored }
}

test('the same delivery is stored once, for as long as its signature can be fresh', async () => {
  const { take, count } = entrance()
  expect([await take('a'), await take('a'), await take('a', '{}', later(600))]).toEqual(['stored', 'repeat', 'repeat'])
  expect(await take('a', '{}', later(661))).toBe('stored')
  expect(count()).toBe(2)
})

test('another body, another id and another connection are other deliveries', async () => {
  const { take, count } = entrance()
  await take('a', '{}')
  expect([await take('a', '{"n":2}'), await take('b', '{}'), await take('a', '{}', NOW, 'two')]).toEqual([
    'stored',
    'stored',
    'stored',
  ])
  expect(count()).toBe(4)
})

test('two at once share one fate, and what failed is taken when it comes again', async () => {
  const { repeats, take } = entrance()
  const failing = () =>
    repeats.once('one', 'a', Buffer.from('{}'), NOW, () => Promise.reject(new Error('the database is away')))
  const both = await Promise.allSettled([failing(), take('a')])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await take('a')).toBe('stored')
})

test('memory stays bounded under a flood of ids', async () => {
  const { take, count } = entrance()
  for (let i = 0; i < 20_500; i++) await take(`id-${i}`)
  expect(await take('id-20499')).toBe('repeat')
  expect(await take('id-0')).toBe('stored')
  expect(count()).toBe(20_501)
})
