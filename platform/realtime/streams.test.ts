import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import * as t from 'typebox'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { programActor, type Actor } from '../actor.ts'
import { emitter } from '../events/emit.ts'
import { formatPosition } from '../events/position.ts'
import { headPosition, readEvents } from '../events/read.ts'
import { tailEvents, type EventTail } from '../events/tail.ts'
import { useDatabase } from '../testing/database.ts'
import { aWorkspace } from '../testing/workspace.ts'
import { FLEETING_TOPIC, openStreams, type Streams } from './streams.ts'

const database = useDatabase()
// What a tail hands out comes when all older transactions of the server are over, those of other tests too.
const SOON = { timeout: 30_000 }
const log = pino({ level: 'silent' })
const now = new Date('2026-11-02T09:00:00Z')
const shape = { summary: '', data: t.Object({ n: t.Integer(), pad: t.Optional(t.String()) }), stale: [] }
const emit = emitter({ 'test.said': shape, 'test.authority': shape })

let app: FastifyInstance
let tail: EventTail
let streams: Streams
let address: string
let workspaceId: string
let allowed: (actor: Actor) => Actor | null | Promise<Actor | null>

beforeEach(async () => {
  workspaceId = (await aWorkspace(database.db)).workspaceId
  allowed = (actor) => actor
  tail = await tailEvents(database.db, log)
  streams = openStreams({
    db: database.db,
    tail,
    canSee: (actor, { visibility }) =>
      visibility['team'] === undefined || actor.teamIds.includes(String(visibility['team'])),
    authorityEvents: new Set(['test.authority']),
  })
  app = Fastify()
  app.get('/stream', (request, reply) => {
    const { workspace = workspaceId, team = '', id = 'me' } = request.query as Record<string, string>
    const actor: Actor = { ...programActor(workspace, now), id, teamIds: team === '' ? [] : [team] }
    return streams.open(request, reply, actor, async () => allowed(actor))
  })
  address = await app.listen({ port: 0, host: '127.0.0.1' })
})
afterEach(async () => {
  streams.close()
  await tail[Symbol.asyncDispose]()
  await app.close()
})

const say = (
  n: number,
  over: { team?: string; workspace?: string; pad?: string; type?: 'test.said' | 'test.authority' } = {},
) => {
  const actor = programActor(over.workspace ?? workspaceId, now)
  const data = { n, ...(over.pad !== undefined && { pad: over.pad }) }
  return database.db.write(actor, (tx) =>
    emit(tx, actor, over.type ?? 'test.said', {
      subjectId: null,
      data,
      visibility: over.team ? { team: over.team } : {},
    }),
  )
}
/** Once nothing that was said waits for an older transaction of somebody else. */
async function settled(): Promise<void> {
  const unsettled = () => database.db.system(async (tx) => (await readEvents(tx, await headPosition(tx))).unsettled)
  await expect.poll(unsettled, SOON).toBe(false)
}
const headNow = async () => formatPosition(await database.db.system(headPosition))

/** A browser: its frames as they came; ends with the test. */
async function listen(query = '', headers: Record<string, string> = {}) {
  const stop = new AbortController()
  const response = await fetch(`${address}/stream?${query}`, { signal: stop.signal, headers })
  const frames: { event?: string; id?: string; data?: { type?: string; data?: { n: number } } }[] = []
  let ended = false
  const done = (async () => {
    let text = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const parts = (text + chunk).split('\n\n')
      text = parts.pop()!
      for (const part of parts) {
        const fields = Object.fromEntries(part.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)))
        if (fields['data']) frames.push({ ...fields, data: JSON.parse(fields['data']) })
      }
    }
  })()
    .catch(() => {})
    .finally(() => (ended = true))
  return {
    response,
    frames,
    numbers: () => frames.flatMap(({ data }) => (data?.data?.n === undefined ? [] : [data.data.n])),
    lastId: () => frames.findLast(({ id }) => id !== undefined)?.id,
    ended: () => ended,
    stop: async () => (stop.abort(), done),
  }
}

test('a fresh browser is greeted with its position and hears everything after it', async () => {
  const browser = await listen()
  expect(browser.response.headers.get('content-type')).toMatch(/^text\/event-stream/)
  await expect.poll(() => browser.frames[0]?.event, SOON).toBe('hello')
  for (const n of [1, 2, 3]) await say(n)
  await expect.poll(browser.numbers, SOON).toEqual([1, 2, 3])
  await sleep(100)
  expect(streams.count()).toBe(1)
  await browser.stop()
  await expect.poll(() => streams.count(), SOON).toBe(0)
})

