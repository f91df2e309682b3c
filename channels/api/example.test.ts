// The example program of the docs, run as a reader would run it, against this channel's own code on both sides.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { answer, type Behaviour, type FakePlatform, startFakePlatform } from '#platform/testing/fake-platform'
import { anOutbound, openLoopbackFetch, testContext } from '../conformance.ts'
import type { InboundEvent, PlatformContext } from '../connector.ts'
import { api } from './index.ts'
import { makeSecret } from './verify.ts'

const program = fileURLToPath(new URL('../../docs/examples/api-channel/desk.mjs', import.meta.url))
const credentials = { signingSecret: makeSecret(), callbackSecret: makeSecret() }
const network = openLoopbackFetch({ timeoutMs: 5_000 })
const heard: InboundEvent[] = []
let directory: string
let rapport: FakePlatform
let desk: ChildProcess
let printed = ''
let context: PlatformContext

/** What Rapport does with a delivery: judge it, then understand it. */
const accept: Behaviour = async (request, response) => {
  const delivery = { id: 'd', headers: request.headers, body: request.body, receivedAt: new Date() }
  const verdict = api.verify!(delivery, credentials, {})
  if (verdict.ok) heard.push(...(await api.receive(delivery, { connectionId: 'c', settings: {} })))
  answer(verdict.ok ? 200 : 401, verdict)(request, response)
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rapport-example-'))
  rapport = await startFakePlatform(accept)
  const settings = { rapportUrl: `${rapport.url}/hooks/c`, ...credentials, port: 0 }
  await writeFile(join(directory, 'settings.json'), JSON.stringify(settings))
  desk = spawn(process.execPath, [program, join(directory, 'settings.json')], { stdio: ['pipe', 'pipe', 'inherit'] })
  desk.stdout!.on('data', (chunk: Buffer) => void (printed += chunk.toString()))
  const callbackUrl = await vi.waitUntil(() => /http:\S+(?=\n)/.exec(printed)?.[0], 10_000)
  const reach = { callbackUrl, lookUpUrl: `${callbackUrl}/known` }
  context = testContext({ fetch: network.fetch, credentials, settings: reach, now: () => new Date() })
})
afterAll(async () => {
  desk?.kill()
  await network.close()
  await rapport?.stop()
  await rm(directory, { recursive: true, force: true })
})

test('what is typed comes in as a message, after an error too, under the same id', async () => {
  rapport.script(answer(503), accept)
  desk.stdin!.write('My bag did not arrive. 🧳\n')
  await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(1)
  expect(heard[0]).toMatchObject({
    type: 'message',
    text: 'My bag did not arrive. 🧳',
    author: { externalId: 'customer-1' },
  })
  const [first, second] = rapport.requests
  expect(first!.body.equals(second!.body)).toBe(true)
  expect(first!.headers['webhook-id']).toBe(second!.headers['webhook-id'])
})

test('an answer is printed once, confirmed with receipts, and found when asked about', async () => {
  heard.length = 0
  expect(await api.test!(context)).toEqual({ ok: true, note: 'It answered 200.' })
  const outbound = anOutbound({ text: 'It is on the next flight.' })
  expect(await api.lookUp!(outbound, context)).toEqual({ state: 'absent' })
  for (const attempt of [1, 2]) {
    expect(await api.send!({ ...outbound, attempt }, context)).toEqual({ state: 'sent', externalId: 'desk-answer-1' })
  }
  expect(await api.lookUp!(outbound, context)).toEqual({ state: 'found', externalId: 'desk-answer-1' })
  await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(2)
  expect(heard).toMatchObject([
    { type: 'receipt', externalId: 'desk-answer-1', state: 'delivered' },
    { type: 'receipt', externalId: 'desk-answer-1', state: 'read' },
  ])
  expect(printed.split('Jo from support: It is on the next flight.\n')).toHaveLength(2)
})

test('what somebody else signed, or signed long ago, is refused', async () => {
  const stranger = { ...context, credentials: { callbackSecret: makeSecret() } }
  expect(await api.send!(anOutbound(), stranger)).toEqual({ state: 'reauthorize', reason: '401: Bad signature' })
  const late = { ...context, now: () => new Date(Date.now() - 301_000) }
  expect(await api.send!(anOutbound(), late)).toMatchObject({ state: 'reauthorize' })
})
