import { randomUUID, randomUUIDv7 } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { inboxEvents } from '#inbox/contract'
import { programActor } from '#platform/actor'
import { emitter } from '#platform/events/emit'
import { useDatabase } from '#platform/testing/database'
import { webchatRoutes, type VisitMessage } from '../contract.ts'
import { aDesk, aVisitor, bodies, call, openTestStream, understood, write, type Call, type Desk } from './testing.ts'

const database = useDatabase()
const emit = emitter(inboxEvents)
let desk: Desk
beforeEach(async () => {
  desk = await aDesk(database.db)
})
afterEach(() => desk?.[Symbol.asyncDispose]())

/** Puts something into a thread as the inbox leaves it. */
async function say(
  conversationId: string,
  body: string,
  { kind = 'out', state = 'sent', files = 0 } = {},
): Promise<string> {
  const { workspaceId, clock } = desk
  const actor = programActor(workspaceId, clock.now())
  return database.db.write(actor, async (tx) => {
    const id = randomUUIDv7()
    await tx
      .insertInto('messages')
      .values({
        workspaceId,
        id,
        conversationId,
        episode: 1,
        kind,
        visibility: 'private',
        authorName: 'Mia',
        body,
        attachmentCount: files,
        occurredAt: actor.at,
        receivedAt: actor.at,
        state: kind === 'out' ? state : null,
      })
      .execute()
    await emit(tx, actor, 'inbox.message_received', {
      subjectId: conversationId,
      data: { conversationId, messageId: id },
    })
    return id
  })
}

describe('the thread', () => {
  test('shows what was said between visitor and desk, and nothing else', async () => {
    const visitor = await aVisitor(desk)
    const line = await write(desk, visitor)
    desk.clock.advance(1000)
    for (const state of ['held', 'queued', 'sending', 'failed', 'unknown', 'cancelled'])
      await say(line, `secret ${state}`, { state })
    await say(line, 'secret note', { kind: 'note' })
    await say(line, 'secret system', { kind: 'system' })
    await say(line, 'Good morning')
    const { json, text } = await call(desk, 'listVisitMessages', visitor)
    expect(
      json.items.map(({ from, text: said, author, clientId }: VisitMessage) => [from, said, author, clientId]),
    ).toEqual([
      ['desk', 'Good morning', 'Mia', null],
      ['visitor', 'Hi', null, expect.stringMatching(/^[\da-f-]{36}$/)],
    ])
    expect(text).not.toContain('secret')
    const transcript = await call(desk, 'getTranscript', { ...visitor, query: { timeZone: 'Europe/Berlin' } })
    expect(transcript.text).toContain('2026-11-23 11:00')
    expect(transcript.text).toContain('Good morning')
    expect(transcript.text).not.toContain('secret')
    expect((await call(desk, 'getTranscript', { ...visitor, query: { timeZone: 'Moon' } })).status).toBe(400)
  })

  test('pages from its end without a gap or a double, also among messages of one moment', async () => {
    const visitor = await aVisitor(desk)
    const line = await write(desk, visitor, 'first')
    for (let i = 0; i < 89; i++) await say(line, String(i))
    const seen: string[] = []
    for (let after: string | null = ''; after !== null;) {
      const { json } = await call(desk, 'listVisitMessages', { ...visitor, query: after === '' ? {} : { after } })
      seen.push(...json.items.map(({ text }: VisitMessage) => text))
      after = json.next
    }
    expect(seen).toEqual([...Array.from({ length: 89 }, (_, i) => String(88 - i)), 'first'])
  })

  test('begins anew only once the last one was resolved', async () => {
    const visitor = await aVisitor(desk)
    const line = await write(desk, visitor)
    expect((await call(desk, 'startLine', visitor)).json.code).toBe('webchat.still_open')
    await database.db.write({ workspaceId: desk.workspaceId }, (tx) =>
      tx.updateTable('conversations').set({ state: 'resolved' }).where('id', '=', line).execute(),
    )
    expect((await call(desk, 'startLine', visitor)).json.line.state).toBe('none')
    expect((await call(desk, 'listVisitMessages', visitor)).json.items).toEqual([])
    expect(await write(desk, visitor, 'again')).not.toBe(line)
    expect((await bodies(desk)).at(-1)).toMatchObject({ thread: `visitor:${visitor.visit.visitorId}:2` })
  })

  test('tells the product what reached the browser, and only of answers in the own line', async () => {
    const [ana, eve] = [await aVisitor(desk), await aVisitor(desk)]
    const line = await write(desk, ana)
    const answer = await say(line, 'Hello')
    const mine = await say(line, 'Me', { kind: 'in' })
    const confirm = (token: string, state: string) =>
      call(desk, 'confirmMessages', { token, body: { messageIds: [answer, mine, randomUUID()], state } })
    expect((await confirm(eve.token, 'read')).status).toBe(204)
    expect(await bodies(desk)).toHaveLength(1)
    await confirm(ana.token, 'delivered')
    const receipts = (await understood(desk)).flatMap(({ event }) => (event.type === 'receipt' ? [event] : []))
    expect(receipts).toEqual([{ type: 'receipt', at: desk.clock.now(), externalId: answer, state: 'delivered' }])
  })
})

