// From the printed link to the first answer, as whoever installs Rapport lives it; then the other ways through the door.
import { createHmac } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { violationsOf } from './axe.ts'
import { openChromium, startRapport, withoutBrowser, type Rapport } from './harness.ts'

const owner = { name: 'Mara Lindqvist', email: 'mara@corner.example', password: 'correct horse battery' }
const second = { name: 'Jo Achterberg', email: 'jo@corner.example', password: 'staple and more of it' }
let rapport: Rapport
let browser: Browser

/** A browser of somebody of their own. */
async function aPage(size = { width: 1280, height: 800 }): Promise<Page> {
  const page = await (await browser.newContext({ viewport: size, reducedMotion: 'reduce' })).newPage()
  page.setDefaultTimeout(20_000)
  return page
}
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()

async function signIn(page: Page, who: { email: string; password: string }): Promise<void> {
  await page.getByLabel('E-mail').fill(who.email)
  await page.getByLabel('Password', { exact: true }).fill(who.password)
  await page.keyboard.press('Enter')
}

/** What an authenticator shows for a secret at a time (RFC 6238: SHA-1, six digits, 30 seconds). */
function totp(secret: string, at = Date.now()): string {
  const bits = [...secret]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const hash = createHmac('sha1', key).update(counter).digest()
  const offset = (hash.at(-1) ?? 0) & 15
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

describe.skipIf(withoutBrowser)(`first run${withoutBrowser ? ` (left out: ${withoutBrowser})` : ''}`, () => {
  beforeAll(async () => {
    ;[rapport, browser] = await Promise.all([startRapport(), openChromium()])
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await rapport?.[Symbol.asyncDispose]()
  }, 60_000)

  let invitation = ''

  test('from the printed link to an answer that the visitor reads', async () => {
    const desk = await aPage()
    await desk.goto(rapport.setupLink!)
    await desk.getByLabel('Your name').fill(owner.name)
    // The token is gone from the address as soon as it was read.
    expect(new URL(desk.url()).hash).toBe('')
    await desk.getByLabel('E-mail').fill(owner.email)
    await desk.getByLabel('Password', { exact: true }).fill(owner.password)
    await desk.getByLabel('Name of the workspace').fill('Corner Shop')
    expect(await violationsOf(desk)).toEqual([])
    await button(desk, 'Make the account').click()

    await button(desk, 'Make the web chat').click()
    await desk.getByText('The chat is live in the corner').waitFor()
    const tag = await desk.getByText('data-key=').first().innerText()
    const key = /data-key="([^"]+)"/.exec(tag)?.[1] ?? ''
    expect(key).not.toBe('')
    await button(desk, 'Go on').click()

    await desk.getByLabel('E-mail').fill(second.email)
    await button(desk, 'Invite').click()
    const link = desk.getByRole('figure').filter({ hasText: second.email }).locator('pre')
    await link.waitFor()
    const { pathname, hash } = new URL((await link.innerText()).trim())
    expect(pathname).toBe('/join')
    // On a port that the system chose, the program does not know its own address beforehand.
    invitation = rapport.url + pathname + hash
    await button(desk, 'Go on').click()
    await button(desk, 'Save and go to the desk').click()
    await desk.waitForURL(/\/inbox/)

    const visitor = await aPage()
    await visitor.goto(`${rapport.url}/preview/${key}`)
    await button(visitor, /Open chat/).click()
    await visitor.getByRole('textbox', { name: 'Write a message' }).fill('Do you mend kettles?')
    await visitor.keyboard.press('Enter')

    await desk.getByText('Do you mend kettles?').first().click()
    await desk.getByRole('textbox', { name: 'Answer' }).fill('We do, on Thursdays.')
    await desk.keyboard.press('Control+Enter')
    // Held for ten seconds, so that it can be taken back; then it is there, once.
    const answer = visitor.getByRole('log').getByText('We do, on Thursdays.')
    await answer.waitFor({ timeout: 40_000 })
    expect(await answer.count()).toBe(1)
    // No log of the program has seen the token.
    const token = new URL(rapport.setupLink!).hash.slice(1)
    expect(rapport.output().split(token).length - 1).toBe(1)
  })

  test('a used set-up link says so in plain words', async () => {
    const page = await aPage()
    await page.goto(rapport.setupLink!)
    await page.getByRole('heading', { name: 'This installation has an owner' }).waitFor()
    expect(await violationsOf(page)).toEqual([])
  })

  test('a second person accepts the invitation on a phone and is in the same workspace', async () => {
    const page = await aPage({ width: 390, height: 844 })
    await page.goto(invitation)
    await page.getByRole('heading', { name: 'Join Corner Shop' }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByLabel('Your name').fill(second.name)
    await page.getByLabel('Password', { exact: true }).fill(second.password)
    await button(page, 'Make the account and join').click()
    await page.waitForURL(/\/inbox/)
    await page.goto(`${rapport.url}/people/roles`)
    await page.getByText('You are: Agent.').waitFor()
    await page.goto(`${rapport.url}/settings`)
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Corner Shop')
    const again = await aPage()
    await again.goto(invitation)
    await again.getByRole('heading', { name: 'does not open any more' }).waitFor()
  })

  test('the keyboard alone signs in and connects a channel', async () => {
    const admin = await aPage()
    await admin.goto(`${rapport.url}/connections/new`)
    // The first box has the focus; Enter sends.
    await admin.getByLabel('E-mail').waitFor()
    await admin.keyboard.type(owner.email)
    await tabTo(admin, 'Password')
    await admin.keyboard.type(owner.password)
    await admin.keyboard.press('Enter')
    await admin.getByRole('heading', { name: 'Connect a channel' }).waitFor()
    await tabTo(admin, 'Connect API channel')
    await admin.keyboard.press('Enter')
    await admin.getByRole('heading', { name: 'Connect API channel' }).waitFor()
    await tabTo(admin, 'Name')
    await admin.keyboard.type('Kiosk')
    await tabTo(admin, 'Connect')
    await admin.keyboard.press('Enter')
    await admin.getByRole('heading', { name: 'Kiosk is connected' }).waitFor()
    await tabTo(admin, 'Done')
    await admin.keyboard.press('Enter')
    await admin.getByRole('heading', { name: 'Kiosk', exact: true }).waitFor()
  })

  test('with a second factor, the password alone opens nothing', async () => {
    const page = await aPage()
    await page.goto(`${rapport.url}/profile`)
    await signIn(page, owner)
    await button(page, 'Switch it on').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Password', { exact: true }).fill(owner.password)
    await button(page, 'Go on').click()
    const secret = (await dialog.getByLabel('Secret', { exact: true }).innerText()).replaceAll(/\s/g, '')
    await dialog.getByLabel('The six digits it shows now').fill(totp(secret))
    await page.keyboard.press('Enter')
    const backup = await dialog.getByRole('listitem').first().innerText()
    expect(await violationsOf(page)).toEqual([])
    await button(page, 'I keep them').click()
    await page.getByText('On: signing in asks for a code').waitFor()

    const elsewhere = await aPage()
    await elsewhere.goto(`${rapport.url}/settings/audit`)
    await signIn(elsewhere, owner)
    await elsewhere.getByLabel('Code').fill('000000')
    await elsewhere.keyboard.press('Enter')
    await elsewhere.getByText('This code is not right').waitFor()
    // A code counts once: the next one, not the one that switched it on.
    await elsewhere.getByLabel('Code').fill(totp(secret, Date.now() + 30_000))
    await elsewhere.keyboard.press('Enter')
    await elsewhere.waitForURL(/\/settings\/audit$/)

    const third = await aPage()
    await third.goto(`${rapport.url}/sign-in`)
    await signIn(third, owner)
    await button(third, 'Use a backup code').click()
    await third.getByLabel('Backup code').fill(backup)
    await third.keyboard.press('Enter')
    await third.waitForURL(/\/inbox/)
  })
})

/** Presses Tab until what has the focus is called `name`, as somebody without a mouse does. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let pressed = 0; pressed < 60; pressed++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const at = document.activeElement
      const label = at instanceof HTMLInputElement ? at.labels?.[0]?.textContent : at?.textContent
      return (at?.getAttribute('aria-label') ?? label ?? '').trim()
    })
    if (focused === name) return
  }
  throw new Error(`Tab never came to “${name}”`)
}
