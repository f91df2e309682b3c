// Pictures of what open networks add, at two sizes in both themes, with axe. Run: node e2e/social-shots.ts FOLDER [NAME]
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { connectionRoutes, type Connection } from '#connections/contract'
import { conversationRoutes, messageRoutes, networkRoutes } from '#inbox/contract'
import { readConfig } from '#platform/config'
import { createLog } from '#platform/log'
import { startProgram } from '../bin/program/program.ts'
import { claimRapport, eventually, openChromium } from './harness.ts'
import { shoot, SIZES, type Shot } from './shots.ts'
import { aSquare, deliverSquare } from './square.ts'

const folder = process.argv[2] ?? 'social-shots'
const only = process.argv[3]
const dataDir = await mkdtemp(join(tmpdir(), 'rapport-shots-'))
await chmod(dataDir, 0o755)
const config = readConfig({ DATA_DIR: join(dataDir, 'data'), PORT: '0', LOG_LEVEL: 'error' })
await mkdir(config.dataDir, { recursive: true, mode: 0o711 })
const faces = createServer(async (request, reply) => {
  const face = await sharp({
    create: { width: 200, height: 200, channels: 3, background: request.url === '/ann' ? '#b45309' : '#0f766e' },
  })
    .png()
    .toBuffer()
  reply.writeHead(200, { 'content-type': 'image/png' }).end(face)
})
await new Promise<void>((resolve) => faces.listen(0, '127.0.0.1', resolve))
const facesUrl = `http://127.0.0.1:${(faces.address() as { port: number }).port}`
const square = aSquare()
await using browser = await openChromium()
const program = await startProgram({
  config,
  log: createLog(config),
  version: 'shots',
  allowPrivate: () => true,
  moreChannels: [square.connector],
})
let faults = 0
try {
  const rapport = { url: program.url, setupLink: program.setupLink }
  const owner = await claimRapport(rapport)
  const ask = async <T>(path: string, body: object): Promise<T> => {
    const answer = await fetch(`${rapport.url}/api${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: owner.cookie },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as T
  }
  const leave = { name: 'Our square', settings: { server: 'square.example' } }
  const { url: allow } = await ask<{ url: string }>('/channels/square/authorize', leave)
  const state = new URL(allow).searchParams.get('state')!
  const finished = await ask<{ connection: Connection }>('/connections/authorized', { params: { state, code: 'yes' } })
  const { connection } = finished
  const jo = {
    externalId: 'jo',
    name: 'Jo Marsh',
    handle: 'jo@square.example',
    reach: 4210,
    avatarUrl: `${facesUrl}/jo`,
    profileUrl: 'https://square.example/@jo',
  }
  const ann = { externalId: 'ann', name: 'Ann Vale', handle: 'ann@other.example', avatarUrl: `${facesUrl}/ann` }
  const bot = { externalId: 'bot', name: 'Gate News', handle: 'gates@square.example', isBot: true }
  const at = (minutes: number) => new Date(Date.now() - (60 - minutes) * 60_000).toISOString()
  const tree = { key: 'tree', shape: 'tree', visibility: 'public' }
  const post = (externalId: string, given: object) => ({ type: 'message', externalId, thread: tree, ...given })
  await deliverSquare(
    rapport.url,
    connection.publicKey,
    post('root', {
      author: ann,
      context: true,
      text: 'Anybody else in Vienna without luggage today?',
      at: at(0),
      engagement: { likes: 14, reposts: 3 },
    }),
    post('said', {
      author: jo,
      parentExternalId: 'root',
      text: '@northwind you lost my bag for the third time this year. What is going on? https://news.example/bags',
      at: at(5),
      url: 'https://square.example/@jo/2',
      engagement: { likes: 1240, reposts: 318, quotes: 12, replies: 96 },
      embeds: [
        {
          kind: 'link',
          url: 'https://news.example/bags',
          title: 'Luggage chaos in Vienna',
          text: 'Thousands of bags were left behind on Saturday.',
        },
        {
          kind: 'quote',
          url: 'https://square.example/@gates/1',
          author: 'Gate News',
          text: 'Belt 4 is out of order until further notice.',
        },
      ],
    }),
    post('bot', { author: bot, context: true, parentExternalId: 'said', text: 'Belt 4 runs again.', at: at(8) }),
    post('poll', {
      author: jo,
      parentExternalId: 'said',
      text: 'Let us ask the others.',
      at: at(10),
      poll: {
        options: [
          { text: 'My bag came', votes: 31 },
          { text: 'It did not', votes: 118 },
          { text: 'I never check in anything', votes: 12 },
        ],
        multiple: false,
        closesAt: new Date(Date.now() + 86_400_000),
      },
    }),
    post('hidden', {
      author: jo,
      parentExternalId: 'said',
      warning: 'Strong words about an airline',
      text: 'This is a disgrace, honestly.',
      at: at(12),
    }),
  )
  const conversations = owner.api(conversationRoutes)
  const found = await eventually('the post is there', async () => {
    const { items } = await conversations.listConversations({ query: {} })
    return items.find(({ customerName, customerPicture }) => customerName === 'Jo Marsh' && customerPicture !== null)
  })
  const other = { key: 'second', shape: 'tree', visibility: 'public' }
  await deliverSquare(rapport.url, connection.publicKey, {
    ...post('second', {
      author: { ...ann, externalId: 'ann' },
      text: 'Your check-in page is down again, is it not?',
      at: at(30),
    }),
    thread: other,
  })
  const second = await eventually('the other post is there', async () => {
    const { items } = await conversations.listConversations({ query: {} })
    return items.find(({ subject }) => subject?.startsWith('Your check-in'))
  })
  const { thread } = await owner.api(networkRoutes).inviteToPrivate({ params: { id: found.id }, body: {} })
  const messages = owner.api(messageRoutes)
  const send = (body: string, given: object = {}) =>
    messages.sendMessage({ params: { id: found.id }, body: { body, clientId: randomUUID(), ...given } })
  await send('I am so sorry, Jo. I have written to you in private so that we can find it.', {
    threadId: null,
    visibility: 'public',
  })
  await send('Hello Jo, which number stands on your luggage receipt?', { threadId: thread.id, visibility: 'private' })
  await eventually('both have left', async () => square.sent.length === 2 || null)
  await deliverSquare(rapport.url, connection.publicKey, {
    ...post('number', {
      author: jo,
      text: 'It says NW 4711. Thank you for asking here.',
      at: new Date().toISOString(),
    }),
    thread: { key: 'line of jo', shape: 'line', visibility: 'private' },
  })
  square.refuse = 'third belt'
  const long =
    'Thank you for telling us. We looked at it at once. '.repeat(6) +
    'The third belt is the cause. ' +
    'It runs again from noon on, and all bags leave with the next flight. '.repeat(6)
  await messages.sendMessage({
    params: { id: second.id },
    body: { body: long, clientId: randomUUID(), chain: true, threadId: null, visibility: 'public' },
  })
  await eventually('a part was refused', async () => {
    const { items } = await messages.listMessages({ params: { id: second.id }, query: {} })
    return items.some(({ state: one }) => one === 'failed') || null
  })
  const first = await messages.listMessages({ params: { id: second.id }, query: {} })
  await owner.api(networkRoutes).moderateMessage({
    params: { id: first.items.find(({ kind }) => kind === 'in')!.id },
    body: { action: 'hide', reason: 'Shows somebody else’s booking' },
  })
  const down = await owner.api(connectionRoutes).getConnection({ params: { id: connection.id } })
  const box = (page: Page) => page.locator('[data-composer]')
  const shots: Shot[] = [
    { name: 'thread', path: `/inbox/${found.id}` },
    {
      name: 'unfolded',
      path: `/inbox/${found.id}`,
      prepare: async (page) => {
        await page.getByRole('button', { name: /Strong words/ }).click()
        await page
          .getByText('You lost', { exact: false })
          .first()
          .scrollIntoViewIfNeeded()
          .catch(() => undefined)
        await page.getByRole('region', { name: 'Messages' }).evaluate((one) => one.scrollTo(0, -9999))
      },
    },
    {
      name: 'public',
      path: `/inbox/${found.id}`,
      prepare: async (page) => {
        await page.getByRole('radio', { name: 'Public' }).click()
        await box(page).fill('All is well again.')
      },
    },
    {
      name: 'chain',
      path: `/inbox/${found.id}`,
      prepare: async (page) => {
        const hide = page.getByRole('button', { name: 'Hide behind a warning' })
        // The draft of the picture before may have one.
        if (await hide.isVisible()) await hide.click()
        await page.getByRole('textbox', { name: /Warning/ }).fill('Luggage')
        await box(page).fill('Thank you for telling us. We looked at it at once and found the cause. '.repeat(7))
        await page.getByText(/Leaves as/).click()
      },
    },
    { name: 'half', path: `/inbox/${second.id}` },
    {
      name: 'moderate',
      path: `/inbox/${second.id}`,
      prepare: async (page) => {
        await page
          .getByRole('button', { name: /More about the message of Ann/ })
          .first()
          .click()
        await page.getByRole('menuitem', { name: /Report/ }).click()
      },
    },
    { name: 'connect', path: '/connections/new?channel=square' },
    { name: 'connection', path: `/connections/${down.id}` },
    { name: 'return', path: '/connect/return?state=old&code=x' },
  ]
  const sizes = SIZES.filter(({ name }) => name !== '1280')
  faults = await shoot({ browser, rapport, as: owner, folder, sizes, only }, shots)
} finally {
  await program[Symbol.asyncDispose]()
  faces.close()
  await rm(dataDir, { recursive: true, force: true })
}
process.exitCode = faults === 0 ? 0 : 1
