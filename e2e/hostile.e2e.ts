// A workspace in which every word that people outside or inside can choose is an attack, seen on every screen: nothing of it
// runs, nothing calls out, and it stands there as the text that it is. Once as people have it, and once with the content
// security policy off, so that the policy does not hide what would have run without it.
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page, Request } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messageRoutes } from '#inbox/contract'
import { eventually, openAs, openChromium, startRapport, withoutBrowser, type Rapport } from './harness.ts'
import { furnish, type House } from './hostile-house.ts'
import { openPlaces, shortTexts, type Places } from './hostile-texts.ts'
import { folded, restedWords, setTrap, wordsOf } from './hostile-trap.ts'

if (withoutBrowser) console.info(`skipped: ${withoutBrowser}`)

/** Every path of web/routes.tsx, and the addresses at which it is looked at. A path that is not here fails the test. */
function screens({ chat, apiId, labelId, conversations }: House): Readonly<Record<string, readonly string[]>> {
  const text = encodeURIComponent(`${shortTexts[0]}"'>`)
  return {
    '/setup': [`/setup#${text}`],
    '/sign-in': [`/sign-in?email=${text}&next=${encodeURIComponent('javascript:__pwned=1')}`],
    '/join': [`/join#${text}`],
    '/forgot-password': [`/forgot-password?email=${text}`],
    '/reset-password': [`/reset-password#${text}`],
    '/welcome': ['/welcome', '/welcome?step=chat', '/welcome?step=hours', `/welcome?step=${text}`],
    '/preview/$publicKey': [`/preview/${chat.publicKey}`, `/preview/${text}`],
    '/': ['/'],
    '/inbox/{-$conversationId}': [
      '/inbox',
      `/inbox?label=${labelId}`,
      `/inbox/${text}`,
      ...conversations.map((id) => `/inbox/${id}`),
    ],
    '/inbox/unsettled': ['/inbox/unsettled'],
    '/search': [`/search?q=${text}`, '/search?q=message', '/search?q=pwned'],
    '/people': ['/people'],
    '/people/teams': ['/people/teams'],
    '/people/roles': ['/people/roles'],
    '/triage': ['/triage'],
    '/triage/model': ['/triage/model'],
    '/triage/topics': ['/triage/topics'],
    '/triage/priority': ['/triage/priority'],
    '/triage/settings': ['/triage/settings'],
    '/profile': ['/profile'],
    '/settings': ['/settings'],
    '/settings/hours': ['/settings/hours'],
    '/settings/labels': ['/settings/labels'],
    '/settings/sample': ['/settings/sample'],
    '/settings/tokens': ['/settings/tokens'],
    '/settings/audit': ['/settings/audit', `/settings/audit?type=${text}`],
    '/settings/audit/access': ['/settings/audit/access', '/settings/audit/access?kind=sign-ins'],
    '/connections': ['/connections'],
    '/connect/return': ['/connect/return', `/connect/return?state=${text}&code=${text}`],
    '/connections/new': ['/connections/new', '/connections/new?channel=webchat', `/connections/new?channel=${text}`],
    '/connections/quarantine': ['/connections/quarantine'],
    '/connections/$id': [`/connections/${chat.id}`, `/connections/${apiId}`, `/connections/${text}`],
  }
}

