// Two people at one desk, a keyboard, and a visitor who gets one answer.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
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
  withoutBrowser,
  type Rapport,
  type SignedIn,
} from './harness.ts'
import { messageRoutes } from '#inbox/contract'
import { violationsOf } from './axe.ts'

if (withoutBrowser) process.stderr.write(`left out: e2e/inbox: ${withoutBrowser}\n`)

describe.skipIf(withoutBrowser !== null)('the inbox', () => {
  let rapport: Rapport
  let browser: Browser
  let olive: SignedIn
  let anna: SignedIn
  let chat: string

  beforeAll(async () => {
    rapport = await startRapport()
    browser = await openChromium()
    olive = await claimRapport(rapport)
    anna = await joinRapport(rapport, olive, { name: 'Anna Agent' })
    chat = await connectWebchat(olive)
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await rapport?.[Symbol.asyncDispose]()
  })

  const rowOf = (page: Page, name: string) => page.getByRole('link', { name: new RegExp(name) })
  const answerBox = (page: Page) => page.getByRole('textbox', { name: 'Answer' })

  test('two people see each other, and one’s answer appears at the other’s without a reload', async () => {
    const visitor = await visitRapport(rapport, chat, { name: 'Vera Visitor' })
    const first = await openAs(browser, rapport, olive)
    const second = await openAs(browser, rapport, anna)
    await first.page.goto(`${rapport.url}/inbox`)
    await second.page.goto(`${rapport.url}/inbox`)
    await first.page.getByRole('navigation', { name: 'Views' }).waitFor()
    await second.page.getByRole('navigation', { name: 'Views' }).waitFor()

    // Both lists stood there before anybody had written.
    await visitor.say('Is somebody there?')
    await rowOf(first.page, 'Vera Visitor').click()
    await rowOf(second.page, 'Vera Visitor').click()
    await first.page.getByRole('list', { name: 'Also here' }).getByRole('img', { name: 'Anna Agent' }).waitFor()
    await second.page.getByRole('list', { name: 'Also here' }).getByRole('img', { name: 'Olive Owner' }).waitFor()

    await answerBox(second.page).pressSequentially('Yes, I am here.')
    await first.page.getByText('Anna Agent is writing here').waitFor()
    await second.page.getByRole('button', { name: /^Send/ }).first().click()
    await first.page.getByRole('article').getByText('Yes, I am here.').waitFor()
    await first.page.getByText('Held, can still be undone').waitFor()

    await eventually(
      'the visitor has the answer',
      async () => (await visitor.read()).some(({ text }) => text === 'Yes, I am here.'),
      40_000,
    )
    expect((await visitor.read()).filter(({ text }) => text === 'Yes, I am here.')).toHaveLength(1)
    await first.page.getByText(/^(?:Sent|Delivered|Read)$/).waitFor()
    await first.context.close()
    await second.context.close()
  })

  test('an answer that is undone never leaves, and every word of it is back in the box', async () => {
    const visitor = await visitRapport(rapport, chat, { name: 'Ulla Undone' })
    await visitor.say('How much is a second bag?')
    const { context, page } = await openAs(browser, rapport, anna)
    await page.goto(`${rapport.url}/inbox`)
    await rowOf(page, 'Ulla Undone').click()
    await answerBox(page).fill('It is free of charge.')
    await page.getByRole('button', { name: /^Send/ }).first().click()
    await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: /Undo/ }).click()
    await expect.poll(() => answerBox(page).inputValue(), { timeout: 20_000 }).toBe('It is free of charge.')
    await page.waitForTimeout(12_000)
    expect((await visitor.read()).map(({ text }) => text)).toEqual(['How much is a second bag?'])
    await context.close()
  })

  test('a draft is there again after a reload', async () => {
    const visitor = await visitRapport(rapport, chat, { name: 'Dora Draft' })
    await visitor.say('Are you open on Sunday?')
    const { context, page } = await openAs(browser, rapport, anna)
    await page.goto(`${rapport.url}/inbox`)
    await rowOf(page, 'Dora Draft').click()
    await answerBox(page).fill('On Sundays we are')
    await page.getByText('Draft saved').waitFor()
    await page.reload()
    await expect.poll(() => answerBox(page).inputValue(), { timeout: 20_000 }).toBe('On Sundays we are')
    await context.close()
  })

  test('a day’s work goes without a mouse: move, open, note, reply, send, resolve, undo', async () => {
    const visitors = [
      await visitRapport(rapport, chat, { name: 'Kay One' }),
      await visitRapport(rapport, chat, { name: 'Kay Two' }),
    ]
    for (const visitor of visitors) await visitor.say('Hello?')
    const { context, page } = await openAs(browser, rapport, anna)
    await page.goto(`${rapport.url}/inbox`)
    await rowOf(page, 'Kay Two').waitFor()

    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    const head = page.getByRole('heading', { level: 2 }).first()
    await expect.poll(() => head.textContent()).toContain('Kay Two')
    await page.keyboard.press('j')
    await expect.poll(() => head.textContent()).toContain('Kay One')

    await page.keyboard.press('n')
    await page.keyboard.type('Looks like a test.')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('article').filter({ hasText: 'Internal note' }).getByText('Looks like a test.').waitFor()

    await page.keyboard.press('Escape')
    await page.keyboard.press('r')
    await page.keyboard.type('Hello Kay.')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('article').getByText('Hello Kay.').waitFor()
    await page.keyboard.press('Escape')

    await page.keyboard.press('e')
    await page.getByRole('button', { name: 'Reopen' }).waitFor()
    await page.keyboard.press('z')
    await page.getByRole('button', { name: /^Resolve/ }).waitFor()
    await page.keyboard.press('u')
    await expect.poll(() => new URL(page.url()).pathname).toBe('/inbox')
    await context.close()
  })

  test('a label is made, put on, renamed and retired, and every screen follows', async () => {
    const visitor = await visitRapport(rapport, chat, { name: 'Lena Label' })
    await visitor.say('Where can I see my seat?')
    const { context, page } = await openAs(browser, rapport, olive)
    await page.goto(`${rapport.url}/inbox`)
    await rowOf(page, 'Lena Label').click()
    await page.getByRole('button', { name: 'Labels', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Manage labels' }).click()
    await page.getByRole('heading', { level: 1, name: 'Labels' }).waitFor()
    await page.getByRole('button', { name: 'Make a label' }).first().click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Seating')
    await page.getByRole('radio', { name: 'Plum' }).check()
    await page.getByRole('button', { name: 'Make the label' }).click()
    await page.getByRole('button', { name: 'Change Seating' }).waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await violationsOf(page, [], true)).toEqual([])

    await page.goBack()
    await page.getByRole('button', { name: 'Labels', exact: true }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Seating' }).click()
    await page.keyboard.press('Escape')
    await rowOf(page, 'Lena Label').getByText('Seating').waitFor()
    await page.goto(`${rapport.url}/settings/labels`)
    await page.getByRole('button', { name: 'Change Seating' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Seats')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: 'Show conversations with Seats' }).click()
    await rowOf(page, 'Lena Label').getByText('Seats').waitFor()
    await page.goto(`${rapport.url}/settings/labels`)
    await page.getByRole('button', { name: 'Retire Seats' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Retire' }).click()
    await page.getByText('There are no labels').waitFor()
    await context.close()
  })

  test('what is found opens its conversation at that message; the order turns by key; nothing is unsettled', async () => {
    // More than two pages of a thread, the message that is looked for at its very beginning.
    const form = await connectApi(rapport, olive)
    const texts = ['My umbrella stayed in row nine.', ...Array.from({ length: 120 }, (_, n) => `Thing ${n + 1}.`)]
    const from = Date.now() - 86_400_000
    await form.deliver(
      ...texts.map((text, n) =>
        messageEvent({ thread: 'lost', from: 'Sasha Sought', text, at: new Date(from + n * 60_000).toISOString() }),
      ),
    )
    await eventually(
      'the last of them is stored',
      async () => (await anna.api(messageRoutes).searchMessages({ query: { q: '"thing 120"' } })).items.length === 1,
    )
    const { context, page } = await openAs(browser, rapport, anna)
    await page.goto(`${rapport.url}/search?q=umbrella`)
    await page.getByRole('link', { name: /Sasha Sought/ }).click()
    const found = page.getByRole('article').filter({ hasText: 'umbrella' })
    await found.waitFor()
    expect(await found.getAttribute('aria-current')).toBe('location')
    await expect
      .poll(async () => {
        const [box, thread] = [
          await found.boundingBox(),
          await page.getByRole('region', { name: 'Messages' }).boundingBox(),
        ]
        return box !== null && thread !== null && box.y >= thread.y && box.y + box.height <= thread.y + thread.height
      })
      .toBe(true)

    await page.goto(`${rapport.url}/inbox`)
    await rowOf(page, 'Sasha Sought').waitFor()
    await page.keyboard.press('p')
    await page.waitForURL(/sort=priority/)
    await page.keyboard.press('p')
    await page.waitForURL((now) => !now.search.includes('sort'))
    await page.goto(`${rapport.url}/inbox/unsettled`)
    await page.getByText('Every answer has arrived').waitFor()
    expect(await violationsOf(page, [], true)).toEqual([])
    await context.close()
  })

  test('a finger pushes a row aside: resolved, with Undo', async () => {
    const visitor = await visitRapport(rapport, chat, { name: 'Fay Finger' })
    await visitor.say('Thank you, that is all.')
    const { context, page } = await openAs(browser, rapport, anna, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    })
    await page.goto(`${rapport.url}/inbox`)
    const row = rowOf(page, 'Fay Finger')
    await row.waitFor()
    const box = (await row.boundingBox())!
    const line = await context.newCDPSession(page)
    const y = box.y + box.height / 2
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x?: number) =>
      line.send('Input.dispatchTouchEvent', { type, touchPoints: x === undefined ? [] : [{ x, y }] })
    await touch('touchStart', 120)
    for (let x = 130; x <= 300; x += 10) await touch('touchMove', x)
    await touch('touchEnd')
    await row.waitFor({ state: 'detached' })
    expect(new URL(page.url()).pathname).toBe('/inbox')
    await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: /Undo/ }).click()
    await row.waitFor()
    await context.close()
  })

  test('the keyboard walks on past what was fetched first, and the row it stands on stays in sight', async () => {
    const form = await connectApi(rapport, olive, { name: 'Long queue' })
    const from = Date.now() - 3_600_000
    await form.deliver(
      ...Array.from({ length: 70 }, (_, n) =>
        messageEvent({
          thread: `queue-${n}`,
          from: `Quinn ${n}`,
          text: `Number ${n} in the queue.`,
          at: new Date(from + n * 1000).toISOString(),
        }),
      ),
    )
    await eventually(
      'the last of them is stored',
      async () => (await anna.api(messageRoutes).searchMessages({ query: { q: '"number 69"' } })).items.length === 1,
    )
    const { context, page } = await openAs(browser, rapport, anna)
    const walked = new Set<string>()
    let waited = 0
    await page.route(/\/api\/conversations\?.*after=/, async (route) => {
      // The second page comes when the walk has long arrived at the end of the first.
      await eventually('the walk stands at the last row', async () => walked.size >= 50)
      waited += 1
      await route.continue()
    })
    await page.goto(`${rapport.url}/inbox`)
    const list = page.getByRole('list', { name: /^Conversations/ })
    await list.getByRole('link').first().click()
    for (let step = 0; step < 60; step++) {
      const before = page.url()
      walked.add(before)
      // One key a step, also at the row behind which the next ones are still on their way.
      await page.keyboard.press('j')
      await page.waitForURL((url) => url.href !== before)
    }
    expect([walked.size, waited > 0]).toEqual([60, true])
    const here = list.getByRole('link').and(page.locator('[aria-current="page"]'))
    const [row, seen] = [await here.boundingBox(), await list.locator('..').boundingBox()]
    expect(row!.y).toBeGreaterThanOrEqual(seen!.y - 1)
    expect(row!.y + row!.height).toBeLessThanOrEqual(seen!.y + seen!.height + 1)
    await context.close()
  })

  test('a phone shows one thing at a time and leads back', async () => {
    const { context, page } = await openAs(browser, rapport, anna, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    })
    await page.goto(`${rapport.url}/inbox`)
    await rowOf(page, 'Dora Draft').click()
    await answerBox(page).waitFor()
    expect(await rowOf(page, 'Ulla Undone').isVisible()).toBe(false)
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await page.getByRole('button', { name: 'Back to the list' }).click()
    await rowOf(page, 'Ulla Undone').waitFor()
    await context.close()
  })

  test('whoever is not signed in is led to the door and brought back', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${rapport.url}/inbox?view=mine`)
    await page.waitForURL(/\/sign-in/)
    await page.getByLabel(/e-?mail/i).fill(anna.email)
    await page.getByLabel(/^password/i).fill(anna.password)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/inbox\?view=mine/)
    await page.getByRole('navigation', { name: 'Views' }).waitFor()
    await context.close()
  })
})
