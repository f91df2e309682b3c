import { randomUUIDv7 } from 'node:crypto'
import pg from 'pg'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { changeConnection, createConnection, type KnownConnection, type KnownConnections } from '#connections/server'
import { knowSpeakers, speakerKey } from '#customers/server'
import { claimDue, runSender, sendMessage, settle, storeInbound, writeNote } from '#inbox/server'
import { programActor } from '#platform/actor'
import type { StoredEvent } from '#platform/events/read'
import { useDatabase } from '#platform/testing/database'
import { aMember } from '../../workspaces/server/factories.ts'
import { carrierIdOf, webchatReactions, webchatTasks } from './carrying-on.ts'
import { mailWords } from './mail-words.ts'
import { aDesk, aVisitor, call, write, type Desk } from './testing.ts'

const database = useDatabase()
const MAIL = { receive: 'smtp', smtpHost: 'out.example', smtpWithoutLogin: true }
const ANA = 'ana@visitor.example'

let desk: Desk
let carrier: KnownConnection
/** An address belongs to one connection of the whole installation. */
let ours: string
/** What the carrier's connector was handed. */
let sent: Parameters<NonNullable<KnownConnection['connector']['send']>>[0][]
let known: KnownConnections
let outcome: () => { state: 'sent'; externalId: string } | { state: 'rejected'; reason: string }

const actorNow = () => programActor(desk.workspaceId, desk.clock.now())
const seconds = (count: number) => desk.clock.advance(count * 1000)

beforeEach(async () => {
  desk = await aDesk(database.db)
  sent = []
  ours = `help@${desk.workspaceId}.example`
  const settings = { ...MAIL, address: ours }
  const { id } = await database.db.write(actorNow(), (tx) =>
    createConnection(tx, actorNow(), { channel: 'email', name: 'Support', settings }, desk),
  )
  await database.db.write(actorNow(), (tx) =>
    changeConnection(tx, actorNow(), desk.chat.id, { settings: { continueBy: id } }, desk),
  )
  carrier = (await desk.known.byId(desk.workspaceId, id))!
  outcome = () => ({ state: 'sent', externalId: '' })
  known = {
    ...desk.known,
    byId: async (workspaceId, wanted) => {
      const found = await desk.known.byId(workspaceId, wanted)
      if (found?.id !== id) return found
      const send: NonNullable<typeof found.connector.send> = async (outbound) => {
        sent.push(outbound)
        const said = outcome()
        return said.state === 'sent' ? { ...said, externalId: outbound.platformIdentity } : said
      }
      return { ...found, connector: { ...found.connector, send } }
    },
  }
})
afterEach(() => desk?.[Symbol.asyncDispose]())

/** An answer of a member that lies ready in the chat. */
async function answer(conversationId: string, body: string): Promise<string> {
  const member = { ...(await aMember(database.db, desk.workspaceId, 'agent')), at: desk.clock.now() }
  const clientId = randomUUIDv7()
  await database.db.write(member, (tx) => sendMessage(tx, member, desk.chat, { conversationId, body, clientId }))
  seconds(11)
  const actor = actorNow()
  await database.db.write(actor, async (tx) => {
    for (const claim of await claimDue(tx, actor, desk.chat, 10))
      await settle(tx, actor, desk.chat.id, claim, { state: 'sent', externalId: claim.messageId }, true)
    await webchatReactions[0]!.run(tx, actor, [
      { type: 'inbox.message_state_changed', data: { conversationId, state: 'sent' } } as unknown as StoredEvent,
    ])
  })
  return clientId
}

const runJob = (conversationId: string) =>
  webchatTasks({ known })['webchat.carry_on']!(database.db, actorNow(), { conversationId })

async function planned(conversationId: string): Promise<number | null> {
  const client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  const { rows } = await client.query<{ run_at: Date }>('select run_at from graphile_worker.jobs where key = $1', [
    `webchat.carry_on:${conversationId}`,
  ])
  await client.end()
  return rows[0] ? (rows[0].run_at.getTime() - desk.clock.now().getTime()) / 1000 : null
}

const linesOf = (conversationId: string) =>
  database.db.read({ workspaceId: desk.workspaceId }, (tx) =>
    tx
      .selectFrom('messages')
      .select(['id', 'state', 'stateReason', 'data'])
      .where('conversationId', '=', conversationId)
      .where('body', '=', 'carried_on')
      .orderBy('seq')
      .execute(),
  )

/** Lets what is due leave through the carrier. */
async function leave(conversationId: string, state = 'sent'): Promise<void> {
  const silent = pino({ level: 'silent' })
  await using _sender = runSender({
    db: database.db,
    clock: desk.clock,
    log: silent,
    known,
    network: { fetch: null as never, stream: null as never, resolve: null as never },
    openFile: async () => Buffer.alloc(0),
  })
  await expect.poll(async () => (await linesOf(conversationId)).at(-1)?.state, { timeout: 10_000 }).toBe(state)
}

