import type { LookupAddress } from 'node:dns'
import type { RequestListener, Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import type { GuardedFetch, GuardedFetchSettings, GuardedOutcome } from './guarded-fetch.ts'
import { openGuardedFetch } from './guarded-fetch.ts'

interface Site {
  port: number
  origin: string
  connections: number
  requests: { method: string; url: string; headers: Record<string, unknown>; body: string }[]
}

const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function aSite(listener: RequestListener, host = '127.0.0.1'): Promise<Site> {
  const site: Site = { port: 0, origin: '', connections: 0, requests: [] }
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      site.requests.push({
        method: request.method!,
        url: request.url!,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      })
      listener(request, response)
    })
  })
  server.on('connection', () => site.connections++)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  cleanups.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  site.port = (server.address() as AddressInfo).port
  site.origin = `http://${host}:${site.port}`
  return site
}

function aFetcher(settings: GuardedFetchSettings = {}): GuardedFetch {
  const fetcher = openGuardedFetch(settings)
  cleanups.push(() => fetcher.close())
  return fetcher
}

/** Lets through the given sites and nothing else. */
function fetcherFor(...sites: Site[]): GuardedFetch {
  return aFetcher({ allow: (address, port) => address === '127.0.0.1' && sites.some((site) => site.port === port) })
}

function answers(...addresses: string[]): LookupAddress[] {
  return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
}

function reasonOf(outcome: GuardedOutcome): string {
  return outcome.ok ? `status ${outcome.status}` : outcome.reason
}

describe('addresses', () => {
  test('this machine is refused in every spelling, and is not even connected to', async () => {
    const site = await aSite((_request, response) => response.end('secret'))
    const fetcher = aFetcher({ ports: [site.port] })
    const hosts = [
      '127.0.0.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '127.1',
      '0',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[64:ff9b::7f00:1]',
      '[::]',
      'localhost',
      'localhost.',
      '１２７.0.0.1',
    ]
    for (const host of hosts) {
      const outcome = await fetcher.fetch(`http://${host}:${site.port}/`)
      // A machine without IPv6 or without the dotted name can fail to resolve it.
      expect(host === 'localhost.' ? ['address_refused', 'network'] : ['address_refused'], host).toContain(
        reasonOf(outcome),
      )
    }
    expect(site.connections).toBe(0)
  })

  test('a name is refused when any of its addresses is not public', async () => {
    const site = await aSite((_request, response) => response.end('secret'))
    for (const addresses of [
      ['127.0.0.1'],
      ['8.8.8.8', '127.0.0.1'],
      ['169.254.169.254'],
      ['::ffff:10.0.0.1'],
      ['fd00::1', '8.8.8.8'],
      ['2002:7f00:1::'],
    ]) {
      const fetcher = aFetcher({ ports: [site.port], resolve: async () => answers(...addresses) })
      expect(reasonOf(await fetcher.fetch(`http://site.test:${site.port}/`)), addresses.join()).toBe('address_refused')
    }
    expect(site.connections).toBe(0)
  })

  test('the socket goes to the address that was checked: no second look-up', async () => {
    // The machine's own resolver would say 127.0.0.1 for this name; the checked answer is another address.
    const checked = await aSite((_request, response) => response.end('checked'), '127.0.0.2')
    const asked: string[] = []
    const fetcher = aFetcher({
      allow: (address) => address === '127.0.0.2',
      resolve: async (hostname) => {
        asked.push(hostname)
        return answers('127.0.0.2')
      },
    })
    const outcome = await fetcher.fetch(`http://localhost:${checked.port}/`)
    expect(outcome.ok && outcome.body.toString()).toBe('checked')
    expect(asked).toEqual(['localhost'])
    expect(checked.requests[0]!.headers.host).toBe(`localhost:${checked.port}`)
  })

  test('a name that rebinds between two requests is checked again with each connection', async () => {
    const site = await aSite((_request, response) => response.setHeader('connection', 'close').end('ok'))
    const turns = [answers('127.0.0.1'), answers('127.0.0.9')]
    const fetcher = aFetcher({ allow: (address) => address === '127.0.0.1', resolve: async () => turns.shift() ?? [] })
    const url = `http://rebind.test:${site.port}/`
    expect(reasonOf(await fetcher.fetch(url))).toBe('status 200')
    expect(reasonOf(await fetcher.fetch(url))).toBe('address_refused')
    expect(site.requests).toHaveLength(1)
  })

  test('only the ports on the list are asked', async () => {
    const fetcher = aFetcher({ resolve: async () => answers('8.8.8.8') })
    for (const port of [22, 25, 6379, 5432]) {
      const outcome = await fetcher.fetch(`http://site.test:${port}/`)
      expect(outcome).toEqual({ ok: false, reason: 'address_refused', detail: `Port ${port} is not allowed` })
    }
  })

  test('what is no plain web address is refused unasked', async () => {
    const fetcher = aFetcher()
    for (const url of [
      '',
      'x',
      '/a',
      'ftp://a.example',
      'file:///etc/passwd',
      'javascript:x',
      'gopher://a',
      'http://user:pw@a.example/',
      'http://user@a.example',
      'http://',
      'http://a b',
    ]) {
      expect(reasonOf(await fetcher.fetch(url)), url).toBe('bad_url')
    }
  })
})

