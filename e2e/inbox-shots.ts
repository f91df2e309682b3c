// Pictures of the inbox at three sizes in both themes, with what really happens in one: many, one, none, too long, right to
// left, failed, public. Axe looks at each. Run: node e2e/inbox-shots.ts FOLDER [name,name …]
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { conversationRoutes, labelRoutes, messageRoutes } from '#inbox/contract'
import {
  claimRapport,
  connectApi,
  connectWebchat,
  eventually,
  joinRapport,
  messageEvent,
  openAs,
  openChromium,
  startRapport,
  visitRapport,
} from './harness.ts'

const folder = process.argv[2] ?? 'inbox-shots'
const wanted = process.argv[3]?.split(',')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
let faults = 0
const sizes = [
  { name: '1440', width: 1440, height: 900 },
  { name: '1280', width: 1280, height: 800 },
  { name: '390', width: 390, height: 844 },
]
mkdirSync(folder, { recursive: true })

await using rapport = await startRapport()
await using browser = await openChromium()
const owner = await claimRapport(rapport)
const shots: { name: string; path: string; prepare?: (page: Page) => Promise<void> }[] = []
const counted = (n: number) =>
  eventually(`${n} conversations`, async () => (await owner.api(conversationRoutes).countConversations({})).open >= n)
const idOf = async (name: string) => {
  const { items } = await owner.api(conversationRoutes).listConversations({ query: { limit: 100 } })
  const found = items.find(({ customerName }) => customerName === name)
  if (!found) throw new Error(`nobody is called ${name}`)
  return found.id
}

await shoot([{ name: 'not-set-up', path: '/inbox' }])

const anna = await joinRapport(rapport, owner, { name: 'Anna Okafor' })
const form = await connectApi(rapport, owner, { name: 'Help form' })
const forum = await connectApi(rapport, owner, { name: 'Traveller forum' })
const key = await connectWebchat(owner)
await shoot([{ name: 'zero', path: '/inbox' }])

await fill()
const [mira, long, rtl, tree, chat] = await Promise.all(
  [
    'Mira Köhler',
    'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh the Third of Llanfairpwllgwyngyll',
    'ליאור כהן',
    'Jonas Brandt',
    'Vic Laurent',
  ].map(idOf),
)
shots.push(
  { name: 'many', path: '/inbox' },
  { name: 'thread', path: `/inbox/${mira}` },
  { name: 'long', path: `/inbox/${long}` },
  { name: 'rtl', path: `/inbox/${rtl}` },
  { name: 'tree', path: `/inbox/${tree}` },
  {
    name: 'chat',
    path: `/inbox/${chat}`,
    prepare: async (page) => {
      if ((page.viewportSize()?.width ?? 0) < 1000) return
      await page
        .getByRole('textbox', { name: 'Answer' })
        .fill('Good morning Vic, I have found your booking and I am looking at the seats now.')
    },
  },
  { name: 'filtered', path: '/inbox?view=unassigned&label=' + (await someLabel()) },
  { name: 'search', path: '/search?q=bag' },
)
await shoot(shots)

async function someLabel(): Promise<string> {
  return (await owner.api(labelRoutes).createLabel({ body: { name: 'Never used', tone: 'plain' } })).id
}