/** A mail comes in by the carrier, as the door hands it over. */
async function mailIn(
  raw: string,
  { conversation, from = ANA }: { conversation?: string; from?: string } = {},
): Promise<{ conversationId: string; placedBy: string } | undefined> {
  const receivedAt = desk.clock.now()
  const headers = { ...(conversation && { 'x-rapport-conversation': conversation }) }
  const body = Buffer.from(`From: ${from}\r\nTo: ${ours}\r\nMessage-ID: <${randomUUIDv7()}@v>\r\n${raw}`)
  const context = { connectionId: carrier.id, settings: carrier.settings }
  const events = await carrier.connector.receive({ id: randomUUIDv7(), headers, body, receivedAt }, context)
  const message = events.find((event) => event.type === 'message')!
  const actor = actorNow()
  return database.db.write(actor, async (tx) => {
    const speaker = { ...message.author, channel: carrier.channel, at: receivedAt }
    const speakers = await knowSpeakers(tx, actor, [speaker])
    const source = { connectionId: carrier.id, channel: carrier.channel, teamId: null }
    const [stored] = await storeInbound(tx, actor, [
      { source, message, speaker: speakers.get(speakerKey(speaker))!, receivedAt },
    ])
    return stored
  })
}

async function aVisitorWhoLeft(contact: object = { name: 'Ana', email: ANA }, locale = 'en') {
  const visitor = await aVisitor(desk, { contact, locale })
  return { visitor, line: await write(desk, visitor, 'Is my seat by the window?') }
}

describe('an answer that nobody comes to read', () => {
  test('goes by mail after two minutes, together with what was said since, and once', async () => {
    const { line } = await aVisitorWhoLeft()
    await answer(line, 'It is.')
    expect(await planned(line)).toBe(120)
    seconds(60)
    await answer(line, 'And there is a socket.')
    expect(await planned(line)).toBe(49)
    seconds(48)
    await runJob(line)
    expect(await linesOf(line)).toEqual([])
    seconds(1)
    await Promise.all([runJob(line), runJob(line)])
    await runJob(line)
    const lines = await linesOf(line)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ state: 'queued', data: { address: ANA, answers: 2, connectionName: 'Support' } })
    await leave(line)
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({
      conversationId: line,
      addressees: { to: [{ address: ANA }], cc: [], bcc: [] },
      subject: 'Your chat with Shop desk',
      carriesOn: true,
      automatic: false,
    })
    expect(sent[0]!.text.startsWith('It is.')).toBe(true)
    expect(sent[0]!.text).toContain('\n\nAnd there is a socket.\n\n')
    expect(sent[0]!.text).toContain('Reply to this mail')
    // Nothing of what the visitor said, or may have typed of themselves, leaves.
    expect(JSON.stringify(sent[0])).not.toMatch(/by the window|"Ana"/)
    seconds(3600)
    await runJob(line)
    expect(await linesOf(line)).toHaveLength(1)
  })

  test('stays in the chat when it was read there, or when nobody left an address', async () => {
    const { visitor, line } = await aVisitorWhoLeft()
    const id = await answer(line, 'It is.')
    const { status } = await call(desk, 'confirmMessages', {
      token: visitor.token,
      body: { messageIds: [id], state: 'read' },
    })
    expect(status).toBe(204)
    await database.db.write(actorNow(), (tx) =>
      tx.updateTable('messages').set({ state: 'read' }).where('id', '=', id).execute(),
    )
    seconds(600)
    await runJob(line)
    expect(await linesOf(line)).toEqual([])

    const nameless = await aVisitorWhoLeft({})
    await answer(nameless.line, 'It is.')
    seconds(600)
    await runJob(nameless.line)
    expect(await linesOf(nameless.line)).toEqual([])
    // The address comes late: what waits goes then.
    await call(desk, 'saveContact', { token: nameless.visitor.token, body: { email: ANA } })
    await runJob(nameless.line)
    expect(await linesOf(nameless.line)).toHaveLength(1)
  })

  test('never takes a note along, and never goes to an address of our own', async () => {
    const { line } = await aVisitorWhoLeft({ email: ours.replace('help@', 'HELP+me@') })
    const member = { ...(await aMember(database.db, desk.workspaceId, 'agent')), at: desk.clock.now() }
    const note = { conversationId: line, body: 'rude one', clientId: randomUUIDv7() }
    await database.db.write(member, (tx) => writeNote(tx, member, note))
    await answer(line, 'It is.')
    seconds(600)
    await runJob(line)
    expect(await linesOf(line)).toEqual([])
    await database.db.write(actorNow(), (tx) => tx.updateTable('visitors').set({ email: ANA }).execute())
    await runJob(line)
    await leave(line)
    expect(sent[0]!.text).not.toContain('rude one')
  })

  test('is not mailed again to where the last one could not be delivered, until another address is given', async () => {
    const { visitor, line } = await aVisitorWhoLeft()
    outcome = () => ({ state: 'rejected', reason: 'No such mailbox' })
    await answer(line, 'It is.')
    seconds(120)
    await runJob(line)
    await leave(line, 'failed')
    expect((await linesOf(line))[0]).toMatchObject({ state: 'failed', stateReason: 'No such mailbox' })
    await answer(line, 'Hello?')
    seconds(120)
    await runJob(line)
    expect(await linesOf(line)).toHaveLength(1)
    await call(desk, 'saveContact', { token: visitor.token, body: { email: 'ana@new.example' } })
    await runJob(line)
    expect(await linesOf(line)).toHaveLength(2)
  })

  test('does not keep the next answer from lying ready while the mail server is down', async () => {
    const { visitor, line } = await aVisitorWhoLeft()
    await answer(line, 'It is.')
    seconds(120)
    await runJob(line)
    await answer(line, 'Are you there?')
    const { json } = await call(desk, 'listVisitMessages', { token: visitor.token })
    expect(json.items[0]).toMatchObject({ text: 'Are you there?', state: 'sent', byMail: false })
  })
})

