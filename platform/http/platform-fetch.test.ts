import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  answer,
  closeHalfway,
  endless,
  type FakePlatform,
  hang,
  hangUp,
  startFakePlatform,
} from '../testing/fake-platform.ts'
import type { GuardedFailure } from './guarded-body.ts'
import { openGuardedFetch } from './guarded-fetch.ts'
import { openPlatformFetch } from './platform-fetch.ts'

let platform: FakePlatform
const guarded = openGuardedFetch({ allow: () => true })
const fetch = openPlatformFetch(guarded, { timeoutMs: 2_000 })

beforeAll(async () => {
  platform = await startFakePlatform()
})
afterAll(async () => {
  await guarded.close()
  await platform.stop()
})

const post = (url = platform.url) => fetch(url, { method: 'POST', body: '{}' })

describe('an answer', () => {
  test.each([200, 202, 302, 404, 429, 500])('of %i is handed on as it is', async (status) => {
    platform.script(answer(status, { said: status }, { 'retry-after': '7' }))
    const response = await post()
    expect(response).toMatchObject({ ok: true, status, headers: { 'retry-after': '7' } })
    expect(response.ok && JSON.parse(response.body.toString())).toEqual({ said: status })
    expect(platform.requests[0]).toMatchObject({ method: 'POST', body: Buffer.from('{}') })
  })
})

describe('a request that surely did not arrive', () => {
  test('found nobody at the port', async () => {
    const closed = createServer()
    await new Promise<void>((done) => closed.listen(0, '127.0.0.1', done))
    const { port } = closed.address() as AddressInfo
    await new Promise((done) => closed.close(done))
    expect(await post(`http://127.0.0.1:${port}`)).toMatchObject({ ok: false, sent: 'no' })
  })

  test('went to an address that is not public', async () => {
    const strict = openGuardedFetch()
    platform.script(answer(200))
    const response = await openPlatformFetch(strict)(platform.url, { method: 'POST', body: '{}' })
    expect(response).toMatchObject({ ok: false, sent: 'no', reason: expect.stringContaining('not public') })
    expect(platform.requests).toEqual([])
    await strict.close()
  })

  test.each(['nonsense', 'ftp://127.0.0.1/', 'http://name:word@127.0.0.1/'])('had %s for an address', async (url) => {
    expect(await post(url)).toMatchObject({ ok: false, sent: 'no' })
  })

  test('had a name that nobody knows', async () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND desk.example'), { code: 'ENOTFOUND' })
    const lost = openGuardedFetch({ resolve: () => Promise.reject(unknown) })
    const response = await openPlatformFetch(lost)('https://desk.example/', { method: 'POST', body: '{}' })
    expect(response).toMatchObject({ ok: false, sent: 'no' })
    await lost.close()
  })

  test('met somebody who does not speak TLS', async () => {
    const response = await fetch(platform.url.replace('http:', 'https:'), {
      method: 'POST',
      body: '{}',
      timeoutMs: 500,
    })
    expect(response).toMatchObject({ ok: false, sent: 'no' })
    expect(platform.requests).toEqual([])
  })

  test('carried a header or a method that is not the caller’s to choose', async () => {
    platform.script(answer(200))
    expect(await fetch(platform.url, { headers: { host: 'elsewhere' } })).toMatchObject({ ok: false, sent: 'no' })
    expect(await fetch(platform.url, { method: 'TRACE' })).toMatchObject({ ok: false, sent: 'no' })
    expect(platform.requests).toEqual([])
  })
})

describe('a request that may have arrived', () => {
  test.each([
    ['heard nothing', hang()],
    ['was hung up on', hangUp()],
    ['was answered by half', closeHalfway()],
    ['was answered without end', endless(200, 8 * 1024 * 1024)],
    ['was sent elsewhere', answer(302, '', { location: 'https://elsewhere.example/' })],
  ])('%s', async (_what, behaviour) => {
    platform.script(behaviour)
    const response = await fetch(platform.url, { method: 'POST', body: '{}', timeoutMs: 500 })
    expect(response).toMatchObject({ ok: false, sent: 'maybe', reason: expect.stringMatching(/^[A-Z].+/) })
    expect(platform.requests).toHaveLength(1)
  })

  test.each<[GuardedFailure, string]>([
    ['network', 'ECONNRESET read ECONNRESET'],
    ['network', 'ETIMEDOUT read ETIMEDOUT'],
    ['network', 'EPIPE write EPIPE'],
    ['network', 'UND_ERR_SOCKET other side closed'],
    ['network', 'an error that nobody has met yet'],
    ['timeout', 'Not done within 25000 ms'],
  ])('failed with %s, %s', async (reason, detail) => {
    const failing = openPlatformFetch({ fetch: async () => ({ ok: false, reason, detail }) })
    expect(await failing('https://desk.example/')).toMatchObject({ ok: false, sent: 'maybe' })
  })

  test.each([
    'ECONNREFUSED connect ECONNREFUSED 192.0.2.1:443',
    'EAI_AGAIN getaddrinfo EAI_AGAIN desk.example',
    'ETIMEDOUT connect ETIMEDOUT 192.0.2.1:443',
    'UND_ERR_CONNECT_TIMEOUT Connect Timeout Error',
    'CERT_HAS_EXPIRED certificate has expired',
    'Out of time',
  ])('did not, where the failure was %s', async (detail) => {
    const failing = openPlatformFetch({ fetch: async () => ({ ok: false, reason: 'network', detail }) })
    expect(await failing('https://desk.example/')).toMatchObject({ ok: false, sent: 'no' })
  })
})
