import { expect, test } from 'vitest'
import { RefusedError } from '#platform/contract/client'
import { untilAnswered } from './until-answered.ts'

const soon = async (): Promise<void> => undefined
const refusal = (status: number) => new RefusedError({ code: 'some', message: 'no', status })

test('a call that nobody answered is made again, and its answer counts', async () => {
  const answers: (Error | string)[] = [new TypeError('Failed to fetch'), refusal(0), refusal(503), 'taken']
  const answer = await untilAnswered(async () => {
    const next = answers.shift()!
    if (next instanceof Error) throw next
    return next
  }, soon)
  expect(answer).toBe('taken')
  expect(answers).toEqual([])
})

test('a refusal is an answer', async () => {
  let calls = 0
  const refused = untilAnswered(async () => {
    calls += 1
    throw refusal(422)
  }, soon)
  await expect(refused).rejects.toMatchObject({ problem: { status: 422 } })
  expect(calls).toBe(1)
})

test('patience ends', async () => {
  let calls = 0
  const silent = untilAnswered(async () => {
    calls += 1
    throw new TypeError('Failed to fetch')
  }, soon)
  await expect(silent).rejects.toThrow('Failed to fetch')
  expect(calls).toBe(9)
})