describe('a reply by mail', () => {
  test('stands in the same conversation, is shown in the chat, and the next answer goes by mail soon', async () => {
    const { visitor, line } = await aVisitorWhoLeft()
    await answer(line, 'It is.')
    seconds(120)
    await runJob(line)
    await leave(line)
    seconds(60)
    const stored = await mailIn('Subject: Re: Your chat\r\n\r\nAnd a meal?\r\n', { conversation: line })
    expect(stored).toMatchObject({ conversationId: line, placedBy: 'reply_address' })
    const { json } = await call(desk, 'listVisitMessages', { token: visitor.token })
    expect(json.items.map((one: Record<string, unknown>) => [one['text'], one['from'], one['byMail']])).toEqual([
      ['And a meal?', 'visitor', true],
      ['It is.', 'desk', true],
      ['Is my seat by the window?', 'visitor', false],
    ])
    expect(json.items[0].clientId).toBeNull()

    seconds(60)
    await answer(line, 'Of course.')
    expect(await planned(line)).toBe(15)
    seconds(15)
    await runJob(line)
    await leave(line)
    // It answers their mail, and names only what mail knows.
    const names = sent[1]!.follows
    expect(names).toHaveLength(2)
    expect(names[0]).toBe(sent[0]!.platformIdentity)
    expect(sent[1]!.text).not.toContain('It is.')

    // They write in the chat again: the next answer waits for them there.
    seconds(60)
    await write(desk, visitor, 'Thanks!')
    await answer(line, 'You are welcome.')
    expect(await planned(line)).toBe(120)
  })

  test('of a stranger does not enter, and neither is shown what a program of their mailbox wrote', async () => {
    const { visitor, line } = await aVisitorWhoLeft()
    await answer(line, 'It is.')
    seconds(120)
    await runJob(line)
    await leave(line)
    const answered = sent[0]!.platformIdentity
    const stranger = await mailIn(`In-Reply-To: <${answered}>\r\nSubject: Re\r\n\r\nLet me in\r\n`, {
      from: 'eve@evil.example',
    })
    expect(stranger).toMatchObject({ placedBy: 'stranger' })
    expect(stranger!.conversationId).not.toBe(line)
    const away = await mailIn(`Auto-Submitted: auto-replied\r\nSubject: Away\r\n\r\nOn holiday\r\n`, {
      conversation: line,
    })
    expect(away?.conversationId).toBe(line)
    const { json } = await call(desk, 'listVisitMessages', { token: visitor.token })
    expect(json.items.map(({ text }: { text: string }) => text)).toEqual(['It is.', 'Is my seat by the window?'])
    seconds(600)
    await runJob(line)
    expect(await linesOf(line)).toHaveLength(1)
  })
})

describe('the setting', () => {
  test('names a connection that can carry a conversation on, and the widget says so', async () => {
    expect((await call(desk, 'getWidgetConfig')).json.carriesOn).toBe(true)
    const change = (continueBy: string | null) =>
      database.db.write(actorNow(), (tx) =>
        changeConnection(tx, actorNow(), desk.chat.id, { settings: { continueBy } }, desk),
      )
    for (const wrong of [desk.chat.id, randomUUIDv7()])
      await expect(change(wrong)).rejects.toMatchObject({
        code: 'connections.bad_settings',
        fields: [{ path: 'settings.continueBy' }],
      })
    await change(null)
    await expect.poll(async () => (await call(desk, 'getWidgetConfig')).json.carriesOn).toBe(false)
    expect(carrierIdOf({})).toBeNull()
  })
})

test('the mail speaks the visitor’s language, and English where there are no words for it', () => {
  expect(mailWords('de-AT', 'Shop $& desk').subject).toBe('Ihr Chat mit Shop $& desk')
  expect(mailWords('xx', 'Shop').closing).toContain('chat with Shop')
  expect(mailWords(null, 'Shop').subject).toBe('Your chat with Shop')
})
