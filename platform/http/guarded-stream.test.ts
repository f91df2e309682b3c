import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { type GuardedStreamOutcome, openGuardedStreams, type GuardedStreams } from './guarded-stream.ts'
import { openPlatformStream } from './platform-stream.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function aSite(tell: (response: ServerResponse) => void) {
  const site = { origin: '', open: 0, requests: [] as Record<string, unknown>[] }
  const server = createServer((request, response) => {
    site.requests.push(request.headers)
    tell(response)
  })
  server.on('connection', (socket) => {
    site.open += 1
    socket.on('close', () => (site.open -= 1))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  cleanups.push(() => {
    server.closeAllConnections()
    return new Promise((done) => server.close(done))
  })
  site.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return site
}

function streams(allow = true): GuardedStreams {
  const opened = openGuardedStreams(allow ? { allow: (address) => address === '127.0.0.1' } : {})
  cleanups.push(() => opened.close())
  return opened
}

async function linesOf(outcome: GuardedStreamOutcome, most = Number.POSITIVE_INFINITY) {
  if (!outcome.ok) throw new Error(outcome.detail)
  const lines: string[] = []
  try {
    for await (const line of outcome.lines) if (lines.push(line) >= most) break
  } catch (error) {
    return { lines, broken: (error as Error).message }
  }
  return { lines, broken: null }
}

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !holds(); turn++) await new Promise((done) => setTimeout(done, 10))
  expect(holds()).toBe(true)
}

describe('an endless answer', () => {
  test('is read line by line however it is cut, and ends where the other side ends it', async () => {
    const site = await aSite((response) => {
      const pieces = [
        Buffer.from('event: a\r\nda'),
        Buffer.from('ta: ü'),
        Buffer.from([0xf0, 0x9f]),
        Buffer.from([0x98, 0x80]),
      ]
      for (const piece of [...pieces, Buffer.from('\n\n:thump\nlast')]) response.write(piece)
      response.end()
    })
    const outcome = await streams().open(site.origin, { headers: { authorization: 'Bearer x' } })
    expect(outcome).toMatchObject({ ok: true, status: 200 })
    expect(await linesOf(outcome)).toEqual({ lines: ['event: a', 'data: ü😀', '', ':thump', 'last'], broken: null })
    expect(site.requests[0]).toMatchObject({ authorization: 'Bearer x', 'accept-encoding': 'identity' })
  })

  test('is handed on while it goes on', async () => {
    let answer: ServerResponse | undefined
    const site = await aSite((response) => void (answer = response).write('one\n'))
    const outcome = await streams().open(site.origin)
    if (!outcome.ok) throw new Error(outcome.detail)
    expect((await outcome.lines.next()).value).toBe('one')
    answer!.write('two\n')
    expect((await outcome.lines.next()).value).toBe('two')
    await outcome.lines.return()
    await until(() => site.open === 0)
  })

  test('is broken off by a line that is too long, by silence, and by a line that breaks, each told in words', async () => {
    const long = await aSite((response) => void response.write('ok\n' + 'x'.repeat(5000)))
    expect(await linesOf(await streams().open(long.origin, { maxLineBytes: 1000 }))).toEqual({
      lines: ['ok'],
      broken: 'A line has more than 1000 bytes.',
    })
    const silent = await aSite((response) => void response.write('ok\n'))
    expect(await linesOf(await streams().open(silent.origin, { idleMs: 100 }))).toEqual({
      lines: ['ok'],
      broken: 'Nothing came for 0 seconds.',
    })
    const breaking = await aSite((response) => response.write('ok\nhal', () => response.destroy()))
    expect(await linesOf(await streams().open(breaking.origin))).toMatchObject({
      broken: expect.stringMatching(/^The line broke/),
    })
    await until(() => long.open + silent.open + breaking.open === 0)
  })

  test('whose every line fits is not ended however much it says', async () => {
    const site = await aSite((response) => {
      for (let line = 0; line < 5000; line++) response.write(`${line} ${'y'.repeat(500)}\n`)
      response.end()
    })
    const { lines, broken } = await linesOf(await streams().open(site.origin, { maxLineBytes: 600 }))
    expect([lines.length, broken]).toEqual([5000, null])
  })

  test('ends by the signal: while it opens, before it is read, and while it is waited for', async () => {
    const silent = await aSite(() => {})
    const opening = streams().open(silent.origin, { signal: AbortSignal.timeout(50) })
    expect(await opening).toEqual({ ok: false, reason: 'timeout', detail: 'It was broken off' })
    const site = await aSite((response) => void response.write('ok\n'))
    for (const wait of [0, 50]) {
      const end = new AbortController()
      const outcome = await streams().open(site.origin, { signal: end.signal })
      if (wait === 0) end.abort()
      else setTimeout(() => end.abort(), wait)
      expect(await linesOf(outcome)).toMatchObject({ broken: 'It was broken off.' })
    }
    await until(() => silent.open + site.open === 0)
  })

  test('that nobody wants to read is let go', async () => {
    const site = await aSite((response) => void response.writeHead(401).write('no\n'))
    const outcome = await streams().open(site.origin)
    expect(outcome).toMatchObject({ ok: true, status: 401 })
    if (outcome.ok) await outcome.lines.return()
    await until(() => site.open === 0)
  })

  test('does not wait behind others: fifty stand open at once', async () => {
    const site = await aSite((response) => void response.write('ok\n'))
    const opened = streams()
    const all = await Promise.all(Array.from({ length: 50 }, () => opened.open(site.origin)))
    for (const outcome of all) expect(outcome.ok && (await outcome.lines.next()).value).toBe('ok')
    expect(site.open).toBe(50)
  })
})

describe('the guard', () => {
  test('lets nobody reach a private address, and follows no redirect', async () => {
    const site = await aSite((response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end())
    expect(await streams(false).open(site.origin)).toMatchObject({ ok: false, reason: 'address_refused' })
    expect(site.requests).toEqual([])
    expect(await streams().open(site.origin)).toMatchObject({ ok: true, status: 302 })
    expect(await streams().open('file:///etc/passwd')).toMatchObject({ ok: false, reason: 'bad_url' })
  })

  test('unpacks nothing', async () => {
    const site = await aSite((response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a'.repeat(1000))),
    )
    expect(await streams().open(site.origin)).toMatchObject({ ok: false, reason: 'network' })
  })
})

test('a channel is told what did not come about, and whether it may have been heard', async () => {
  const stream = openPlatformStream(streams(false))
  expect(await stream('http://127.0.0.1:9/')).toEqual({
    ok: false,
    sent: 'no',
    reason: expect.stringContaining('The address was refused'),
  })
  expect(await stream('https://a.example/', { headers: { host: 'b.example' } })).toMatchObject({
    ok: false,
    sent: 'no',
  })
})