describe('redirects', () => {
  test('to the metadata address they are refused under either policy', async () => {
    const site = await aSite((_request, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
    )
    const fetcher = fetcherFor(site)
    expect(reasonOf(await fetcher.fetch(site.origin))).toBe('redirect_refused')
    expect(reasonOf(await fetcher.fetch(site.origin, { redirects: 'checked' }))).toBe('address_refused')
    expect(reasonOf(await fetcher.fetch(site.origin, { redirects: 'none' }))).toBe('redirect_refused')
  })

  test('to another scheme they are refused', async () => {
    for (const location of ['file:///etc/passwd', 'javascript:1', 'http://u:p@127.0.0.1/']) {
      const site = await aSite((_request, response) => response.writeHead(302, { location }).end())
      expect(reasonOf(await fetcherFor(site).fetch(site.origin, { redirects: 'checked' })), location).toBe('bad_url')
    }
  })

  test('three within the origin are followed, a fourth is not', async () => {
    const site = await aSite((request, response) => {
      const left = Number(request.url!.slice(1))
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end('ignored')
      else response.end('here')
    })
    const fetcher = fetcherFor(site)
    const outcome = await fetcher.fetch(`${site.origin}/3`, { headers: { authorization: 'mine' } })
    expect(outcome).toMatchObject({ ok: true, status: 200, url: `${site.origin}/0` })
    expect(site.requests.every((request) => request.headers.authorization === 'mine')).toBe(true)
    expect(reasonOf(await fetcher.fetch(`${site.origin}/4`))).toBe('redirect_refused')
  })

  test('across origins the request keeps its own headers to itself', async () => {
    const target = await aSite((_request, response) => response.end('target'))
    const site = await aSite((_request, response) => response.writeHead(302, { location: `${target.origin}/x` }).end())
    const fetcher = fetcherFor(site, target)
    const headers = { authorization: 'Bearer mine', cookie: 'a=b', 'x-key': 'k' }
    expect(reasonOf(await fetcher.fetch(site.origin, { headers, redirects: 'checked' }))).toBe('status 200')
    expect(site.requests[0]!.headers).toMatchObject(headers)
    for (const name of Object.keys(headers)) expect(target.requests[0]!.headers).not.toHaveProperty(name)
  })

  test('of a delivery are not followed', async () => {
    const site = await aSite((_request, response) => response.writeHead(307, { location: '/again' }).end())
    expect(reasonOf(await fetcherFor(site).fetch(site.origin, { method: 'POST', body: '{}' }))).toBe('redirect_refused')
    expect(site.requests).toHaveLength(1)
  })
})

describe('limits', () => {
  test('a body that drips for ever ends with the time', async () => {
    const site = await aSite((_request, response) => {
      const timer = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(timer))
    })
    const start = performance.now()
    expect(reasonOf(await fetcherFor(site).fetch(site.origin, { timeoutMs: 300 }))).toBe('timeout')
    expect(performance.now() - start).toBeLessThan(2000)
  })

  test('a server that never answers and a resolver that never answers end with the time', async () => {
    const site = await aSite(() => {})
    expect(reasonOf(await fetcherFor(site).fetch(site.origin, { timeoutMs: 200 }))).toBe('timeout')
    const fetcher = aFetcher({ resolve: () => new Promise(() => {}) })
    expect(reasonOf(await fetcher.fetch('http://site.test/', { timeoutMs: 200 }))).toBe('timeout')
  })

  test('a chain of redirects shares one time', async () => {
    const site = await aSite(
      (_request, response) => void setTimeout(() => response.writeHead(302, { location: '/next' }).end(), 150),
    )
    const start = performance.now()
    expect(reasonOf(await fetcherFor(site).fetch(site.origin, { timeoutMs: 250 }))).toBe('timeout')
    expect(performance.now() - start).toBeLessThan(1000)
  })

  test('an endless body is cut at the limit, and the connection with it', async () => {
    let sent = 0
    const closed = Promise.withResolvers<void>()
    const site = await aSite((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024)
      const more = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length
      }
      response.on('drain', more)
      response.on('close', () => closed.resolve())
      more()
    })
    expect(reasonOf(await fetcherFor(site).fetch(site.origin, { maxBytes: 200_000 }))).toBe('too_large')
    await closed.promise
    expect(sent).toBeLessThan(20_000_000)
  })

  test('a body announced as too long is not read', async () => {
    const site = await aSite((_request, response) =>
      response.writeHead(200, { 'content-length': '10000000' }).write('x'),
    )
    expect(reasonOf(await fetcherFor(site).fetch(site.origin, { maxBytes: 1000 }))).toBe('too_large')
  })

  test('compressed bodies are unpacked up to the limit and no further', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024))
    expect(bomb.length).toBeLessThan(250_000)
    const site = await aSite((request, response) => {
      if (request.url === '/bomb') response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
      else if (request.url === '/br')
        response.writeHead(200, { 'content-encoding': 'br' }).end(brotliCompressSync('unpacked'))
      else if (request.url === '/broken') response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip')
      else response.writeHead(200, { 'content-encoding': 'rot13' }).end('x')
    })
    const fetcher = fetcherFor(site)
    const before = process.memoryUsage().arrayBuffers
    expect(reasonOf(await fetcher.fetch(`${site.origin}/bomb`, { maxBytes: 1_000_000 }))).toBe('too_large')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000)
    const unpacked = await fetcher.fetch(`${site.origin}/br`)
    expect(unpacked.ok && unpacked.body.toString()).toBe('unpacked')
    expect(reasonOf(await fetcher.fetch(`${site.origin}/broken`))).toBe('network')
    expect(reasonOf(await fetcher.fetch(`${site.origin}/other`))).toBe('network')
  })

  test('headers have a limit too', async () => {
    const site = await aSite((_request, response) => response.writeHead(200, { 'x-long': 'x'.repeat(60_000) }).end())
    expect(reasonOf(await fetcherFor(site).fetch(site.origin))).toBe('network')
  })

  test('only the wanted types are read', async () => {
    const site = await aSite((request, response) =>
      response
        .writeHead(200, { 'content-type': request.url === '/png' ? 'image/png' : 'Text/HTML; charset=utf-8' })
        .end('x'),
    )
    const fetcher = fetcherFor(site)
    expect(reasonOf(await fetcher.fetch(`${site.origin}/png`, { types: ['image/'] }))).toBe('status 200')
    expect(reasonOf(await fetcher.fetch(`${site.origin}/html`, { types: ['image/'] }))).toBe('type_refused')
    expect(reasonOf(await fetcher.fetch(`${site.origin}/html`, { types: ['text/html'] }))).toBe('status 200')
  })
})

