// Mail as an agent works with it: a mailbox connected to the end of the wizard, a mail looked at from every side, put where it
// belongs, its sender kept out, and a first message that survives a reload and an Undo. Real IMAP and SMTP, one browser.
import type { Transporter } from 'nodemailer'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conversationRoutes } from '#inbox/contract'
import { freePort } from '#platform/testing/free-port'
import { DOVECOT_PASSWORD, noDovecot, openDovecot, type Dovecot } from '../channels/email/testing/dovecot.ts'
import { claimRapport, eventually, openAs, openChromium, startRapport, withoutBrowser } from './harness.ts'
import type { Rapport, SignedIn } from './harness.ts'
import { connectMailbox, customerOf, doorEnv, startProvider, type Provider } from './mail-house.ts'

const without = withoutBrowser ?? noDovecot
let rapport: Rapport
let browser: Browser
let owner: SignedIn
let customer: Transporter
let dovecot: Dovecot
let provider: Provider
let page: Page
/** Every mail that left Rapport, whole. */
const left: string[] = []

const conversations = async (state: 'open' | 'resolved' = 'open') =>
  (await owner.api(conversationRoutes).listConversations({ query: { state } })).items
const subjects = async (state?: 'open' | 'resolved') => (await conversations(state)).map(({ subject }) => subject)
const write = (from: string, subject: string, mail: object = {}) =>
  customer.sendMail({ from, to: 'help@acme.example', subject, text: `${subject}: the words`, ...mail })

async function open(subject: string): Promise<void> {
  const { id } = await eventually(`“${subject}” is there`, async () =>
    (await conversations()).find((one) => one.subject === subject),
  )
  await page.goto(`${rapport.url}/inbox/${id}`)
  await thread().waitFor()
}
const thread = () => page.getByRole('region', { name: 'Messages' })
const composer = () => page.getByRole('textbox', { name: 'Answer' })
async function choose(item: RegExp | string, of = /^More about the message/): Promise<void> {
  const more = page.getByRole('button', { name: of }).first()
  await more.focus()
  await more.press('Enter')
  await page.getByRole('menuitem', { name: item }).first().click()
}
const undo = () => page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: /^Undo/ }).first()

