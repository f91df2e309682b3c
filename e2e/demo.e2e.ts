// The demo as a newcomer meets it: one start, one sign-in, and a post in the forum that is answered in the desk.
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readConfig } from '#platform/config'
import { startProgram, type Program } from '../bin/program/program.ts'
import { prepareDemo, type Demo } from '../bin/sample/demo.ts'

let dataDir: string
let demo: Demo
let program: Program
let cookie: string

const call = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(program.url + path, { redirect: 'manual', ...init, headers: { cookie, origin: program.url, ...init.headers } })
const json = async <T>(path: string): Promise<T> => (await (await call(path)).json()) as T
const post = (path: string, fields: Record<string, string>): Promise<Response> =>
  call(path, { method: 'POST', body: new URLSearchParams(fields) })

async function start(): Promise<void> {
  demo = await prepareDemo(dataDir, () => {})
  program = await startProgram({
    config: demo.configure(readConfig({ DATA_DIR: dataDir, PORT: '0' })),
    log: pino({ level: 'silent' }),
    version: 'test',
    extend: demo.extend,
    allowPrivate: demo.allowPrivate,
  })
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rapport-demo-'))
  await chmod(dataDir, 0o755)
  await start()
}, 180_000)
afterAll(async () => {
  await program[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true, force: true })
})

