// Pictures of what is mail's own, at three sizes in both themes, with axe. Run: node e2e/mail-shots.ts FOLDER
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { conversationRoutes } from '#inbox/contract'
import { claimRapport, connectApi, eventually, messageEvent, openChromium, startRapport } from './harness.ts'
import { shoot, type Shot } from './shots.ts'

const folder = process.argv[2] ?? 'mail-shots'
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
const fromWhom = (name: string) =>
  eventually('the mail is there', async () => {
    const { items } = await owner.api(conversationRoutes).listConversations({ query: { limit: 10 } })
    return items.find(({ customerName }) => customerName === name)
  })
const found = await fromWhom('Ada Byron')
const product = (name: string, price: string) =>
  `<td width="200" valign="top" style="padding:8px"><img src="https://shop.example/${name}.jpg" width="184" height="120" alt="${name}"><h3>${name}</h3><p>${price}</p></td>`
await form.deliver(
  messageEvent({
    thread: 'm2',
    from: 'North Shop',
    text: 'New for autumn\n\nBags, boots and blankets.',
    id: randomUUID(),
    subject: 'New for autumn',
    follows: [],
    html: `<table width="100%" bgcolor="#f2efe8"><tr><td align="center"><table width="640" cellpadding="0" cellspacing="0" bgcolor="#ffffff"><tr><td colspan="3" style="padding:24px;background:#0f6e5c;color:#fff"><h1>New for autumn</h1></td></tr><tr>${product('Bags', '49.00')}${product('Boots', '129.00')}${product('Blankets', '39.00')}</tr><tr><td colspan="3" style="padding:24px"><p>You get this because you bought something from us. You can leave at any time.</p></td></tr></table></td></tr></table>`,
    addressees: { to: [{ address: 'support@rapport.example', name: 'Support' }], cc: [] },
  }),
)
const letter = await fromWhom('North Shop')
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
const names = ['Ana Ruiz', 'Bo Lind', 'Cem Kaya', 'Dora Weiss', 'Emil Novak', 'Fay Okafor', 'Gus Moreau', 'Hana Sato']
const addresses = names.map((name) => ({ name, address: `${name.split(' ')[0]!.toLowerCase()}@planning.example` }))
const { conversationId: crowdId } = await owner.api(conversationRoutes).startConversation({
  body: {
    connectionId: mail.connection.id,
    to: addresses.slice(0, 3),
    cc: addresses.slice(3),
    subject: 'The opening in March',
    body: 'Good morning all,\n\nwhich of the three dates suits you?',
    clientId: randomUUID(),
  },
})
const crowd = { id: crowdId }
const designed = async (page: Page) => {
  await page.getByRole('button', { name: 'Show it as it was designed' }).click()
  await page.waitForTimeout(500)
}
const shots: Shot[] = [
  {
    name: 'thread',
    path: `/inbox/${found.id}`,
    prepare: (page) => page.getByRole('button', { name: /^To Support/ }).click(),
  },
  {
    name: 'html',
    path: `/inbox/${found.id}`,
    prepare: designed,
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
  { name: 'newsletter', path: `/inbox/${letter.id}`, prepare: designed },
  {
    name: 'enlarged',
    path: `/inbox/${letter.id}`,
    prepare: async (page) => {
      await designed(page)
      await page.getByRole('button', { name: 'Enlarge' }).click()
    },
  },
  { name: 'many', path: `/inbox/${crowd.id}` },
  {
    name: 'many-open',
    path: `/inbox/${crowd.id}`,
    prepare: (page) => page.getByRole('button', { name: /^To Ana Ruiz, Bo Lind \+6/ }).click(),
  },
  { name: 'wizard', path: '/connections/new?channel=email' },
  { name: 'connection', path: `/connections/${mail.connection.id}` },
]
const faults = await shoot({ browser, rapport, as: owner, folder, only: process.argv[3] }, shots)
process.exitCode = faults === 0 ? 0 : 1