async function fill(): Promise<void> {
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
  const say = (thread: string, from: string, text: string, minutes: number, rest: Record<string, unknown> = {}) =>
    messageEvent({ thread, from, text, at: ago(minutes), ...rest })
  await form.deliver(
    say(
      'bag',
      'Mira Köhler',
      'My bag did not come with me from Lisbon (LIS) yesterday. The desk there told me that it would be on the next flight, and it was not.',
      1500,
    ),
    say(
      'bag',
      'Mira Köhler',
      'The number on the tag is NW 482913. I have to leave again on Friday and everything for the meeting is in it.',
      1497,
    ),
    say(
      'bag',
      'Mira Köhler',
      'Is there anything new? Your page https://northwind.example/bags/NW482913 says “in transfer” since this morning.',
      95,
    ),
    say(
      'long',
      'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh the Third of Llanfairpwllgwyngyll',
      `${'I have tried to change the name on my booking for three weeks and every time I am told that somebody will call me back, which nobody does. '.repeat(12)}\n\nPneumonoultramicroscopicsilicovolcanoconiosis${'x'.repeat(180)}`,
      300,
    ),
    say(
      'rtl',
      'ליאור כהן',
      'שלום, המזוודה שלי לא הגיעה עם הטיסה מתל אביב. מספר ההזמנה הוא NW-20931. מתי היא תגיע?',
      40,
    ),
    say('rtl', 'ליאור כהן', 'I can also write in English if that is faster.', 39),
  )
  const people = [
    'Amara Diallo',
    'Tomás Rivera',
    'Priya Nair',
    'Kenji Watanabe',
    'Léa Fontaine',
    'Olu Adebayo',
    'Greta Lindqvist',
    'Samir Haddad',
    'Ines Carvalho',
    'Noah Becker',
    'Yuki Mori',
    'Elif Demir',
  ]
  const words = [
    'The seat that I paid for was given to somebody else.',
    'Can I bring my cello into the cabin?',
    'Your app shows the wrong gate.',
    'Thank you, the crew on NW 118 was wonderful with my father.',
    'I was charged twice for the same bag.',
    'Please cancel my newsletter, I have asked twice.',
    'Do I get anything for four hours of delay?',
    'Is the pet cabin still free on 3 December?',
  ]
  await form.deliver(...people.map((name, at) => say(`p${at}`, name, words[at % words.length]!, 12 + at * 37)))
  const post = randomUUID()
  const answer = randomUUID()
  const tree = (from: string, text: string, minutes: number, rest: Record<string, unknown>) =>
    say('post-1', from, text, minutes, { threadFields: { shape: 'tree', visibility: 'public' }, ...rest })
  await forum.deliver(
    tree(
      'Jonas Brandt',
      'Anybody else stuck in Frankfurt? Northwind cancelled the 18:40 and nobody at the desk knows anything.',
      210,
      { id: post },
    ),
    tree('Greta Lindqvist', 'Same here. They said “operational reasons”.', 204, { parent: post, id: answer }),
    tree('Jonas Brandt', 'Which is what they say every time.', 200, { parent: answer }),
    tree('Samir Haddad', 'There are still seats on the 21:15, I just got one at counter 12.', 190, { parent: post }),
  )
  const visitor = await visitRapport(rapport, key, { name: 'Vic Laurent', email: 'vic@example.org' })
  await visitor.say('Good morning, could two of us sit together on NW 204 tomorrow?')
  await counted(16)
  const labels = owner.api(labelRoutes)
  const bags = await labels.createLabel({ body: { name: 'Baggage', tone: 'amber' } })
  const refund = await labels.createLabel({ body: { name: 'Refund', tone: 'plum' } })
  const conversations = anna.api(conversationRoutes)
  const messages = anna.api(messageRoutes)
  const label = async (name: string, ...add: string[]) =>
    conversations.labelConversation({ params: { id: await idOf(name) }, body: { add } })
  await label('Mira Köhler', bags.id, refund.id)
  await label('Léa Fontaine', refund.id)
  await label('ליאור כהן', bags.id)
  const me = (await conversations.assignConversation({ params: { id: await idOf('Priya Nair') }, body: {} })).id
  const { memberId } = await memberOf(anna)
  for (const name of ['Mira Köhler', 'Priya Nair', 'Kenji Watanabe'])
    await conversations.assignConversation({ params: { id: await idOf(name) }, body: { assigneeId: memberId } })
  await messages.writeNote({
    params: { id: await idOf('Mira Köhler') },
    body: {
      body: 'Lisbon says that the bag is in Porto. Called them at 14:10, they put it on NW 482 tonight. Voucher up to 80 € is fine.',
      clientId: randomUUID(),
    },
  })
  await messages.writeNote({ params: { id: me }, body: { body: 'Asked the crew desk.', clientId: randomUUID() } })
  const vic = await idOf('Vic Laurent')
  await messages.sendMessage({
    params: { id: vic },
    body: { body: 'Good morning Vic. Let me look at the plane.', clientId: randomUUID() },
  })
  await eventually('the answer left', async () => (await visitor.read()).length === 2, 30_000)
  await visitor.say('Thank you! Row does not matter.')
  await eventually('Vic’s conversation is open again', async () => {
    const { items } = await anna.api(conversationRoutes).listConversations({ query: { limit: 100 } })
    return items.some(({ id }) => id === vic)
  })
}

async function memberOf(person: typeof anna): Promise<{ memberId: string }> {
  const { meRoutes } = await import('#workspaces/contract')
  return { memberId: (await person.api(meRoutes).getMe({})).present!.memberId }
}

async function shoot(list: typeof shots): Promise<void> {
  for (const size of sizes) {
    for (const theme of ['light', 'dark'] as const) {
      const { context, page } = await openAs(browser, rapport, owner, {
        viewport: { width: size.width, height: size.height },
        colorScheme: theme,
        reducedMotion: 'reduce',
        hasTouch: size.width < 500,
      })
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
      page.on('console', (message) => message.type() === 'error' && complaints.push(`console: ${message.text()}`))
      for (const { name, path, prepare } of list.filter((shot) => !wanted || wanted.includes(shot.name))) {
        await page.goto(rapport.url + path)
        await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
        await page.evaluate(() => document.fonts.ready)
        await page.waitForTimeout(700)
        await prepare?.(page)
        await page.waitForTimeout(200)
        await page.screenshot({ path: `${folder}/${name}-${size.name}-${theme}.png` })
        complaints.push(...(await violations(page)))
        if (complaints.some((complaint) => complaint.includes('status of 5')))
          process.stderr.write(
            rapport
              .output()
              .split('\n')
              .filter((line) => /"level":(?:50|60|"error")|rror/.test(line))
              .slice(-2)
              .join('\n')
              .slice(0, 3000),
          )
        for (const complaint of complaints.splice(0)) {
          faults += 1
          process.stderr.write(`${name} ${size.name} ${theme}  ${complaint}\n`)
        }
      }
      await context.close()
    }
  }
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const found = await page.evaluate(() =>
    (
      globalThis as unknown as {
        axe: {
          run: (
            context: unknown,
            options: unknown,
          ) => Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }>
        }
      }
    ).axe.run({ exclude: ['[data-base-ui-focus-guard]'] }, { rules: { region: { enabled: false } } }),
  )
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`),
  )
}

process.stdout.write(`${folder}: ${faults} faults\n`)
process.exitCode = faults === 0 ? 0 : 1
