// A public complaint on each open network, from the connect screen to the last word: answered in public, gone on in private, closed
// in public. Rapport runs whole; the networks are the faithful servers of the channels' own tests, and what counts is what they keep.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { readConfig } from '#platform/config'
import { createLog } from '#platform/log'
import { cloneDatabase } from '#platform/testing/database'
import { startProgram, type Program } from '../bin/program/program.ts'
import { startBlueskyServer, stopSound } from '../channels/bluesky/testing/server.ts'
import { openWorld } from '../channels/bluesky/testing/world.ts'
import { startMastodonServer } from '../channels/mastodon/testing/server.ts'
import { claimRapport, eventually, openAs, openChromium, withoutBrowser, type SignedIn } from './harness.ts'

if (withoutBrowser) process.stderr.write(`left out: e2e/networks: ${withoutBrowser}\n`)

/** Of the program and of the networks: nobody here wants to wait for a poll or for the time in which an answer is taken back. */
const HASTE = 15
const began = Date.now()
const now = (): Date => new Date(began + (Date.now() - began) * HASTE)

const parts = new AsyncDisposableStack()
let program: Program
let browser: Browser
let owner: SignedIn

/** A post or a private message, as its network keeps it. */
interface Kept {
  readonly id: string
  readonly text: string
  /** What it answers. */
  readonly above: string | null
  /** The first of its thread. */
  readonly root: string | null
  readonly visibility: string
}

interface Network {
  /** Through the connect screen, as somebody who has an account over there. */
  connect(page: Page): Promise<void>
  /** Mia, a customer, speaks; answers its id. */
  post(text: string, above?: string): string
  whisper(text: string): void
  /** What our account wrote, in its order. */
  ours(): readonly Kept[]
  /** What an answer to Mia begins with over there, and how long one may be. */
  readonly opening: string
  readonly most: number
  /** How a private message is marked. */
  readonly privately: string
}

async function mastodon(): Promise<Network> {
  const server = await startMastodonServer({ now, handle: 'hollow_air' })
  parts.defer(() => server.stop())
  const { world } = server
  const mia = world.account('mia@far.example', { display_name: 'Mia Marsh' })
  return {
    opening: '@mia@far.example ',
    most: 500,
    privately: 'direct',
    async connect(page) {
      await page.goto(`${program.url}/connections/new?channel=mastodon`)
      await page.getByLabel('Name').fill('Our Mastodon')
      await page.getByLabel('Server').fill(server.url)
      await page.getByRole('button', { name: 'Connect', exact: true }).click()
      // Over there, on the server's own page, and back.
      await page.getByRole('heading', { name: 'Authorisation required' }).waitFor()
      await page.getByRole('link', { name: 'Authorise' }).click()
      await page.getByRole('heading', { name: 'Our Mastodon' }).waitFor()
      await eventually('it listens', async () => server.streams.count() === 2)
    },
    post: (text, above) => world.post(mia, `@hollow_air ${text}`, above === undefined ? {} : { inReplyTo: above }).id,
    whisper: (text) => void world.post(mia, `@hollow_air ${text}`, { visibility: 'direct' }),
    ours: () =>
      [...world.statuses.values()]
        .filter(({ by }) => by === world.me.id)
        .map(({ id, text, inReplyTo, visibility }) => ({
          id,
          text,
          above: inReplyTo,
          root: inReplyTo && String(world.contextOf(inReplyTo)!.ancestors[0]?.['id'] ?? inReplyTo),
          visibility,
        })),
  }
}

async function bluesky(): Promise<Network> {
  const server = await startBlueskyServer(openWorld(now))
  parts.defer(() => stopSound(server))
  const { world } = server
  const us = world.addPerson({ handle: 'northwind.test', appPasswords: new Map([['abcd-efgh-ijkl', { chat: true }]]) })
  const mia = world.addPerson({ handle: 'mia.test', displayName: 'Mia Bluebell' })
  const mention = [
    {
      index: { byteStart: 0, byteEnd: '@northwind.test'.length },
      features: [{ $type: 'app.bsky.richtext.facet#mention', did: us.did }],
    },
  ]
  return {
    opening: '',
    most: 300,
    privately: 'chat',
    async connect(page) {
      await page.goto(`${program.url}/connections/new?channel=bluesky`)
      await page.getByLabel('Name').fill('Our Bluesky')
      await page.locator('input[name=identifier]').fill('@northwind.test')
      await page.locator('input[name=appPassword]').fill('abcd-efgh-ijkl')
      await page.getByText('Other servers than the usual ones').click()
      await page.locator('input[name=service]').fill(server.url)
      await page.locator('input[name=plcDirectory]').fill(server.url)
      await page.getByRole('button', { name: 'Connect', exact: true }).click()
      await page.getByRole('heading', { name: 'Our Bluesky is connected' }).waitFor()
      await eventually('it looked', async () => server.count('app.bsky.notification.listNotifications') > 0)
    },
    post(text, above) {
      if (above === undefined) return world.post(mia, `@northwind.test ${text}`, { facets: mention }).uri
      return world.reply(mia, world.records.get(above)!, text).uri
    },
    whisper(text) {
      const { chats } = world
      chats.say(mia.did, chats.between(mia.did, us.did), text)
    },
    ours: () => [
      ...world
        .recordsOf(us.did, 'app.bsky.feed.post')
        .toReversed()
        .map(({ uri, value }) => {
          const reply = value['reply'] as { parent: { uri: string }; root: { uri: string } } | undefined
          const [above, root] = [reply?.parent.uri ?? null, reply?.root.uri ?? null]
          return { id: uri, text: String(value['text']), above, root, visibility: 'public' }
        }),
      ...[...world.chats.convos.values()].flatMap(({ messages }) =>
        messages
          .filter(({ sender }) => sender === us.did)
          .map(({ id, text }) => ({ id, text, above: null, root: null, visibility: 'chat' })),
      ),
    ],
  }
}