describe('one visitor’s token', () => {
  test('opens nothing of another’s, on any route', async () => {
    const ana = await aVisitor(desk, { contact: { name: 'Ana Secret', email: 'ana@example.org' } })
    const eve = await aVisitor(desk)
    const line = await write(desk, ana, 'A secret of mine')
    const secret = await say(line, 'A secret of yours', { files: 1 })
    const id = randomUUIDv7()
    const { workspaceId } = desk
    desk.files.set('f'.repeat(64), Buffer.from('secret bytes'))
    const file = {
      name: 'a.png',
      mediaType: 'image/png',
      kind: 'image',
      size: 12,
      sha256: 'f'.repeat(64),
      state: 'stored',
    }
    await database.db.write({ workspaceId }, (tx) =>
      tx
        .insertInto('attachments')
        .values({ workspaceId, id, messageId: secret, conversationId: line, ...file, createdAt: desk.clock.now() })
        .execute(),
    )
    const params = { id }
    expect((await call(desk, 'readFile', { token: ana.token, params })).text).toBe('secret bytes')
    const before = (await bodies(desk)).length
    const inputs: Partial<Record<keyof typeof webchatRoutes, Call>> = {
      saveContact: { body: { name: 'Eve' } },
      postMessage: { body: { clientId: randomUUID(), text: 'x' } },
      confirmMessages: { body: { messageIds: [secret], state: 'read' } },
      setTyping: { body: { typing: true } },
    }
    const names = Object.keys(webchatRoutes) as (keyof typeof webchatRoutes)[]
    const ofVisitors = names.filter((name) => webchatRoutes[name].access === 'visitor')
    // The last would end Eve's token, the stream is asked below, and an upload has nothing of Ana's to show.
    for (const name of ofVisitors.filter((one) => !['endVisit', 'visitStream'].includes(one))) {
      const answer = await call(desk, name, { ...inputs[name], token: eve.token, params })
      expect(answer.text, name).not.toMatch(/secret|ana@/i)
      expect((await call(desk, name, { ...inputs[name], params })).status, `${name} without a token`).toBe(401)
      const token = `rv_${'A'.repeat(43)}`
      expect((await call(desk, name, { ...inputs[name], token, params })).status, `${name} with a made-up token`).toBe(
        401,
      )
    }
    expect((await call(desk, 'readFile', { token: eve.token, params })).status).toBe(404)
    expect(JSON.stringify((await bodies(desk)).slice(before))).not.toContain(ana.visit.visitorId)
    expect(desk.shown).toEqual([])
    const base = await desk.app.listen({ port: 0, host: '127.0.0.1' })
    const stream = await openTestStream(desk, base, eve.token)
    await say(line, 'Another secret')
    await sleep(300)
    expect(stream.frames()[0]!.event).toBe('snapshot')
    expect(stream.text()).not.toMatch(/secret/i)
    stream.close()
  })

  test('opens nothing in another chat', async () => {
    const { token } = await aVisitor(desk)
    await using other = await aDesk(database.db)
    expect((await call(other, 'resumeVisit', { token })).status).toBe(401)
  })
})