describe('the demo', () => {
  test('prints a sign-in that works, and keeps its password where only its owner reads it', async () => {
    const words = await demo.welcome(program.url)
    const password = /Password\s+(\S+)/.exec(words)?.[1] ?? ''
    const reply = await fetch(`${program.url}/api/auth/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: program.url },
      body: JSON.stringify({ email: 'robin@larkmoor.example', password }),
    })
    expect(reply.status).toBe(200)
    cookie = reply.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
    const file = join(dataDir, 'demo-sign-in.txt')
    expect((await stat(file)).mode & 0o077).toBe(0)
    expect(await readFile(file, 'utf8')).toContain(password)
    expect(program.setupLink).toBeNull()
  })

  test('has a month of conversations, some of them for the newcomer', async () => {
    const counts = await json<{ open: number; mine: number; waiting: number }>('/api/conversations/counts')
    expect(counts.open).toBeGreaterThan(15)
    expect(counts.mine).toBeGreaterThan(0)
    expect(await json('/api/sample')).toMatchObject({ state: 'loaded', conversations: expect.any(Number) })
  })

  test('shows the customer’s pages, without a script or a style of their own inside', async () => {
    for (const path of [
      '/demo',
      '/demo/shop',
      '/demo/forum',
      '/demo/mail',
      '/demo/mastodon',
      '/demo/bluesky/private',
    ]) {
      const reply = await call(path)
      const page = await reply.text()
      expect(reply.status, path).toBe(200)
      expect(reply.headers.get('content-security-policy')).toContain("script-src 'self'")
      expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/)
    }
    expect(await (await call('/demo/shop')).text()).toMatch(/loader\.js" data-key="[\w-]{20,}"/)
  })

  /** Somebody posts, the desk hears of it and answers, and the answer stands below the post. */
  async function roundTrip(page: string, fields: Record<string, string>, title: string, answer: string) {
    const posted = await post(page, fields)
    expect(posted.status).toBe(303)
    const thread = posted.headers.get('location') ?? ''
    const arrived = await vi.waitFor(
      async () => {
        const { items } = await json<{ items: { id: string; subject: string | null }[] }>(
          '/api/conversations?state=open',
        )
        const found = items.find(({ subject }) => subject?.includes(title))
        expect(found).toBeDefined()
        return found!
      },
      { timeout: 15_000, interval: 200 },
    )
    const sent = await call(`/api/conversations/${arrived.id}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ clientId: crypto.randomUUID(), body: answer }),
    })
    expect(sent.status).toBe(200)
    await vi.waitFor(async () => expect(await (await call(`${thread}/posts`)).text()).toContain(answer), {
      timeout: 30_000,
      interval: 500,
    })
    expect(await (await call(thread)).text()).toContain('&#60;b&#62;')
  }

  test('carries posts into the desk, and the answers back', { timeout: 60_000 }, async () => {
    const inForum = { name: 'Zoe', subject: 'My seat sang', text: 'All the way <b>from</b> Cork.' }
    const onNetwork = { name: 'Zoe Quist', text: 'My seat <b>whistles</b>.' }
    await Promise.all([
      roundTrip('/demo/forum', inForum, 'My seat sang', 'Which tune was it?'),
      roundTrip('/demo/mastodon', onNetwork, 'My seat <b>', 'Does it take requests?'),
    ])
  })

  test(
    'takes a mail to oneself: into the desk by SMTP, the answer back by SMTP, and on',
    { timeout: 90_000 },
    async () => {
      const mail = (path: string, fields: Record<string, string>, file?: File): Promise<Response> => {
        const body = new FormData()
        for (const [name, value] of Object.entries(fields)) body.set(name, value)
        if (file) body.set('file', file)
        return call(path, { method: 'POST', body })
      }
      const missing = await mail('/demo/mail', { name: 'Zoe', address: 'nowhere', subject: 'Hm', text: 'x' })
      expect(missing.status).toBe(422)
      expect(await missing.text()).toContain('Please give an address')
      const posted = await mail(
        '/demo/mail',
        { name: 'Zoe Quist', address: 'zoe@mailbox.example', subject: 'My bag hums', text: 'In <b>C minor</b>.' },
        new File(['AB 123'], 'tag.txt', { type: 'text/plain' }),
      )
      expect(posted.status).toBe(303)
      const thread = posted.headers.get('location') ?? ''
      const arrived = await vi.waitFor(
        async () => {
          const { items } = await json<{ items: { id: string; subject: string; customerName: string }[] }>(
            '/api/conversations?state=open',
          )
          const found = items.find(({ subject }) => subject === 'My bag hums')
          expect(found?.customerName).toBe('Zoe Quist')
          return found!
        },
        { timeout: 20_000, interval: 200 },
      )
      type Messages = { items: { body: string; placedBy: string; attachments: { name: string }[] }[] }
      const said = async () => (await json<Messages>(`/api/conversations/${arrived.id}/messages`)).items
      expect((await said())[0]!.attachments.map(({ name }) => name)).toEqual(['tag.txt'])
      await call(`/api/conversations/${arrived.id}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ clientId: crypto.randomUUID(), body: 'Does it know the words?' }),
      })
      await vi.waitFor(
        async () => expect(await (await call(`${thread}/letters`)).text()).toContain('Does it know the words?'),
        { timeout: 40_000, interval: 500 },
      )
      expect(await (await call(thread)).text()).toContain('&#60;b&#62;C minor')
      expect((await mail(thread, { text: 'Only the second verse.' })).status).toBe(303)
      await vi.waitFor(
        async () => {
          const newest = (await said())[0]!
          expect(newest.body).toContain('Only the second verse.')
          expect(newest.placedBy).toBe('reply_address')
        },
        { timeout: 20_000, interval: 200 },
      )
    },
  )

  test('has a complaint on each network that went on in private', { timeout: 60_000 }, async () => {
    for (const [name, first, last] of [
      ['Noor Haddad', 'in Lisbon', 'an otter on the lid'],
      ['Tamsin Oyelaran', 'refund', 'The tomatoes are ripe'],
    ]) {
      type Said = { body: string; visibility: string; kind: string; engagement: { likes?: number } }
      await vi.waitFor(
        async () => {
          const { items } = await json<{ items: { id: string; customerName: string }[] }>(
            '/api/conversations?state=open&limit=100',
          )
          const all = items.filter(({ customerName }) => customerName === name)
          expect(all).toHaveLength(1)
          const said = (await json<{ items: Said[] }>(`/api/conversations/${all[0]!.id}/messages`)).items
          const [inPrivate] = said.filter(({ kind }) => kind === 'in')
          expect(inPrivate).toMatchObject({ visibility: 'private', body: expect.stringContaining(last!) })
          const complaint = said.find(({ body }) => body.includes(first!))!
          expect([complaint.visibility, (complaint.engagement.likes ?? 0) > 200]).toEqual(['public', true])
          expect(said.map(({ kind, visibility }) => `${kind} ${visibility}`)).toContain('out public')
        },
        { timeout: 40_000, interval: 500 },
      )
    }
  })

  test('says what is missing instead of posting nothing', async () => {
    const reply = await post('/demo/forum', { name: 'Zoe', subject: 'Empty', text: '   ' })
    expect(reply.status).toBe(422)
    expect(await reply.text()).toContain('write something')
  })

  test('is the same demo after a restart', { timeout: 120_000 }, async () => {
    const before = await demo.welcome('there')
    await program[Symbol.asyncDispose]()
    await start()
    expect(await demo.welcome('there')).toBe(before)
    expect(await (await call('/demo/forum')).text()).toContain('My seat sang')
    expect(await (await call('/demo/mail')).text()).toContain('My bag hums')
    expect(await (await call('/demo/mastodon')).text()).toContain('whistles')
  })
})