describe('answers', () => {
  test('a delivery arrives as it was sent, and every status is an answer', async () => {
    const site = await aSite((_request, response) =>
      response.writeHead(410, { 'x-why': 'gone', 'set-cookie': ['a=1', 'b=2'] }).end('gone'),
    )
    const outcome = await fetcherFor(site).fetch(`${site.origin}/hook?x=1`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'Content-Type': 'application/json' },
    })
    expect(outcome).toMatchObject({
      ok: true,
      status: 410,
      headers: { 'x-why': 'gone', 'set-cookie': 'a=1, b=2' },
      url: `${site.origin}/hook?x=1`,
    })
    expect(site.requests[0]).toMatchObject({
      method: 'POST',
      url: '/hook?x=1',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', 'user-agent': 'Rapport' },
    })
  })

  test('a refused connection, a missing name and a half answer are network failures', async () => {
    const site = await aSite((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half')
      setTimeout(() => response.destroy(), 20)
    })
    expect(reasonOf(await fetcherFor(site).fetch(site.origin))).toBe('network')
    const fetcher = aFetcher({
      allow: () => true,
      resolve: async (name) => (name === 'none.test' ? [] : answers('127.0.0.1')),
    })
    expect(reasonOf(await fetcher.fetch('http://closed.test:1/'))).toBe('network')
    expect(reasonOf(await fetcher.fetch('http://none.test/'))).toBe('network')
  })

  test('connections are kept for the next request', async () => {
    const site = await aSite((_request, response) => response.end('ok'))
    const fetcher = fetcherFor(site)
    for (let round = 0; round < 5; round++) expect(reasonOf(await fetcher.fetch(site.origin))).toBe('status 200')
    expect(site.connections).toBeLessThan(5)
  })

  test('a header that would ask for another name than the checked one is a programming error', async () => {
    const site = await aSite((_request, response) => response.end('ok'))
    const outcome = await fetcherFor(site)
      .fetch(site.origin, { headers: { Host: 'internal' } })
      .catch((error: unknown) => error)
    expect(outcome).toBeInstanceOf(TypeError)
    expect(site.connections).toBe(0)
  })
})