test('whoever comes back misses nothing and hears nothing twice, while others go on writing', async () => {
  let n = 0
  const wanted: number[] = []
  const heard: number[] = []
  let after = await headNow()
  let writing = true
  const writer = (async () => {
    while (writing) {
      wanted.push(n)
      await say(n++)
    }
  })()
  for (let round = 0; round < 15; round++) {
    const browser = await listen(`after=${after}`)
    await sleep(round % 3 === 0 ? 5 : 60)
    await browser.stop()
    heard.push(...browser.numbers())
    after = browser.lastId() ?? after
  }
  writing = false
  await writer
  const last = await listen('', { 'last-event-id': after })
  await expect.poll(() => [...heard, ...last.numbers()].length, SOON).toBeGreaterThanOrEqual(wanted.length)
  await sleep(200)
  expect([...heard, ...last.numbers()]).toEqual(wanted)
  await last.stop()
})

test('a position of another life of the database, or one too far back, makes the browser fetch anew', async () => {
  const start = await headNow()
  const other = await listen(`after=9${start}`)
  await expect.poll(() => other.frames[0]?.event, SOON).toBe('reset')
  const actor = programActor(workspaceId, now)
  for (let i = 0; i < 5; i++)
    await database.db.write(actor, (tx) =>
      emit(tx, actor, 'test.said', ...Array.from({ length: 500 }, (_, n) => ({ subjectId: null, data: { n } }))),
    )
  await settled()
  const back = await listen(`after=${start}`)
  // The tail may still be handing out what was said before: the reset need not be the last frame.
  await expect.poll(() => back.frames.some(({ event }) => event === 'reset'), SOON).toBe(true)
  await say(7777)
  await expect.poll(() => back.numbers().at(-1), SOON).toBe(7777)
  await Promise.all([other.stop(), back.stop()])
})

test('nobody hears of another workspace, or of what they may not see', async () => {
  const elsewhere = (await aWorkspace(database.db)).workspaceId
  const start = await headNow()
  const [mine, theirs, red] = await Promise.all([listen(), listen(`workspace=${elsewhere}`), listen('team=red')])
  await say(1, { workspace: elsewhere })
  await say(2, { team: 'red' })
  await say(3)
  await expect.poll(red.numbers, SOON).toEqual([2, 3])
  await expect.poll(mine.numbers, SOON).toEqual([3])
  await expect.poll(theirs.numbers, SOON).toEqual([1])
  const late = await listen(`after=${start}`)
  await expect.poll(late.numbers, SOON).toEqual([3])
  await Promise.all([mine, theirs, red, late].map((one) => one.stop()))
})

test('a log-in that was revoked ends its stream as soon as authority changes', async () => {
  const [one, other] = await Promise.all([listen('id=one'), listen('id=other')])
  await expect.poll(() => streams.count(), SOON).toBe(2)
  allowed = (actor) => (actor.id === 'one' ? null : actor)
  await say(1, { type: 'test.authority' })
  await expect.poll(one.ended, SOON).toBe(true)
  await say(2)
  await expect.poll(other.numbers, SOON).toEqual([1, 2])
  expect(one.numbers()).not.toContain(2)
  await other.stop()
})

test('whose authority is being asked while all streams are closed is let go', async () => {
  const browser = await listen()
  await expect.poll(() => browser.frames[0]?.event, SOON).toBe('hello')
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<void>()
  allowed = async (actor) => {
    asked.resolve()
    await answer.promise
    return actor
  }
  await say(1, { type: 'test.authority' })
  await asked.promise
  streams.close()
  answer.resolve()
  await expect.poll(browser.ended, SOON).toBe(true)
  // What nobody catches would end the program; here it would end the test run.
  await sleep(0)
  expect(streams.count()).toBe(0)
})

test('fleeting things reach those who may see them, and not who sent them', async () => {
  const [me, you, red] = await Promise.all([listen('id=me'), listen('id=you'), listen('id=red&team=red')])
  await expect.poll(() => streams.count(), SOON).toBe(3)
  const types = (n: number, team?: string) =>
    database.db.signals.publish(FLEETING_TOPIC, {
      workspaceId,
      type: 'x',
      data: { n },
      visibility: team ? { team } : {},
      exceptActorId: 'me',
    })
  types(1)
  types(2, 'red')
  await expect.poll(red.numbers, SOON).toEqual([1, 2])
  expect([me.numbers(), you.numbers()]).toEqual([[], [1]])
  await Promise.all([me, you, red].map((one) => one.stop()))
})

test('a browser that does not read is dropped, and loses nothing when it comes back', async () => {
  const start = await headNow()
  const { port } = new URL(address)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write('GET /stream HTTP/1.1\r\nhost: x\r\n\r\n')
  socket.pause()
  await expect.poll(() => streams.count(), SOON).toBe(1)
  const pad = 'x'.repeat(200_000)
  for (let n = 0; n < 40; n++) await say(n, { pad })
  await expect.poll(() => streams.count(), SOON).toBe(0)
  socket.destroy()
  // Else the rest would come live in one gush, and whoever gets that is dropped for slow, as the first one was.
  await settled()
  const back = await listen(`after=${start}`)
  await expect.poll(() => back.numbers().length, SOON).toBe(40)
  await back.stop()
}, 120_000)