beforeAll(async () => {
  if (withoutBrowser) return
  const database = await cloneDatabase(inject('ownerUrl'))
  const dataDir = await mkdtemp(join(tmpdir(), 'rapport-networks-'))
  await chmod(dataDir, 0o755)
  parts.defer(async () => {
    await database.drop()
    await rm(dataDir, { recursive: true, force: true })
  })
  const config = readConfig({ DATABASE_URL: database.ownerUrl, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent' })
  program = parts.use(
    await startProgram({
      config,
      log: createLog(config),
      version: 'test',
      clock: { now },
      allowPrivate: (address) => address === '127.0.0.1',
      limiter: { take: () => 0 },
    }),
  )
  browser = parts.use(await openChromium())
  owner = await claimRapport(program)
}, 180_000)
afterAll(() => parts.disposeAsync(), 60_000)

describe.skipIf(withoutBrowser !== null).each([
  { name: 'Mastodon', open: mastodon, customer: 'Mia Marsh' },
  { name: 'Bluesky', open: bluesky, customer: 'Mia Bluebell' },
])('a complaint on $name', ({ open, customer }) => {
  test('is answered in public, moved to private, and closed in public', async () => {
    const network = await open()
    const { context, page } = await openAs(browser, program, owner)
    await network.connect(page)
    await page.goto(`${program.url}/inbox`)
    await page.getByRole('navigation', { name: 'Views' }).waitFor()
    const complaint = network.post('you lost my bag for the third time this year.')

    // The list stood there before, and hears of it.
    await page.getByRole('link', { name: new RegExp(customer) }).click()
    const thread = page.getByRole('region', { name: 'Messages' })
    await thread.getByText('you lost my bag').waitFor()
    const box = page.getByRole('textbox', { name: 'Answer' })
    const send = page.getByRole('button', { name: /^Send/ }).first()
    await page.getByText('Everybody will see this').waitFor()
    const sorry = `I am so sorry. ${'We are looking for it. '.repeat(3)}👩‍👩‍👧`
    await box.fill(sorry)
    const used = [...new Intl.Segmenter('en').segment(network.opening.replace(/^(@\w+)@[\w.]+/, '$1') + sorry)].length
    await page.getByRole('img', { name: `${used} of ${network.most} characters used` }).waitFor()
    await send.click()
    const inPublic = await eventually('the public answer is there', async () => network.ours()[0])
    expect(inPublic).toMatchObject({ above: complaint, root: complaint, visibility: 'public' })
    expect(inPublic.text).toBe(network.opening + sorry)

    await page.getByRole('button', { name: 'Go on in private' }).click()
    await page.getByText(/^Only .*will see this$/).waitFor()
    network.whisper('It says NW 4711 on the receipt.')
    await thread.getByText('It says NW 4711').waitFor()
    await thread.getByText('In private from here on').waitFor()
    await box.fill('Thank you. It is on its way to you.')
    await send.click()
    const inPrivate = await eventually('the private answer is there', async () => network.ours()[1])
    expect(inPrivate.visibility).toBe(network.privately)
    expect(inPrivate.text).toBe(`${network.opening}Thank you. It is on its way to you.`)

    const thanks = network.post('it came, thank you!', inPublic.id)
    await thread.getByText('it came, thank you!').waitFor()
    await page.getByRole('radio', { name: 'Public' }).click()
    await box.fill('Glad that it is with you.')
    await page.keyboard.press('Control+Shift+Enter')
    await eventually('the last word is there', async () => network.ours().length === 3)
    const last = network.ours().find(({ text }) => text.endsWith('Glad that it is with you.'))
    expect(last).toMatchObject({ above: thanks, root: complaint, visibility: 'public' })
    await context.close()
  }, 60_000)
})

test.skipIf(withoutBrowser !== null)(
  'each complaint is one resolved conversation with all that was said, once',
  async () => {
    const workspace = await program.db.system((tx) =>
      tx.selectFrom('workspaces').select('id as workspaceId').executeTakeFirstOrThrow(),
    )
    const read = () =>
      program.db.read(workspace, (tx) =>
        tx
          .selectFrom('messages as m')
          .innerJoin('conversations as c', 'c.id', 'm.conversationId')
          .select(['c.id', 'c.state as conversationState', 'm.kind', 'm.visibility', 'm.state'])
          .where('m.kind', 'in', ['in', 'out'])
          .orderBy('m.seq')
          .execute(),
      )
    // The network shows an answer before we have written down that it does.
    await expect
      .poll(async () => (await read()).some(({ kind, state }) => kind === 'out' && state !== 'sent'))
      .toBe(false)
    const rows = await read()
    const conversations = Map.groupBy(rows, ({ id }) => id)
    expect(conversations.size).toBe(2)
    expect(new Set(rows.map(({ conversationState }) => conversationState))).toEqual(new Set(['resolved']))
    for (const said of conversations.values())
      expect(said.map(({ kind, visibility, state }) => [kind, visibility, state])).toEqual([
        ['in', 'public', null],
        ['out', 'public', 'sent'],
        ['in', 'private', null],
        ['out', 'private', 'sent'],
        ['in', 'public', null],
        ['out', 'public', 'sent'],
      ])
  },
)