describe.skipIf(without)(`the mail desk${without ? ` (left out: ${without})` : ''}`, () => {
  beforeAll(async () => {
    const door = await freePort()
    const onMail = (raw: Buffer) => left.push(raw.toString('utf8'))
    ;[provider, dovecot] = await Promise.all([startProvider({ onMail, password: DOVECOT_PASSWORD }), openDovecot()])
    await dovecot.start()
    ;[rapport, browser] = await Promise.all([startRapport({ env: doorEnv(door) }), openChromium()])
    owner = await claimRapport(rapport)
    const signature = 'Kind regards\n{agent}, '
    await connectMailbox(owner, provider, {
      name: 'Sales',
      address: 'sales@acme.example',
      signature: `${signature}Sales`,
    })
    await connectMailbox(owner, provider, {
      name: 'Support',
      address: 'help@acme.example',
      signature: `${signature}Support`,
    })
    customer = customerOf(door)
    ;({ page } = await openAs(browser, rapport, owner))
    page.setDefaultTimeout(15_000)
  }, 240_000)
  afterAll(async () => {
    customer?.close()
    await browser?.close()
    await rapport?.[Symbol.asyncDispose]()
    await dovecot?.remove()
    await provider?.stop()
  }, 60_000)

  test('a mailbox is connected to the end: tried in and out, wrong first, with what belongs into the DNS', async () => {
    dovecot.put(
      'desk@northwind.example',
      '',
      'From: a@b.example\r\nSubject: Old\r\nMessage-ID: <1@b.example>\r\n\r\nOld\r\n',
    )
    await page.goto(`${rapport.url}/connections/new?channel=email`)
    await page.getByLabel(/Which address/).fill('desk@northwind.example')
    await page.getByRole('button', { name: 'Go on' }).click()
    const incoming = page.getByRole('group', { name: 'Mail that comes in' })
    const outgoing = page.getByRole('group', { name: 'Mail that goes out' })
    const pick = async (label: string, option: RegExp, within: Pick<Page, 'getByRole'> = page) => {
      await within.getByRole('combobox', { name: label }).click()
      await page.getByRole('option', { name: option }).click()
      await page.getByRole('listbox').waitFor({ state: 'hidden' })
    }
    // Only what the chosen way needs is asked for, and what was typed before comes back with it.
    await incoming.getByLabel('IMAP server').fill('127.0.0.1')
    await pick('How mail comes in', /^Straight to Rapport/)
    await incoming.getByLabel('Name of this server').waitFor()
    expect(await incoming.getByLabel('IMAP server').count()).toBe(0)
    await pick('How mail comes in', /IMAP/)
    expect(await incoming.getByLabel('IMAP server').inputValue()).toBe('127.0.0.1')

    await incoming.getByLabel('Port').fill(String(dovecot.port))
    await pick('Encryption', /^None$/, incoming)
    await incoming.getByLabel('Password', { exact: true }).fill('wrong')
    await outgoing.getByLabel('SMTP server').fill('127.0.0.1')
    await outgoing.getByLabel('Port').fill(String(provider.port))
    await pick('Encryption', /^None$/, outgoing)
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByText('It does not work yet.').waitFor()
    await page.getByRole('button', { name: 'Change the settings' }).click()
    await incoming.getByText(/refused the login/).waitFor()
    await incoming.getByLabel('Password', { exact: true }).fill(DOVECOT_PASSWORD)
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByText('It works.').waitFor()
    await page.getByText(/Reading works: 1 mails.*Sending works/).waitFor()
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await page.getByRole('heading', { name: /is connected/ }).waitFor()
    await page.getByText(/^v=DMARC1/).waitFor()
    await page.getByRole('button', { name: 'Bring in' }).waitFor()
  }, 60_000)

  test('a mail is seen from every side: as it was designed, its headers, its bytes, and why it stands where it does', async () => {
    await write('Jo <jo@customer.example>', 'Where is my bag?', {
      html: '<h1>Lost</h1><p>It is <b>blue</b>.</p><img src="https://tracker.example/1.png" width="300" height="80">',
    })
    await open('Where is my bag?')
    await page.locator('header').getByText('Where is my bag?').waitFor()
    // What is understood of it stands under it once the parts that come later are there: they draw the words anew.
    await thread().getByText('Complaint').waitFor()
    await thread().getByRole('button', { name: 'Show it as it was designed' }).click()
    const frame = page.frameLocator('iframe[title="The message as it was designed"]')
    await frame.getByRole('heading', { name: 'Lost' }).waitFor()
    expect(await frame.locator('img').getAttribute('src')).toMatch(/^data:/)
    await thread().getByRole('button', { name: 'Show images' }).click()
    await frame.locator('img[src="https://tracker.example/1.png"]').waitFor({ state: 'attached' })

    await choose('Header lines')
    await page.getByRole('dialog').getByText('Message-ID:').waitFor()
    await page.keyboard.press('Escape')
    await choose('As it came')
    await page
      .getByRole('dialog')
      .getByText(/^From: Jo <jo@customer\.example>/m)
      .waitFor()
    await page.keyboard.press('Escape')
    await thread()
      .getByRole('button', { name: /^To help@acme/ })
      .click()
    await thread()
      .getByText(/it answers nothing that is known here/)
      .waitFor()
  }, 40_000)

  test('an answer with a stranger in it is asked about, refused without loss, sent, and taken back whole', async () => {
    await open('Where is my bag?')
    await page.getByRole('button', { name: 'Cc', exact: true }).click()
    await page.getByRole('textbox', { name: 'Cc' }).fill('new@elsewhere.example')
    await page.keyboard.press('Enter')
    await composer().fill('On the **next** flight:\n\n- at 14:20')
    await page.keyboard.press('Control+Enter')
    const question = page.getByRole('alertdialog').or(page.getByRole('dialog'))
    await question.getByText('new@elsewhere.example').waitFor()
    await page.keyboard.press('Escape')
    await question.waitFor({ state: 'hidden' })
    expect(await composer().inputValue()).toBe('On the **next** flight:\n\n- at 14:20')
    await composer().press('Control+Enter')
    await question.getByRole('button', { name: 'Send' }).click()
    // Drawn, not spelt: the marks are gone.
    await thread().getByRole('listitem').getByText('at 14:20').waitFor()
    expect(await thread().getByText('**').count()).toBe(0)
    // Else its words would be taken for those that Undo brings back, and the reload would end Undo on its way.
    await eventually('the composer is empty', async () => (await composer().inputValue()) === '')
    await undo().click()
    await eventually('the words are back', async () => (await composer().inputValue()).startsWith('On the **next**'))
    await page.getByRole('button', { name: 'Remove new@elsewhere.example' }).waitFor()
    await page.reload()
    await eventually('and there after a reload', async () =>
      (await composer().inputValue()).startsWith('On the **next**'),
    )
    expect(left).toHaveLength(0)
  }, 40_000)

  test('a message is moved to another conversation, and split into its own', async () => {
    await write('Kim <kim@customer.example>', 'Tag AB 123')
    await open('Tag AB 123')
    await choose(/^Move to another/)
    await page.getByRole('combobox', { name: 'To which conversation' }).fill('bag')
    await page.getByRole('option', { name: /Where is my bag/ }).click()
    await page.getByRole('button', { name: 'Move', exact: true }).click()
    await page.locator('header').getByText('Where is my bag?').waitFor()
    await thread().getByText('Tag AB 123: the words').waitFor()
    await choose('Split it off', /^More about the message of Kim/)
    await page.locator('header').getByText('Tag AB 123').waitFor()
    await page.getByText('This was split off from:').waitFor()
    expect((await subjects()).filter((one) => one === 'Tag AB 123')).toHaveLength(1)
  }, 40_000)

  test('a sender is blocked from their message, let through by Undo, and blocked for good', async () => {
    await write('Eve <eve@spam.example>', 'Buy now')
    await open('Buy now')
    await choose(/^Block Eve/)
    await page.getByText(/is kept among the resolved conversations/).waitFor()
    await undo().click()
    await eventually('it is open again', async () => (await subjects()).includes('Buy now'))
    await choose(/^Block Eve/)
    await eventually('it is put away', async () => !(await subjects()).includes('Buy now'))
    await write('Eve <eve@spam.example>', 'Buy now or never')
    await eventually('it is kept', async () => (await subjects('resolved')).includes('Buy now or never'))
    expect(await subjects()).not.toContain('Buy now or never')
  }, 40_000)

  test('a first message is kept while it is written, taken back by Undo, and leaves with its file and signature', async () => {
    await page.goto(`${rapport.url}/inbox`)
    const compose = async () => {
      await page.getByRole('button', { name: /^Write a new message/ }).click()
      return page.getByRole('dialog')
    }
    let box = await compose()
    await box.getByRole('textbox', { name: 'To' }).fill('Grace <grace@example.org>')
    await page.keyboard.press('Enter')
    await box.getByRole('button', { name: 'Bcc' }).click()
    await box.getByRole('textbox', { name: 'Bcc' }).fill('boss@example.org')
    await page.keyboard.press('Enter')
    await box.getByRole('textbox', { name: 'Subject' }).fill('Thursday')
    await box.getByRole('textbox', { name: 'Message' }).fill('Is **ten** right?')
    await box
      .locator('input[type=file]')
      .setInputFiles({ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('plan') })
    await box.getByRole('button', { name: 'Remove plan.txt' }).waitFor()
    await box.getByText('Olive Owner, Sales').waitFor()
    await box.getByRole('combobox', { name: 'From' }).click()
    await page.getByRole('option', { name: 'Support' }).click()
    await box.getByText('Olive Owner, Support').waitFor()
    await box.getByText('Draft saved').waitFor()
    await page.reload()
    box = await compose()
    expect(await box.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('Is **ten** right?')
    await box.getByRole('button', { name: 'Remove plan.txt' }).waitFor()
    await box.getByText('Olive Owner, Support').waitFor()
    await box.getByRole('button', { name: 'Send', exact: true }).click()
    await thread().getByText('ten', { exact: true }).waitFor()
    await undo().click()
    await eventually('it is a draft again', async () => (await composer().inputValue()) === 'Is **ten** right?')
    await page.getByRole('button', { name: 'Remove plan.txt' }).waitFor()
    await composer().press('Control+Enter')
    const mail = await eventually('it leaves', async () => left[0], 25_000)
    expect(mail).toMatch(/^To: "?Grace"? <grace@example\.org>/m)
    expect(mail).toMatch(/^Subject: Thursday/m)
    expect(mail).not.toContain('boss@example.org')
    expect(mail).toContain('<strong>ten</strong>')
    expect(mail).toMatch(/Kind regards[\s\S]*Olive Owner, Support/)
    expect(mail).toMatch(/filename="?plan\.txt/)
    // Nothing is left to go on with.
    await page.getByRole('button', { name: 'Write a new message', exact: true }).waitFor()
  }, 60_000)
})
