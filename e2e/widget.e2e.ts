// The widget in a real browser, on a page that knows nothing of it and allows it next to nothing.
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { deflateSync, crc32 } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { freePort } from '#platform/testing/free-port'
import { aDesk, launch, visit, type Desk } from './widget-desk.ts'

// oxlint-disable-next-line react-hooks/rules-of-hooks -- not a hook of React
const database = useDatabase()
const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
let browser: Browser
let desk: Desk

beforeAll(async () => {
  const root = new URL('..', import.meta.url).pathname
  const vite = `${root}node_modules/vite/bin/vite.js`
  execFileSync(process.execPath, [vite, 'build', '--config', 'widget/vite.config.ts', '--logLevel', 'error'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
  })
  browser = await launch()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  desk = await aDesk(database.db, await freePort())
})
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()))
  await desk.close()
})

const launcher = (page: Page) => page.getByRole('button', { name: /Open chat/ })
const field = (page: Page) => page.getByRole('textbox', { name: 'Write a message' })
const log = (page: Page) => page.getByRole('log')

async function say(page: Page, text: string): Promise<void> {
  await field(page).fill(text)
  await page.keyboard.press('Enter')
}
/** Waits until `work` answers something that is not empty. */
async function eventually<T>(work: () => Promise<T>, right: (value: T) => boolean, ms = 10_000): Promise<T> {
  for (const end = Date.now() + ms; ;) {
    const value = await work()
    if (right(value)) return value
    if (Date.now() > end) throw new Error(`never came: ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
const firstLine = async () => (await eventually(desk.conversations, (all) => all.length > 0))[0]!.id
const shown = (page: Page) => log(page).locator('.text').allInnerTexts()

async function violations(page: Page): Promise<string[]> {
  // Run by the browser's debugger, which the page's policy does not bind.
  await page.evaluate(await readFile(axePath, 'utf8'))
  const found = await page.evaluate(async () => {
    const axe = (
      window as unknown as {
        axe: {
          run(
            what: unknown,
            how: unknown,
          ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>
        }
      }
    ).axe
    return (await axe.run({ include: ['rapport-chat'] }, { rules: { region: { enabled: false } } })).violations
  })
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))
}

describe('the widget', () => {
  test('carries a message to the desk and the answer back, under a policy that allows only its own origin', async () => {
    const { page, complaints } = await visit(browser, desk.shop)
    await launcher(page).click()
    await expect
      .poll(() => field(page).evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element))
      .toBe(true)
    await say(page, 'Where is my suitcase? https://northwind.example/bags.')
    const line = await firstLine()
    await page.getByText('Delivered').waitFor()
    await desk.read(line)
    await page.getByText('Read', { exact: true }).waitFor()
    desk.typing.show({ workspaceId: desk.workspaceId, conversationId: line, typing: true })
    await page.getByText('Typing …').waitFor()
    const answer = await desk.answer(line, 'In Oslo. It flies to you tonight.')
    await page.getByText('It flies to you tonight.').waitFor()
    expect(await page.getByText('Typing …').count()).toBe(0)
    expect(await log(page).innerText()).toContain('Mia Berg')
    await eventually(desk.thread, (all) => all.find(({ id }) => id === answer)?.state === 'read')
    expect(await page.getByRole('link', { name: 'https://northwind.example/bags', exact: true }).count()).toBe(1)
    expect((await desk.thread()).map(({ kind, body }) => [kind, body])).toEqual([
      ['in', 'Where is my suitcase? https://northwind.example/bags.'],
      ['out', 'In Oslo. It flies to you tonight.'],
    ])
    await field(page).pressSequentially('Than')
    await expect.poll(() => desk.typing.heard.some(({ typing }) => typing)).toBe(true)
    expect(await page.context().cookies()).toEqual([])
    expect(complaints).toEqual([])
  })

  test('counts what came while it was closed, and says delivered, not read', async () => {
    const { page } = await visit(browser, desk.shop)
    await launcher(page).click()
    await say(page, 'Hello')
    const line = await firstLine()
    await page.getByText('Delivered').waitFor()
    await page.keyboard.press('Escape')
    const answer = await desk.answer(line, 'Hello back')
    await page.getByRole('button', { name: 'Open chat. New messages: 1' }).waitFor()
    await eventually(desk.thread, (all) => all.find(({ id }) => id === answer)?.state === 'delivered')
    await page.reload()
    await page.getByRole('button', { name: 'Open chat. New messages: 1' }).click()
    await eventually(desk.thread, (all) => all.find(({ id }) => id === answer)?.state === 'read')
    expect(await shown(page)).toEqual(['Hello', 'Hello back'])
  })

  test('loses and doubles nothing over a dropped network, a reload and a restart of the server', async () => {
    const { page } = await visit(browser, desk.shop)
    await launcher(page).click()
    await say(page, 'one')
    const line = await firstLine()
    await page.getByText('Delivered').waitFor()
    await desk.stop()
    await say(page, 'two')
    await page.reload().catch(() => {})
    await desk.start()
    await page.reload()
    await launcher(page).click()
    await page.context().setOffline(true)
    await say(page, 'three')
    // 'two' may still be on its way as well.
    await page.getByText('Waits for the network').last().waitFor()
    await desk.answer(line, 'answer while away')
    await page.context().setOffline(false)
    await eventually(desk.thread, (all) => all.length === 4, 30_000)
    await page.getByText('answer while away').waitFor({ timeout: 30_000 })
    await page.getByText('Delivered').waitFor({ timeout: 30_000 })
    expect((await shown(page)).sort()).toEqual(['answer while away', 'one', 'three', 'two'])
    expect((await desk.thread()).filter(({ kind }) => kind === 'in').map(({ body }) => body)).toEqual([
      'one',
      'two',
      'three',
    ])
    expect((await desk.conversations()).length).toBe(1)
  })

  test('sends and shows files, and tells why one can’t be sent', async () => {
    const { page, complaints } = await visit(browser, desk.shop)
    await launcher(page).click()
    const input = page.locator('input[type=file]')
    await input.setInputFiles({ name: 'program.html', mimeType: 'text/html', buffer: Buffer.from('<p>x') })
    await page.getByText('program.html is no picture, PDF or plain text.').waitFor()
    const long = `${'very long '.repeat(12)}name.txt`
    await input.setInputFiles({ name: long, mimeType: 'text/plain', buffer: Buffer.from('x') })
    const remove = page.getByRole('button', { name: `Remove ${long}` })
    await remove.waitFor()
    const edges = await page
      .locator('.composer')
      .evaluate((box) => [box.scrollWidth <= box.clientWidth, box.getBoundingClientRect().right <= innerWidth])
    expect(edges).toEqual([true, true])
    await remove.click()
    await input.setInputFiles({ name: 'tag.png', mimeType: 'image/png', buffer: aPicture(120, 80) })
    await page.getByRole('button', { name: 'Remove tag.png' }).waitFor()
    await expect.poll(() => page.getByRole('progressbar').count()).toBe(0)
    await say(page, 'My luggage tag')
    await page.getByRole('img', { name: 'Picture: tag.png' }).waitFor()
    const drawn = () =>
      page.getByRole('img', { name: 'Picture: tag.png' }).evaluate((canvas: HTMLCanvasElement) => canvas.width)
    await expect.poll(drawn).toBe(120)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: /tag\.png/ }).click()
    expect((await download).suggestedFilename()).toBe('tag.png')
    expect(complaints).toEqual([])
  })

  test('begins anew after the desk resolved, and saves what was said', async () => {
    const { page } = await visit(browser, desk.shop)
    await launcher(page).click()
    await say(page, 'first matter')
    const line = await firstLine()
    await page.getByText('Delivered').waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save conversation' }).click()
    expect(await readFile((await (await download).path())!, 'utf8')).toContain('first matter')
    await desk.resolve(line)
    await page.getByRole('button', { name: 'Start a new one' }).click()
    await expect.poll(() => shown(page)).toEqual([])
    await say(page, 'second matter')
    await eventually(desk.conversations, (all) => all.length === 2)
    await page.getByText('Delivered').waitFor()
    expect(await shown(page)).toEqual(['second matter'])
  })

  test('knows a person whom the page signs for, on another device too, and forgets them at sign-out', async () => {
    const identity = { userId: 'u-1', hmac: desk.sign('u-1'), name: 'Ana Ruiz' }
    const identify = (page: Page) =>
      page.evaluate(
        (given) => (window as unknown as { Rapport: (...command: unknown[]) => void }).Rapport('identify', given),
        identity,
      )
    const first = await visit(browser, desk.shop)
    await launcher(first.page).click()
    await say(first.page, 'before signing in')
    await first.page.getByText('Delivered').waitFor()
    await identify(first.page)
    await first.page.waitForResponse((response) => response.url().includes('/visits') && response.ok())
    const second = await visit(browser, desk.shop)
    await identify(second.page)
    await launcher(second.page).click()
    await second.page.getByText('before signing in').waitFor()
    await second.page.evaluate(() => (window as unknown as { Rapport: (name: string) => void }).Rapport('shutdown'))
    await expect.poll(() => second.page.evaluate(() => Object.keys(localStorage)), { timeout: 10_000 }).toEqual([])
    expect(await second.page.locator('rapport-chat').count()).toBe(0)
  })

  test('asks who it is where the owner wants that, and says truthfully when nobody is there', async () => {
    await desk.settings({ prechat: 'required', greeting: 'Welcome aboard.' })
    desk.hours = { openNow: false, nextOpening: new Date(Date.now() + 2 * 86_400_000) }
    const { page } = await visit(browser, desk.shop)
    await launcher(page).click()
    await page.getByText('Welcome aboard.').waitFor()
    await page.getByText(/^We answer /).waitFor()
    await page.getByText('Your message waits here').waitFor()
    await page.getByLabel('E-mail').waitFor()
    expect(await page.getByText(/mail/i).allInnerTexts()).toEqual(['E-mail'])
    await page.getByLabel('Name').fill('Ana Ruiz')
    await page.getByRole('button', { name: 'Start' }).click()
    expect(await field(page).count()).toBe(0)
    await page.getByLabel('E-mail').fill('ana@example.org')
    await page.getByRole('button', { name: 'Start' }).click()
    await say(page, 'Anybody there?')
    await page.getByText('Delivered').waitFor()
  })
})

describe('everybody', () => {
  test('can do it all by keyboard, in an order that follows the eye', async () => {
    const { page } = await visit(browser, desk.shop)
    await launcher(page).waitFor()
    const focused = () =>
      page.evaluate(() => {
        const inner = document.activeElement?.shadowRoot?.activeElement
        return inner?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? null
      })
    const steps: (string | null)[] = []
    const tab = async (): Promise<void> => {
      await page.keyboard.press('Tab')
      steps.push(await focused())
    }
    await tab()
    await tab()
    await page.keyboard.press('Enter')
    await expect.poll(focused).toBe('Write a message')
    await page.keyboard.type('By keyboard')
    await page.keyboard.press('Enter')
    await page.getByText('Delivered').waitFor()
    expect(await focused()).toBe('Write a message')
    for (let i = 0; i < 4; i++) await tab()
    for (let i = 0; i < 5; i++) await page.keyboard.press('Shift+Tab')
    steps.push(await focused())
    await page.keyboard.press('Shift+Tab')
    steps.push(await focused())
    await page.keyboard.press('Escape')
    expect(await focused()).toBe('Open chat')
    expect(steps).toEqual([
      'Timetable',
      'Open chat',
      'Attach a file',
      'Emoji',
      'Send',
      'Close chat',
      'Northwind Air',
      'Close chat',
    ])
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  for (const [name, options] of [
    ['a desktop', {}],
    ['a dark desktop', { colorScheme: 'dark' as const }],
    ['a phone of 320 px', { viewport: { width: 320, height: 640 } }],
    ['Arabic, from right to left', { locale: 'ar', lang: 'ar' }],
  ] as const) {
    test(`meets no barrier on ${name}`, { timeout: 60_000 }, async () => {
      const lang = 'lang' in options ? options.lang : 'en'
      await desk.settings({ colour: '#ffd400' })
      desk.hours = { openNow: false, nextOpening: new Date(Date.now() + 86_400_000) }
      const { lang: _, ...rest } = { lang, ...options }
      const { page, complaints } = await visit(browser, `${desk.shop}/?lang=${lang}`, rest)
      await page.locator('.launcher').click()
      await page.locator('textarea').fill('Hello')
      await page.keyboard.press('Enter')
      const line = await firstLine()
      await desk.answer(line, 'Hello to you', { name: 'map.png', bytes: aPicture(300, 200) })
      await page.getByText('Hello to you').waitFor()
      await page.getByRole('form').waitFor()
      await page.locator('canvas').waitFor()
      expect(await violations(page)).toEqual([])
      const small = await page.evaluate(() =>
        [
          ...document
            .querySelector('rapport-chat')!
            .shadowRoot!.querySelectorAll('button, input:not(.hidden), textarea, a'),
        ]
          .map((element) => ({ box: element.getBoundingClientRect(), name: element.outerHTML.slice(0, 80) }))
          .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
          .map(({ name }) => name),
      )
      expect(small).toEqual([])
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(wide).toBeLessThanOrEqual(0)
      if (lang === 'ar') expect(await page.locator('.chat').getAttribute('dir')).toBe('rtl')
      if (name.includes('320')) {
        const box = await page.getByRole('dialog').boundingBox()
        expect(box).toMatchObject({ x: 0, y: 0, width: 320, height: 640 })
      }
      expect(complaints).toEqual([])
    })
  }

  test('sees a page that does not move when the chat comes', async () => {
    const { page } = await visit(browser, desk.shop)
    await launcher(page).click()
    await page.getByRole('dialog').waitFor()
    const shift = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) => {
            // What moves at the visitor's own touch (the panel opening) is no shift.
            const shifts = list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[]
            resolve(shifts.filter(({ hadRecentInput }) => !hadRecentInput).reduce((sum, { value }) => sum + value, 0))
          }).observe({ type: 'layout-shift', buffered: true })
          setTimeout(() => resolve(0), 300)
        }),
    )
    expect(shift).toBe(0)
  })
})

/** A PNG with a slope of colour in it. */
function aPicture(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data])
    const out = Buffer.alloc(body.length + 8)
    out.writeUInt32BE(data.length, 0)
    body.copy(out, 4)
    out.writeUInt32BE(crc32(body), body.length + 4)
    return out
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const rows = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      rows.set([40 + (x * 120) / width, 110 + (y * 90) / height, 120], y * (width * 3 + 1) + 1 + x * 3)
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
