// What attackers write comes back as it was written, as JSON and nothing else; files are served so that no browser runs them.
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testClock } from '#platform/clock'
import { keepFile } from '#platform/files/keep'
import { openFileStore, type FileStore } from '#platform/files/store'
import { useDatabase } from '#platform/testing/database'
import { startTestServer } from '#platform/testing/http'
import { aConversation, aMessage, anAnswer, anInbox, at, minute, takeIn, type MadeInbox } from './factories.ts'
import { inboxPlugins } from './routes.ts'
import { addUpload } from './uploads.ts'

const database = useDatabase()
const repository = fileURLToPath(new URL('../../../', import.meta.url))
const corpus = join(repository, '..', 'shared', 'data', 'security')
const there = existsSync(corpus)
if (!there) console.info(`skipped: the corpus of hostile texts is not beside the repository (${corpus})`)

let inbox: MadeInbox
let app: FastifyInstance
let files: FileStore
let directory: string

beforeAll(async () => {
  inbox = await anInbox(database.db)
  directory = await mkdtemp(join(tmpdir(), 'rapport-hostile-'))
  files = await openFileStore({ directory })
  const deps = { db: database.db, known: inbox.known, files }
  const actor = at(inbox.owner, minute(100))
  app = await startTestServer({
    clock: testClock(minute(100)),
    authorize: async () => actor,
    plugins: inboxPlugins.map((plugin) => plugin(deps)),
  })
})
afterAll(async () => {
  await app.close()
  await rm(directory, { recursive: true, force: true })
})

function texts(): string[] {
  const naughty = JSON.parse(readFileSync(join(corpus, 'naughty-strings.json'), 'utf8')) as string[]
  const payloads = readFileSync(join(corpus, 'xss-payloads.txt'), 'utf8').split('\n')
  const vectors = readFileSync(join(corpus, 'html5-vectors.txt'), 'utf8').split('\n')
  return [...naughty, ...payloads, ...vectors].filter((text) => text !== '')
}
/** As every text of a channel is kept. */
const kept = (text: string) => text.toWellFormed().replaceAll('\u0000', '')

describe.skipIf(!there)('hostile texts', () => {
  test('as words, names and subjects come back word for word, as JSON that no browser takes for a page', async () => {
    const all = texts()
    expect(all.length).toBeGreaterThan(6000)
    for (let from = 0; from < all.length; from += 200) {
      const some = all.slice(from, from + 200)
      const key = `hostile-${from}`
      const events = some.map((text, i) =>
        aMessage({
          id: `${key}-${i}`,
          thread: { key, subject: kept(some[0]!).slice(0, 1000) },
          author: { id: `${key}-${i}`, name: text.slice(0, 500) },
          text,
          at: minute(i / 60).toISOString(),
        }),
      )
      await takeIn(database.db, inbox, events)
      const { id } = await database.db.read(inbox, (tx) =>
        tx.selectFrom('conversations').select('id').where('threadKey', '=', key).executeTakeFirstOrThrow(),
      )
      const read: { body: string; authorName: string }[] = []
      for (let after = ''; ;) {
        const reply = await app.inject({ url: `/api/conversations/${id}/messages?limit=100${after}` })
        expect(reply.headers['content-type']).toBe('application/json; charset=utf-8')
        expect(reply.headers['x-content-type-options']).toBe('nosniff')
        const page = reply.json()
        read.push(...page.items)
        if (page.next === null) break
        after = `&after=${page.next}`
      }
      expect(read.toReversed().map(({ body }) => body)).toEqual(some.map(kept))
      expect(read.toReversed().map(({ authorName }) => authorName)).toEqual(
        some.map((text) => kept(text.slice(0, 500))),
      )
    }
  }, 120_000)

  test('as words to look for they find something or nothing, and never break', async () => {
    const naughty = JSON.parse(readFileSync(join(corpus, 'naughty-strings.json'), 'utf8')) as string[]
    for (const q of [...naughty, 'a\u0000b', '"', '-', '& | ! ( ) :*', "'; drop table messages; --"]) {
      if (q === '') continue
      const reply = await app.inject({
        url: '/api/search/messages',
        query: { q: q.slice(0, 200) },
        remoteAddress: `10.0.0.${naughty.indexOf(q) % 250}`,
      })
      expect([q, [200, 400].includes(reply.statusCode)]).toEqual([q, true])
    }
  }, 120_000)
})

test('files are served as something to keep, in a sandbox, under a name that breaks no header', async () => {
  const { id: conversationId } = await aConversation(database.db, inbox)
  const actor = at(inbox.owner, minute(50))
  const hostile = [
    ['<img src=x onerror=alert(1)>.html', 'text/html', '<script>alert(1)</script>'],
    ['a"\r\nset-cookie: x=1.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['../../etc/passwd.js', 'text/javascript', 'alert(1)'],
    ['picture.png', 'image/png', '<html><script>alert(1)</script>'],
    ['\u202Egnp.exe', 'application/pdf', '%PDF-1.4 <script>'],
  ] as const
  for (const [name, mediaType, text] of hostile) {
    const outcome = await keepFile(
      files,
      [Buffer.from(text)] as unknown as AsyncIterable<Uint8Array>,
      { name, mediaType },
      1e6,
    )
    if (!outcome.ok) throw new Error(outcome.reason)
    const upload = await database.db.write(actor, (tx) => addUpload(tx, actor, outcome.file))
    await anAnswer(database.db, inbox, actor, conversationId, { attachmentIds: [upload.id] })
    const reply = await app.inject({ url: `/api/attachments/${upload.id}/file` })
    expect(reply.statusCode).toBe(200)
    expect(reply.headers['content-security-policy']).toMatch(/sandbox/)
    expect(reply.headers['content-security-policy']).not.toMatch(/allow-scripts|script-src 'self'/)
    expect(reply.headers['content-disposition']).toMatch(/^attachment/)
    expect(reply.headers['x-content-type-options']).toBe('nosniff')
    expect(reply.headers['content-type']).not.toMatch(/html|svg|javascript/)
    expect(reply.headers['set-cookie']).toBeUndefined()
    expect(reply.body).toBe(text)
  }
})
