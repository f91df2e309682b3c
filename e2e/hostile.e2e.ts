// A workspace in which every word that people outside or inside can choose is an attack, seen on every screen: nothing of it
// runs, nothing calls out, and it stands there as the text that it is. Once as people have it, and once with the content
// security policy off, so that the policy does not hide what would have run without it.
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectionRoutes } from '#connections/contract'
import { customerRoutes } from '#customers/contract'
import { conversationRoutes, labelRoutes, messageRoutes } from '#inbox/contract'
import { peopleRoutes, serviceHoursRoutes, teamRoutes, tokenRoutes } from '#workspaces/contract'
import {
  claimRapport,
  connectApi,
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
import { openPlaces, shortTexts, type Places } from './hostile-texts.ts'

if (withoutBrowser) console.info(`skipped: ${withoutBrowser}`)
const corpus =
  process.env['RAPPORT_HOSTILE_TEXTS'] ?? fileURLToPath(new URL('../../shared/data/security/', import.meta.url))
if (!existsSync(corpus))
  console.info(`only the texts of this file: the corpus of hostile texts is not beside the repository (${corpus})`)

/** What the corpora hold, thinned out: each of them has stood in a test of the server already. */
function corpusTexts(): string[] {
  if (!existsSync(corpus)) return []
  const lines = ['xss-payloads.txt', 'html5-vectors.txt'].flatMap((name) =>
    readFileSync(corpus + name, 'utf8').split('\n'),
  )
  return lines.filter((line, index) => line.trim() !== '' && index % 25 === 0).map((line) => line.slice(0, 3000))
}

interface House {
  readonly owner: SignedIn
  readonly chat: { readonly id: string; readonly publicKey: string }
  readonly apiId: string
  readonly customerId: string
  readonly labelId: string
  /** The one that can be answered, with a draft in it. */
  readonly chatted: string
  /** Those with something in them worth opening. */
  readonly conversations: readonly string[]
}

async function upload(rapport: Rapport, person: SignedIn, name: string, type: string, text: string): Promise<string> {
  const body = new FormData()
  body.append('file', new Blob([text], { type }), name)
  const headers = { cookie: person.cookie, origin: rapport.url }
  const answer = await fetch(`${rapport.url}/api/attachments`, { method: 'POST', headers, body })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { id: string }).id
}

