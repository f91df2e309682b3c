// The main promise, as two people live it: the program is killed with -9 between a question and its answer, and again while the
// answer waits for its undo time. Neither side loses a word or sees one twice.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  claimRapport,
  connectWebchat,
  openAs,
  openChromium,
  startRapport,
  visitChat,
  withoutBrowser,
  type Rapport,
  type SignedIn,
} from './harness.ts'

let rapport: Rapport
let browser: Browser
let owner: SignedIn
let chat = ''

describe.skipIf(withoutBrowser)(`kill -9${withoutBrowser ? ` (left out: ${withoutBrowser})` : ''}`, () => {
  beforeAll(async () => {
    ;[rapport, browser] = await Promise.all([startRapport(), openChromium()])
    owner = await claimRapport(rapport)
    chat = await connectWebchat(owner)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await rapport?.[Symbol.asyncDispose]()
  }, 60_000)

  test('between question and answer costs neither side a word', async () => {
    const visitor = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
    visitor.setDefaultTimeout(40_000)
    await visitChat(visitor, rapport, chat)
    const box = visitor.getByRole('textbox', { name: 'Write a message' })
    await box.fill('My suitcase is blue 🧳')
    await visitor.keyboard.press('Enter')

    const desk = await openAs(browser, rapport, owner)
    desk.page.setDefaultTimeout(40_000)
    await desk.page.goto(`${rapport.url}/inbox`)
    await desk.page.getByText('My suitcase is blue 🧳').first().click()
    await desk.page.getByRole('article').getByText('My suitcase is blue 🧳').waitFor()

    await rapport.kill()
    // The visitor goes on writing to a program that is not there.
    await box.fill('It has a dent, too')
    await visitor.keyboard.press('Enter')
    await rapport.start()
    // Both pages stayed open: each finds its way back by itself.
    await desk.page.getByRole('article').getByText('It has a dent, too').waitFor()

    await desk.page.getByRole('textbox', { name: 'Answer' }).fill('Found it, dent and all.')
    await desk.page.keyboard.press('Control+Enter')
    await desk.page.getByText('Held, can still be undone').waitFor()
    await rapport.kill()
    await rapport.start()

    const log = visitor.getByRole('log')
    await log.getByText('Found it, dent and all.').waitFor({ timeout: 60_000 })
    for (const text of ['My suitcase is blue 🧳', 'It has a dent, too', 'Found it, dent and all.']) {
      expect(await log.getByText(text).count(), text).toBe(1)
    }
    await desk.page.reload()
    const thread = desk.page.getByRole('article')
    await thread.getByText('Found it, dent and all.').waitFor()
    for (const text of ['My suitcase is blue 🧳', 'It has a dent, too', 'Found it, dent and all.']) {
      expect(await thread.getByText(text).count(), text).toBe(1)
    }
  }, 240_000)
})
