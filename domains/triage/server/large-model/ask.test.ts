import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Actor } from '#platform/actor'
import { openGuardedFetch, type GuardedFetch } from '#platform/http/guarded-fetch'
import { useDatabase } from '#platform/testing/database'
import { aConversation, anInbox, at, minute, type MadeInbox } from '../../../inbox/server/factories.ts'
import { findPersonalData } from '../personal-data/find.ts'
import { changeSettings, usedToday } from '../settings.ts'
import { assessMessages } from '../storing/catch-up.ts'
import { openAssessor, type Assessor } from '../worker/assessor.ts'
import { askLargeModel, type LargeModel } from './ask.ts'
import { readAnswer, redacted, requestBody } from './protocol.ts'

const database = useDatabase()
let assessor: Assessor
let guarded: GuardedFetch
let server: Server
let url: string
let inbox: MadeInbox
let actor: Actor
/** What the model's server was sent, and what it answers. */
let heard: { headers: Record<string, unknown>; body: string }[] = []
let reply: (body: string) => { status: number; body: string } | null

beforeAll(async () => {
  assessor = openAssessor({ log: pino({ level: 'silent' }) })
  guarded = openGuardedFetch({ allow: () => true })
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      heard.push({ headers: request.headers, body })
      const answer = reply(body)
      // Null: it hangs.
      if (answer) response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
})
afterAll(async () => {
  await assessor?.[Symbol.asyncDispose]()
  await guarded?.close()
  server?.closeAllConnections()
  server?.close()
})
beforeEach(async () => {
  heard = []
  inbox = await anInbox(database.db)
  actor = at(inbox.owner, minute(10))
})

const model = (timeoutMs = 2000): LargeModel => ({ url, model: 'small', key: 'sk-test', timeoutMs, guarded })
const answered = (labels: unknown, total = 77) => ({
  status: 200,
  body: JSON.stringify({
    choices: [{ message: { content: JSON.stringify({ labels }) } }],
    usage: { total_tokens: total },
  }),
})
const switchOn = (dailyTokens = 100_000) =>
  database.db.write(actor, (tx) => changeSettings(tx, actor, { largeModel: true, dailyTokens }, true))

/** A message that the offline model is made to be unsure of. */
async function unsure(text: string) {
  const made = await aConversation(database.db, inbox, { texts: [text] })
  await assessMessages(database.db, actor, { assessor, known: inbox.known }, made.messageIds)
  await database.db.write(inbox, (tx) =>
    tx
      .updateTable('messageAssessments')
      .set({ sentiment: 'unsure' })
      .where('messageId', '=', made.messageIds[0]!)
      .execute(),
  )
  return made
}
const sentiments = () =>
  database.db.read(inbox, (tx) => tx.selectFrom('messageAssessments').select(['sentiment', 'source']).execute())
const uses = () => database.db.read(inbox, (tx) => tx.selectFrom('largeModelUses').selectAll().execute())
const ask = (timeoutMs?: number) => askLargeModel(database.db, actor, inbox.known, model(timeoutMs))

test('is asked nothing until somebody switches it on', async () => {
  await unsure('well, that went as it always goes')
  await ask()
  expect(heard).toEqual([])
})

test('is asked only what is unsure, with personal data covered, and its answer is stored and on record', async () => {
  await switchOn()
  const made = await unsure('well @joe_b, that went as always, mail jo@example.org or 4111 1111 1111 1111')
  const sure = await aConversation(database.db, inbox, { texts: ['Thank you so much, wonderful!'] })
  await assessMessages(database.db, actor, { assessor, known: inbox.known }, sure.messageIds)
  reply = () => answered([{ n: 0, sentiment: 'negative' }])
  await ask()
  expect(heard).toHaveLength(1)
  expect(heard[0]!.headers['authorization']).toBe('Bearer sk-test')
  for (const secret of ['4111', 'example.org', 'joe_b', 'wonderful']) expect(heard[0]!.body).not.toContain(secret)
  const row = await database.db.read(inbox, (tx) =>
    tx.selectFrom('conversations').select('sentiment').where('id', '=', made.id).executeTakeFirstOrThrow(),
  )
  expect(row.sentiment).toBe('negative')
  expect(await uses()).toMatchObject([{ outcome: 'answered', messages: 1, answered: 1, tokens: 77, model: 'small' }])
  expect(await database.db.read(inbox, (tx) => usedToday(tx, actor))).toBe(77)
  // What is answered is not asked again.
  await ask()
  expect(heard).toHaveLength(1)
})

test('that fails, hangs, or talks nonsense leaves the offline answer, and each try is on record', async () => {
  await switchOn()
  await unsure('well, that went as it always goes')
  for (const [answer, timeoutMs, reason] of [
    [{ status: 500, body: 'oops' }, 2000, 'It answered 500.'],
    [{ status: 200, body: '<html>' }, 2000, 'Its answer could not be read.'],
    [null, 300, 'timeout: Not done within 300 ms'],
  ] as const) {
    reply = () => answer
    await ask(timeoutMs)
    expect((await uses()).map((use) => use.reason)).toContain(reason)
  }
  expect(await sentiments()).toEqual([{ sentiment: 'unsure', source: 'shipped' }])
  expect((await uses()).every(({ outcome, tokens }) => outcome === 'failed' && tokens > 0)).toBe(true)
})

test('is not asked beyond the day’s budget', async () => {
  await switchOn(10)
  await unsure('well, that went as it always goes')
  await ask()
  expect(heard).toEqual([])
  expect(await uses()).toMatchObject([{ outcome: 'over_budget', tokens: 0 }])
})

test('what comes back is one of three labels under a number that was asked, whatever it is', () => {
  fc.assert(
    fc.property(fc.anything(), fc.nat(5), (labels, asked) => {
      const read = readAnswer(answered(labels).body, asked)
      for (const [n, label] of read?.labels ?? []) {
        expect(n).toBeLessThan(asked)
        expect(['negative', 'neutral', 'positive']).toContain(label)
      }
    }),
  )
  fc.assert(fc.property(fc.string(), (body) => void readAnswer(body, 3)))
})

test('no text leaves with personal data in it, and covering it twice changes nothing', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.constantFrom('4111 1111 1111 1111', 'jo@example.org', 'DE89 3704 0044 0532 0130 00', '@jo_brand'),
      fc.string(),
      (before, secret, after) => {
        const covered = redacted(`${before} ${secret} ${after}`)
        expect(covered).not.toContain(secret)
        expect(findPersonalData(covered).filter(({ kind }) => kind === 'card')).toEqual([])
        expect(redacted(covered)).toBe(covered)
        expect(requestBody('m', [`${before} ${secret}`])).not.toContain(secret)
      },
    ),
  )
})