async function furnish(rapport: Rapport, { at }: Places, canary: string): Promise<House> {
  const owner = await claimRapport(rapport, { name: at('owner-name', 80), workspaceName: at('workspace-name', 80) })
  await joinRapport(rapport, owner, { name: at('agent-name', 80), email: 'agent@example.org' })
  await owner
    .api(peopleRoutes)
    .inviteMember({ body: { email: '<svg/onload=__pwned=1>@invited.example', role: 'agent' } })
  await owner.api(teamRoutes).createTeam({ body: { name: at('team-name', 60) } })
  const label = await owner.api(labelRoutes).createLabel({ body: { name: at('label', 40), tone: 'red' } })
  const hours = await owner.api(serviceHoursRoutes).createServiceHours({
    body: {
      name: at('hours-name', 60),
      timeZone: 'UTC',
      weekly: Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }]),
      holidays: [{ date: '2099-12-25', name: at('holiday', 60), intervals: [] }],
    },
  })
  await owner.api(tokenRoutes).createToken({ body: { name: at('token-name', 60), scopes: ['read'] } })
  // A log-in from a browser that calls itself something.
  await fetch(`${rapport.url}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': shortTexts[0] },
    body: JSON.stringify({ email: owner.email, password: owner.password }),
  })
  const connections = owner.api(connectionRoutes)
  const { connection: chat } = await connections.createConnection({
    body: {
      channel: 'webchat',
      name: at('chat-name', 80),
      settings: { greeting: at('greeting', 200) },
      serviceHoursId: hours.id,
    },
  })
  const system = await connectApi(rapport, owner, { name: at('connection-name', 80) })
  await system.deliver(
    messageEvent({
      thread: 'hostile',
      from: at('customer-name', 500),
      text: at('message'),
      subject: at('message-subject'),
      threadFields: { subject: at('thread-subject'), facts: { [shortTexts[0]]: shortTexts[1] } },
      author: {
        id: shortTexts[1],
        name: at('customer-name', 500),
        handle: at('handle', 500),
        email: '<svg/onload=__pwned=1>@mail.example',
        avatarUrl: `${canary}/avatar.png`,
        profileUrl: `https://a.example/"onmouseover="__pwned=1`,
        attributes: { [at('attribute-key', 60)]: at('attribute-value') },
      },
      media: [
        { url: `${canary}/media.svg`, name: `${shortTexts[0]}.svg`, mediaType: 'image/svg+xml', alt: shortTexts[1] },
      ],
    }),
  )
  const attacks = corpusTexts().map((text, index) => {
    const author = { id: `corpus-${index % 4}`, name: text.slice(0, 200) }
    return messageEvent({ thread: author.id, from: author.name, text, author })
  })
  for (let from = 0; from < attacks.length; from += 100) await system.deliver(...attacks.slice(from, from + 100))
  // Nobody can understand this one.
  await system.deliver({ type: at('quarantined', 200) })
  const visitor = await visitRapport(rapport, chat.publicKey, {
    name: at('visitor-name', 80),
    email: 'visitor@example.com',
  })
  await visitor.say(at('visitor-text'))

  const inbox = owner.api(conversationRoutes)
  const wanted = 2 + Math.min(4, corpusTexts().length)
  const items = await eventually(
    'all conversations',
    async () => {
      const page = await inbox.listConversations({ query: {} })
      return page.items.length === wanted && page.items
    },
    60_000,
  )
  const main = items.find(({ subject }) => subject?.includes('thread-subject'))!
  const chatted = items.find(({ channel }) => channel === 'webchat')!
  await inbox.labelConversation({ params: { id: main.id }, body: { add: [label.id] } })
  const messages = owner.api(messageRoutes)
  const svg = await upload(
    rapport,
    owner,
    `${shortTexts[0]} upload.svg`,
    'image/svg+xml',
    '<svg xmlns="http://www.w3.org/2000/svg" onload="window.__pwned=1"/>',
  )
  const page = await upload(
    rapport,
    owner,
    `${shortTexts[1]} upload.html`,
    'text/html',
    '<script>window.__pwned=1</script>',
  )
  await messages.writeNote({
    params: { id: main.id },
    body: { body: at('note'), clientId: randomUUID(), attachmentIds: [svg, page] },
  })
  await messages.sendMessage({ params: { id: chatted.id }, body: { body: at('answer'), clientId: randomUUID() } })
  await messages.saveDraft({ params: { id: chatted.id }, body: { kind: 'out', body: at('draft'), version: 0 } })
  const customers = owner.api(customerRoutes)
  const params = { id: main.customerId }
  await customers.addTags({ params, body: { tags: [at('tag', 40)] } })
  await customers.writeCustomerNote({ params, body: { body: at('customer-note') } })
  const quarantined = await eventually(
    'the quarantine',
    async () => (await connections.listQuarantine({ query: {} })).items[0],
    30_000,
  )
  expect(quarantined.connectionId).toBe(system.connectionId)
  return {
    owner,
    chat: { id: chat.id, publicKey: chat.publicKey },
    apiId: system.connectionId,
    customerId: main.customerId,
    labelId: label.id,
    chatted: chatted.id,
    conversations: items.map(({ id }) => id),
  }
}

/** Every path of web/routes.tsx, and the addresses at which it is looked at. A path that is not here fails the test. */
function screens({ chat, apiId, labelId, conversations }: House): Readonly<Record<string, readonly string[]>> {
  const text = encodeURIComponent(`${shortTexts[0]}"'>`)
  return {
    '/setup': [`/setup#${text}`],
    '/sign-in': [`/sign-in?email=${text}&next=${encodeURIComponent('javascript:__pwned=1')}`],
    '/join': [`/join#${text}`],
    '/welcome': ['/welcome', '/welcome?step=chat', '/welcome?step=hours', `/welcome?step=${text}`],
    '/preview/$publicKey': [`/preview/${chat.publicKey}`, `/preview/${text}`],
    '/': ['/'],
    '/inbox/{-$conversationId}': [
      '/inbox',
      `/inbox?label=${labelId}`,
      `/inbox/${text}`,
      ...conversations.map((id) => `/inbox/${id}`),
    ],
    '/search': [`/search?q=${text}`, '/search?q=message', '/search?q=pwned'],
    '/people': ['/people'],
    '/people/teams': ['/people/teams'],
    '/people/roles': ['/people/roles'],
    '/profile': ['/profile'],
    '/settings': ['/settings'],
    '/settings/hours': ['/settings/hours'],
    '/settings/tokens': ['/settings/tokens'],
    '/settings/audit': ['/settings/audit', `/settings/audit?type=${text}`],
    '/connections': ['/connections'],
    '/connections/new': ['/connections/new', '/connections/new?channel=webchat', `/connections/new?channel=${text}`],
    '/connections/quarantine': ['/connections/quarantine'],
    '/connections/$id': [`/connections/${chat.id}`, `/connections/${apiId}`, `/connections/${text}`],
  }
}