describe('the stream', () => {
  test('follows a line that is only now begun, and shows typing, hours and what is theirs to see', async () => {
    desk.hours = { openNow: true, nextOpening: null }
    const base = await desk.app.listen({ port: 0, host: '127.0.0.1' })
    const visitor = await aVisitor(desk)
    const stream = await openTestStream(desk, base, visitor.token)
    await stream.until(() => stream.frames().length >= 2)
    expect(stream.frames()[0]).toMatchObject({
      event: 'snapshot',
      data: { messages: [], next: null, line: { state: 'none' } },
    })
    expect(stream.frames()[1]).toMatchObject({ event: 'hours', data: { open: true } })
    const conversationId = await write(desk, visitor)
    await say(conversationId, 'secret', { kind: 'note' })
    await say(conversationId, 'Hello there')
    await stream.until(() => stream.said().includes('Hello there') && stream.said().includes('Hi'))
    desk.typing({ workspaceId: desk.workspaceId, conversationId, typing: true })
    desk.typing({ workspaceId: randomUUID(), conversationId, typing: false })
    await stream.until(() => stream.frames().some(({ event }) => event === 'typing'))
    const typing = stream.frames().filter(({ event }) => event === 'typing')
    expect(typing).toEqual([{ event: 'typing', id: undefined, data: { typing: true } }])
    await call(desk, 'setTyping', { ...visitor, body: { typing: true } })
    expect(desk.shown).toEqual([{ workspaceId: desk.workspaceId, conversationId, typing: true }])
    expect(stream.text()).not.toContain('secret')
    stream.close()
  })

  test('resumed from where it stood misses nothing and repeats nothing', async () => {
    const base = await desk.app.listen({ port: 0, host: '127.0.0.1' })
    const visitor = await aVisitor(desk)
    const line = await write(desk, visitor, 'one')
    const first = await openTestStream(desk, base, visitor.token)
    await first.until(() => first.said().length === 1)
    await say(line, 'two')
    await first.until(() => first.said().length === 2)
    first.close()
    await say(line, 'three')
    const place = first.frames().findLast(({ id }) => id)!.id!
    const again = await openTestStream(desk, base, visitor.token, place)
    await again.until(() => again.said().length > 0)
    expect(again.frames()[0]!.event).toBe('changes')
    expect(again.said()).toEqual(['three'])
    again.close()
    // A place of another line or another life of the database means nothing: everything comes anew.
    const lost = await openTestStream(desk, base, visitor.token, '9-1.1.1')
    await lost.until(() => lost.said().length === 3)
    expect(lost.frames()[0]!.event).toBe('snapshot')
    lost.close()
  })

  test('of a fourth window takes the place of the oldest', async () => {
    const base = await desk.app.listen({ port: 0, host: '127.0.0.1' })
    const { token } = await aVisitor(desk)
    const open = []
    for (let i = 0; i < 4; i++) {
      const stream = await openTestStream(desk, base, token)
      await stream.until(() => stream.frames().length > 0)
      open.push(stream)
    }
    await open[0]!.ended
    expect(open[0]!.text()).toContain('event: replaced')
    expect(open[3]!.text()).not.toContain('event: replaced')
    for (const stream of open) stream.close()
  })

  test('ends when the program does, so that nothing waits for it', async () => {
    const base = await desk.app.listen({ port: 0, host: '127.0.0.1' })
    const { token } = await aVisitor(desk)
    const stream = await openTestStream(desk, base, token)
    await stream.until(() => stream.frames().length > 0)
    await desk.app.close()
    await stream.ended
  })
})
