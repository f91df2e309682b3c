// Pictures of what is mail's own, at three sizes in both themes, with axe. Run: node e2e/mail-shots.ts FOLDER
import { mkdirSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { conversationRoutes } from '#inbox/contract'
import { violationsOf } from './axe.ts'
import { claimRapport, connectApi, eventually, messageEvent, openAs, openChromium, startRapport } from './harness.ts'

const folder = process.argv[2] ?? 'mail-shots'
const only = process.argv[3]
mkdirSync(folder, { recursive: true })
const sizes = [
  { name: '1440', width: 1440, height: 900 },
  { name: '1280', width: 1280, height: 800 },
  { name: '390', width: 390, height: 844 },
]
await using rapport = await startRapport()
await using browser = await openChromium()
const owner = await claimRapport(rapport)
const form = await connectApi(rapport, owner, { name: 'Mail by webhook' })
const first = randomUUID()
await form.deliver(
  messageEvent({
    thread: 'm1',
    from: 'Ada Byron',
    text: 'Hello,\n\nmy order 4711 arrived without the charger. Could you send one?\n\nAda',
    id: first,
    subject: 'Order 4711',
    follows: [],
    html: '<h2 style="color:#0f6e5c">Order 4711</h2><p>my order arrived <b>without the charger</b>.</p><img src="https://tracker.example/p.gif" width=200 height=40><table border=1><tr><td>Charger</td><td>29.00</td></tr></table>',
    quoted: '--\nAda Byron\nAnalytical Engines Ltd',
    addressees: {
      to: [{ address: 'support@rapport.example', name: 'Support' }],
      cc: [{ address: 'charles@example.org', name: 'Charles' }, { address: 'accounts@example.org' }],
    },
  }),
)
const found = await eventually('the mail is there', async () => {
  const { items } = await owner.api(conversationRoutes).listConversations({ query: { limit: 10 } })
  return items.find(({ customerName }) => customerName === 'Ada Byron')
})
const mail = await owner.api((await import('#connections/contract')).connectionRoutes).createConnection({
  body: {
    channel: 'email',
    name: 'Support mail',
    settings: { address: 'support@acme.example', receive: 'smtp', smtpHost: 'smtp.acme.example', smtpPassword: 'x' },
  },
})
const started = await owner.api(conversationRoutes).startConversation({
  body: {
    connectionId: mail.connection.id,
    to: [{ address: 'grace@example.org', name: 'Grace Hopper' }],
    cc: [{ address: 'team@example.org' }],
    subject: 'Your visit on Thursday',
    body: 'Good morning Grace,\n\nis **ten o’clock** still right?',
    clientId: randomUUID(),
  },
})
let faults = 0
const shots: { name: string; path: string; prepare?: (page: Page) => Promise<void> }[] = [
  {
    name: 'thread',
    path: `/inbox/${found!.id}`,
    prepare: (page) => page.getByRole('button', { name: /^To Support/ }).click(),
  },
  {
    name: 'html',
    path: `/inbox/${found!.id}`,
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Show it as it was designed' }).click()
      await page.waitForTimeout(500)
    },
  },
  {
    name: 'composer',
    path: `/inbox/${started.conversationId}`,
    prepare: (page) => page.getByRole('textbox', { name: 'Answer' }).fill('Good **morning**'),
  },
  {
    name: 'compose',
    path: '/inbox',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Write a new message' }).click()
      await page.getByRole('dialog').waitFor()
      await page.getByRole('textbox', { name: 'To' }).fill('Ada <ada@example.org>, bob@example.org')
      await page.keyboard.press('Enter')
    },
  },
  { name: 'wizard', path: '/connections/new?channel=email' },
  { name: 'connection', path: `/connections/${mail.connection.id}` },
]
for (const size of sizes)
  for (const theme of ['light', 'dark'] as const) {
    const { context, page } = await openAs(browser, rapport, owner, {
      viewport: { width: size.width, height: size.height },
      colorScheme: theme,
      reducedMotion: 'reduce',
    })
    page.setDefaultTimeout(5000)
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
    page.on('console', (message) => message.type() === 'error' && complaints.push(`console: ${message.text()}`))
    for (const { name, path, prepare } of shots.filter((one) => !only || one.name === only)) {
      await page.goto(rapport.url + path)
      await page.waitForTimeout(900)
      await prepare?.(page).catch((error: Error) => complaints.push(error.message.slice(0, 300)))
      await page.waitForTimeout(400)
      await page.screenshot({ path: `${folder}/${name}-${size.name}-${theme}.png` })
      complaints.push(...(await violationsOf(page)))
      for (const complaint of complaints.splice(0)) {
        faults += 1
        process.stderr.write(`${name} ${size.name} ${theme}  ${complaint}\n`)
      }
    }
    await context.close()
  }
process.stdout.write(`${folder}: ${faults} faults\n`)
process.exitCode = faults === 0 ? 0 : 1
