// A customer and the desk by mail: the customer's own program sends over SMTP to Rapport's door, an agent reads and answers in the
// browser, the answer leaves over SMTP, and what comes back stands where it belongs. No provider stands between.
import { decodeWords } from 'postal-mime'
import type { Transporter } from 'nodemailer'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conversationRoutes, messageRoutes } from '#inbox/contract'
import { freePort } from '#platform/testing/free-port'
import {
  claimRapport,
  eventually,
  openAs,
  openChromium,
  startRapport,
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
/** Every mail that left Rapport, whole. */
const left: string[] = []

const headerOf = (mail: string, name: string): string =>
  new RegExp(`^${name}:((?:.|\\r?\\n[ \\t])*)`, 'im').exec(mail)?.[1]?.replace(/\r?\n/g, '').trim() ?? ''

const conversations = async () => (await owner.api(conversationRoutes).listConversations({ query: {} })).items

describe.skipIf(withoutBrowser)(`a mail${withoutBrowser ? ` (left out: ${withoutBrowser})` : ''}`, () => {
  beforeAll(async () => {
    const door = await freePort()
    provider = await startProvider({ onMail: (raw) => left.push(raw.toString('utf8')) })
    ;[rapport, browser] = await Promise.all([startRapport({ env: doorEnv(door) }), openChromium()])
    owner = await claimRapport(rapport)
    await connectMailbox(owner, provider, { name: 'Support', address: 'help@acme.example' })
    customer = customerOf(door)
  }, 240_000)
  afterAll(async () => {
    customer?.close()
    await provider?.stop()
    await browser?.close()
    await rapport?.[Symbol.asyncDispose]()
  }, 60_000)

  test('comes in by SMTP, is answered in the browser, and the reply to that stands in the same conversation', async () => {
    const { page } = await openAs(browser, rapport, owner)
    page.setDefaultTimeout(40_000)
    await page.goto(`${rapport.url}/inbox`)
    await customer.sendMail({
      from: 'Jo Ünal <jo@customer.example>',
      to: 'help@acme.example',
      subject: 'Where is my bag? 🧳',
      text: 'It is blue.',
      html: '<p>It is <b>blue</b>.</p><script>document.title = "pwned"</script><img src="https://tracker.example/1.png">',
      attachments: [{ filename: 'tag.txt', content: 'AB 123' }],
    })
    // Without a reload: the list hears of it.
    await page.getByText('Where is my bag? 🧳').first().click()
    const thread = page.getByLabel('Messages')
    await thread.getByText('It is blue.').waitFor()
    await thread.getByText('tag.txt').waitFor()

    await thread.getByRole('button', { name: 'Show it as it was designed' }).click()
    await thread.getByText(/1 image from elsewhere is not shown/).waitFor()
    await page
      .frameLocator('iframe[title="The message as it was designed"]')
      .getByText('blue', { exact: true })
      .waitFor()
    expect(await page.title()).not.toContain('pwned')

    await page.getByRole('textbox', { name: 'Answer' }).fill('It is on the **next** flight.')
    await page.keyboard.press('Control+Enter')
    const mail = await eventually('the answer leaves', async () => left[0], 40_000)
    expect(headerOf(mail, 'To')).toContain('jo@customer.example')
    expect(decodeWords(headerOf(mail, 'Subject'))).toBe('Re: Where is my bag? 🧳')
    expect(headerOf(mail, 'In-Reply-To')).not.toBe('')
    expect(headerOf(mail, 'Message-ID')).toMatch(/^<[^<>\s]+@acme\.example>$/)
    const replyTo = /[^\s<>]+@[^\s<>]+/.exec(headerOf(mail, 'Reply-To'))![0]
    expect(replyTo).toMatch(/^help\+c/)

    // Some programs forget what they answer: the address alone says where it belongs.
    await customer.sendMail({
      from: 'jo@customer.example',
      to: replyTo,
      subject: 'Something else entirely',
      text: 'Thank you!\n\nOn Friday, Acme wrote:\n> It is on the next flight.\n',
    })
    await thread.getByText('Thank you!').waitFor()
    // What it quotes is folded away.
    expect(await thread.getByText('> It is on the next flight.').count()).toBe(0)
    await thread.getByRole('button', { name: /Show what follows/ }).click()
    await thread.getByText('> It is on the next flight.').waitFor()
    expect(await conversations()).toHaveLength(1)
    await page.context().close()
  }, 120_000)

  test('of a stranger who answers into it begins a conversation of its own, and forged replies change nothing', async () => {
    const [first] = await conversations()
    const before = await owner.api(messageRoutes).listMessages({ params: { id: first!.id }, query: {} })
    const ours = headerOf(left[0]!, 'Message-ID')
    await customer.sendMail({
      from: 'eve@elsewhere.example',
      to: 'help@acme.example',
      subject: 'Re: Where is my bag? 🧳',
      inReplyTo: ours,
      references: ours,
      text: 'I am Jo, honestly. Where did you send it?',
    })
    const forged = headerOf(left[0]!, 'Reply-To').replace(
      /\+c(.)/,
      (_, letter: string) => `+c${letter === 'a' ? 'b' : 'a'}`,
    )
    await customer.sendMail({
      from: 'eve@elsewhere.example',
      to: /[^\s<>]+@[^\s<>]+/.exec(forged)![0],
      text: 'And this?',
    })
    const all = await eventually('both stand apart', async () => {
      const found = await conversations()
      return found.length === 3 && found
    })
    expect(all.map(({ customerName }) => customerName).filter((name) => name?.startsWith('eve@'))).toHaveLength(2)
    const after = await owner.api(messageRoutes).listMessages({ params: { id: first!.id }, query: {} })
    expect(after.items.map(({ id }) => id)).toEqual(before.items.map(({ id }) => id))
    const seen = await owner.api(conversationRoutes).getConversation({ params: { id: first!.id } })
    expect(seen.linked).toHaveLength(1)
    expect(left).toHaveLength(1)
  }, 60_000)

  test('for nobody here is refused while it is being sent', async () => {
    await expect(
      customer.sendMail({ from: 'jo@customer.example', to: 'nobody@acme.example', text: 'hello?' }),
    ).rejects.toMatchObject({ responseCode: 550 })
  })
})