describe.skipIf(withoutBrowser)('a workspace full of attacks', () => {
  let rapport: Rapport
  let browser: Browser
  let house: House
  let places: Places
  let canary: Server
  const called: string[] = []

  beforeAll(async () => {
    canary = createServer((request, reply) => {
      called.push(request.url ?? '')
      reply.end()
    })
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
    const address = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`
    places = openPlaces(address)
    rapport = await startRapport()
    house = await furnish(rapport, places, address)
    browser = await openChromium()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await rapport?.[Symbol.asyncDispose]()
    canary?.close()
  })

  test('every screen of the web app is looked at', () => {
    const routes = readFileSync(new URL('../web/routes.tsx', import.meta.url), 'utf8')
    const paths = [...routes.matchAll(/^ {2}path: '([^']+)'/gm)].map(([, path]) => path)
    expect(paths.length).toBeGreaterThan(15)
    expect(Object.keys(screens(house)).toSorted()).toEqual(paths.toSorted())
  })

  test.each([
    ['as people have it', false],
    ['without its content security policy', true],
  ])('the trap closes on what is put into a page as markup (%s)', async (_, bypassCSP) => {
    const { context, page } = await openAs(browser, rapport, house.owner, { bypassCSP })
    const trap = await setTrap(context, rapport.url)
    await page.goto(`${rapport.url}/people`)
    expect(await trap.caught(page)).toEqual([])
    for (const text of [...shortTexts.slice(0, 4), ...places.all.values()].filter((one) =>
      /^<(svg|img|b |a |iframe|details)/.test(one),
    )) {
      await page.evaluate((markup) => {
        const box = document.body.appendChild(document.createElement('div'))
        box.innerHTML = markup
      }, text)
      expect([
        text,
        (
          await eventually('something is caught', async () => {
            const all = await trap.caught(page)
            return all.length > 0 && all
          })
        ).length > 0,
      ]).toEqual([text, true])
    }
    await context.close()
  })

  test.each([
    ['as people have it', false],
    ['without its content security policy', true],
  ])(
    'runs nothing, calls nobody and stands there as text on every screen (%s)',
    async (_, bypassCSP) => {
      const { context, page } = await openAs(browser, rapport, house.owner, { bypassCSP })
      const trap = await setTrap(context, rapport.url)
      const quiet = watchRequests(page)
      const words: string[] = []
      // The policy only forbids: what runs under it runs without it, so there it is every screen, and here those of strangers' words.
      const all = Object.values(screens(house)).flat()
      for (const address of bypassCSP ? all : all.filter((one) => one.startsWith('/inbox'))) {
        await page.goto(rapport.url + address)
        await quiet()
        words.push(await wordsOf(page))
        expect([address, await trap.caught(page)]).toEqual([address, []])
      }
      // What comes later than the words around it, what unfolds, and the visitor's side.
      await page.goto(`${rapport.url}/inbox/${house.chatted}`)
      await eventually('the draft', async () => folded(await wordsOf(page)).includes(folded(places.all.get('draft')!)))
      words.push(await wordsOf(page))
      await page.goto(`${rapport.url}/settings/hours`)
      await page.getByRole('button', { name: /^Change .*hours-name/ }).click()
      words.push(await restedWords(page))
      expect(await trap.caught(page)).toEqual([])
      await page.goto(`${rapport.url}/preview/${house.chat.publicKey}`)
      await page.getByRole('button', { name: /Open chat/ }).click()
      const field = page.getByRole('textbox', { name: 'Write a message' })
      for (const text of shortTexts) {
        await field.fill(text)
        await page.keyboard.press('Enter')
      }
      await page.getByRole('log').getByText(shortTexts.at(-1)!).first().waitFor()
      words.push(await wordsOf(page))
      expect(await trap.caught(page)).toEqual([])
      await context.close()

      const said = folded(words.join('\n'))
      const unseen = [...places.all].filter(([, text]) => !said.includes(folded(text))).map(([place]) => place)
      if (bypassCSP) expect(unseen).toEqual([])
      expect(called).toEqual([])
    },
    240_000,
  )

  test('a file that is a program opens as something to keep', async () => {
    const { context, page } = await openAs(browser, rapport, house.owner, { acceptDownloads: true })
    const trap = await setTrap(context, rapport.url)
    const messages = house.owner.api(messageRoutes)
    const threads = await Promise.all(
      house.conversations.map((id) => messages.listMessages({ params: { id }, query: {} })),
    )
    const files = threads
      .flatMap(({ items }) => items.flatMap(({ attachments }) => attachments))
      .filter(({ state }) => state === 'stored')
    expect(files.map(({ name }) => name).join()).toMatch(/upload\.svg.*upload\.html|upload\.html.*upload\.svg/)
    for (const { id } of files) {
      await page.goto(`${rapport.url}/people`)
      const download = page.waitForEvent('download')
      await page.evaluate((href) => void (location.href = href), `/api/attachments/${id}/file`)
      expect((await download).suggestedFilename()).not.toMatch(/[<>"]/)
      expect(await trap.caught(page)).toEqual([])
    }
    await context.close()
  })
})

/** Waits until nothing was asked for during 400 ms, three seconds at most; the event stream, which never ends, does not count. */
function watchRequests(page: Page): () => Promise<void> {
  const open = new Set<Request>()
  let changedAt = Date.now()
  const over = (request: Request): void => {
    if (open.delete(request)) changedAt = Date.now()
  }
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/stream') return
    open.add(request)
    changedAt = Date.now()
  })
  page.on('requestfinished', over).on('requestfailed', over)
  return async () => {
    for (const end = Date.now() + 3000; Date.now() < end; await page.waitForTimeout(50))
      if (open.size === 0 && Date.now() - changedAt > 400) return
  }
}