interface Trap {
  /** What ran, called out or was stopped by the policy, since the last look. */
  caught(page: Page): Promise<string[]>
}

/** Marks of something that took hold; also looks for elements that only an attack could have made. */
async function setTrap(context: BrowserContext, own: string): Promise<Trap> {
  const seen: string[] = []
  await context.addInitScript(() => {
    const marks: string[] = []
    Object.assign(window, { trapMarks: marks })
    Object.defineProperty(window, '__pwned', { set: (by: unknown) => marks.push(`ran: ${String(by)}`), get: () => 0 })
    for (const name of ['alert', 'prompt', 'confirm', 'print'] as const) window[name] = () => marks.push(name) as never
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
      // The debugger's own inspection is no page's doing.
      if (!/^(chrome|devtools)/.test(sourceFile ?? '')) marks.push(`policy: ${violatedDirective} ${blockedURI}`)
    })
  })
  context.on('dialog', (dialog) => {
    seen.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  context.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(own) && !/^(data|blob|about):/.test(url)) seen.push(`request: ${url}`)
  })
  return {
    async caught(page) {
      const inside = await page.evaluate(() => {
        const marks = (window as unknown as { trapMarks: string[] }).trapMarks
        const roots: (Document | ShadowRoot)[] = [document]
        for (const root of roots)
          for (const element of root.querySelectorAll('*')) {
            if (element.shadowRoot) roots.push(element.shadowRoot)
            const attack =
              element.id === 'pwned' ||
              [...element.attributes].some(
                ({ name, value }) =>
                  name.startsWith('on') ||
                  (/^(href|src|action|formaction|data)$/.test(name) && /^\s*javascript:/i.test(value)),
              )
            if (attack) marks.push(`element: ${element.outerHTML.slice(0, 120)}`)
          }
        return marks.splice(0)
      })
      return [...inside, ...seen.splice(0)]
    },
  }
}

/** All words that a reader meets, also those in fields, in labels for those who listen, and in the widget's own tree. */
const wordsOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const words: string[] = []
    const roots: (Document | ShadowRoot)[] = [document]
    for (const root of roots) {
      words.push(
        root instanceof Document
          ? document.body.innerText
          : [...root.children].map((one) => (one as HTMLElement).innerText ?? '').join('\n'),
      )
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) roots.push(element.shadowRoot)
        if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) words.push(element.value)
        for (const name of ['aria-label', 'title', 'alt', 'placeholder']) words.push(element.getAttribute(name) ?? '')
      }
    }
    return `${document.title}\n${words.join('\n')}`
  })

/** The words once nothing is added to them any more. */
async function restedWords(page: Page): Promise<string> {
  const end = Date.now() + 8000
  let [last, same] = ['', 0]
  while (same < 3 && Date.now() < end) {
    await page.waitForTimeout(150)
    const words = await wordsOf(page)
    same = words === last && words.trim().length > 20 ? same + 1 : 0
    last = words
  }
  return last
}

/** As a reader would compare: names of attributes are shown without their underscores. */
const folded = (text: string): string => text.replaceAll('_', '').replaceAll(/\s+/g, ' ').toLowerCase()

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
      const words: string[] = []
      for (const address of Object.values(screens(house)).flat()) {
        await page.goto(rapport.url + address)
        await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => {}) // an event stream stays open
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

      const all = folded(words.join('\n'))
      const unseen = [...places.all].filter(([, text]) => !all.includes(folded(text))).map(([place]) => place)
      expect(unseen).toEqual([])
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
