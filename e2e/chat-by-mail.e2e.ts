// A visitor asks in the chat, leaves an address and goes; the answer reaches them by mail, their reply stands in the chat, and
// back on the page they read all of it. The program is killed between the answer and its mail, and sends one.
import type { Transporter } from 'nodemailer'
import PostalMime, { type Email } from 'postal-mime'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectionRoutes } from '#connections/contract'
import { conversationRoutes, messageRoutes } from '#inbox/contract'
import { freePort } from '#platform/testing/free-port'
import {
  claimRapport,
  eventually,
  openAs,
  openChromium,
  startRapport,
  visitChat,
  withoutBrowser,
  type Rapport,
  type SignedIn,
} from './harness.ts'
import { connectMailbox, customerOf, doorEnv, startProvider, type Provider } from './mail-house.ts'

let rapport: Rapport
let browser: Browser
let owner: SignedIn
let customer: Transporter
let provider: Provider
let context: BrowserContext
let chat: { id: string; key: string }
/** The visitor's conversation. */
let line = ''
/** Every mail that left Rapport, read. */
const left: Email[] = []

const conversations = async () => (await owner.api(conversationRoutes).listConversations({ query: {} })).items
const messages = async (id: string) =>
  (await owner.api(messageRoutes).listMessages({ params: { id }, query: {} })).items.toReversed()

async function openChat(): Promise<Page> {
  const page = await context.newPage()
  page.setDefaultTimeout(40_000)
  await visitChat(page, rapport, chat.key)
  return page
}

async function answer(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Answer' }).fill(text)
  await page.keyboard.press('Control+Enter')
}

describe.skipIf(withoutBrowser)(`a chat${withoutBrowser ? ` (left out: ${withoutBrowser})` : ''}`, () => {
  beforeAll(async () => {
    const door = await freePort()
    provider = await startProvider({ onMail: async (raw) => left.push(await PostalMime.parse(raw)) })
    ;[rapport, browser] = await Promise.all([startRapport({ env: doorEnv(door) }), openChromium()])
    owner = await claimRapport(rapport)
    await connectMailbox(owner, provider, { name: 'Support mail', address: 'help@acme.example' })
    const { createConnection } = owner.api(connectionRoutes)
    const made = await createConnection({
      body: { channel: 'webchat', name: 'Acme chat', settings: { prechat: 'required' } },
    })
    chat = { id: made.connection.id, key: made.connection.publicKey }
    customer = customerOf(door)
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  }, 240_000)
  afterAll(async () => {
    customer?.close()
    await provider?.stop()
    await browser?.close()
    await rapport?.[Symbol.asyncDispose]()
  }, 60_000)

  test('is set to go on by mail among its settings', async () => {
    const { page } = await openAs(browser, rapport, owner)
    await page.goto(`${rapport.url}/connections/${chat.id}`)
    await page.getByRole('combobox', { name: /Go on by mail through/ }).click()
    await page.getByRole('option', { name: 'Support mail' }).click()
    await page.getByRole('spinbutton', { name: /Seconds until a mail goes/ }).fill('5')
    await page.getByRole('button', { name: 'Save' }).first().click()
    await eventually('it is kept', async () => {
      const { settings } = await owner.api(connectionRoutes).getConnection({ params: { id: chat.id } })
      return settings['continueBy'] && settings['continueAfter'] === 5
    })
    await page.context().close()
  }, 60_000)

  test('whose visitor left goes on by mail and comes back, once, also over a kill', async () => {
    const visitor = await openChat()
    await visitor.getByText('Our answer also comes by mail.').waitFor()
    await visitor.getByLabel('Name').fill('Ana Ruiz')
    await visitor.getByLabel('E-mail').fill('ana@visitor.example')
    await visitor.getByRole('button', { name: 'Start' }).click()
    await visitor.getByRole('textbox', { name: 'Write a message' }).fill('Is my seat by the window?')
    await visitor.keyboard.press('Enter')
    await visitor.getByText('Delivered').waitFor()
    await visitor.close()

    const { page } = await openAs(browser, rapport, owner)
    page.setDefaultTimeout(40_000)
    await page.goto(`${rapport.url}/inbox`)
    await page.getByText('Is my seat by the window?').first().click()
    await answer(page, 'It is: 12A.')
    line = (await conversations())[0]!.id
    await eventually(
      'the answer lies ready',
      async () => (await messages(line)).find(({ kind, state }) => kind === 'out' && state === 'sent'),
      30_000,
    )
    await rapport.kill()
    await rapport.start()
    const mail = await eventually('the answer leaves by mail', async () => left[0], 60_000)
    expect(mail.to?.[0]?.address).toBe('ana@visitor.example')
    expect(mail.subject).toBe('Your chat with Acme chat')
    expect(mail.text).toContain('It is: 12A.')
    expect(mail.text).not.toContain('window')
    const replyTo = mail.replyTo?.[0]?.address ?? ''
    expect(replyTo).toMatch(/^help\+d/)
    const thread = page.getByLabel('Messages')
    await thread.getByText(/The answer also went by mail to/).waitFor()
    await thread.getByText('ana@visitor.example').first().waitFor()

    await customer.sendMail({
      from: 'Ana Ruiz <ana@visitor.example>',
      to: replyTo,
      subject: `Re: ${mail.subject}`,
      inReplyTo: mail.messageId!,
      text: 'Thank you. Is there a meal?\n\nOn Friday, Acme wrote:\n> It is: 12A.\n',
    })
    await thread.getByText('Thank you. Is there a meal?').waitFor()
    expect(await conversations()).toHaveLength(1)

    // Back on the page: their mail stands there, and what is read there does not go by mail.
    const back = await openChat()
    const log = back.getByRole('log')
    await log.getByText('Thank you. Is there a meal?').waitFor()
    await log.getByText('E-mail', { exact: true }).first().waitFor()
    await log.getByText('It is: 12A.').waitFor()
    expect(await log.getByText('Acme wrote').count()).toBe(0)
    await answer(page, 'There is, and it is warm.')
    await log.getByText('There is, and it is warm.').waitFor()
    await thread.getByText('Read', { exact: true }).last().waitFor()
    await new Promise((resolve) => setTimeout(resolve, 8000))
    expect(left).toHaveLength(1)
    await back.close()

    // Gone again: what answers a mail follows it by mail.
    await customer.sendMail({ from: 'ana@visitor.example', to: replyTo, subject: 'Re', text: 'Lovely.' })
    await thread.getByText('Lovely.').waitFor()
    await answer(page, 'See you on board.')
    const second = await eventually('the next answer leaves by mail', async () => left[1], 60_000)
    expect(second.text).toContain('See you on board.')
    expect(second.text).not.toContain('12A')
    expect(second.references).toContain(mail.messageId)
    expect(left).toHaveLength(2)
    await page.context().close()
  }, 240_000)

  test('takes no mail of somebody else, whatever address they were shown', async () => {
    const before = (await messages(line)).map(({ id }) => id)
    await customer.sendMail({
      from: 'eve@elsewhere.example',
      to: left[0]!.replyTo![0]!.address!,
      inReplyTo: left[0]!.messageId!,
      text: 'What else did she say?',
    })
    const apart = await eventually('it stands apart', async () =>
      (await conversations()).find(({ customerName }) => customerName?.startsWith('eve@')),
    )
    expect(apart.id).not.toBe(line)
    expect((await messages(line)).map(({ id }) => id)).toEqual(before)
  }, 60_000)
})
