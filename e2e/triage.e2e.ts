// Triage as a lead lives it: a label is put right and the workspace learns from it; the order is changed by a policy that is
// tried, published, and stands in the open.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conversationRoutes } from '#inbox/contract'
import { assessmentRoutes, learningRoutes } from '#triage/contract'
import { violationsOf } from './axe.ts'
import {
  claimRapport,
  connectApi,
  eventually,
  messageEvent,
  openAs,
  openChromium,
  startRapport,
  withoutBrowser,
  type OwnSystem,
  type Rapport,
  type SignedIn,
} from './harness.ts'

if (withoutBrowser) process.stderr.write(`left out: e2e/triage: ${withoutBrowser}\n`)

/** A firm whose customers speak of mooring: words that no model knows from elsewhere. */
const slipped = ['the mooring slipped', 'slipped from the quay', 'berth seven slipped', 'our line slipped at dusk']
const snug = ['moored snug', 'snug at the quay', 'berth seven snug', 'our line lies snug at dusk']
/** One fewer than it takes until the first version is learned. */
const TAUGHT = 19

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString()

describe.skipIf(withoutBrowser !== null)('triage', () => {
  let rapport: Rapport
  let browser: Browser
  let owner: SignedIn
  let shop: OwnSystem
  let page: Page

  beforeAll(async () => {
    ;[rapport, browser] = await Promise.all([startRapport(), openChromium()])
    owner = await claimRapport(rapport)
    shop = await connectApi(rapport, owner)
    ;({ page } = await openAs(browser, rapport, owner))
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await rapport?.[Symbol.asyncDispose]()
  })

  const rowOf = (name: string) => page.getByRole('link', { name: new RegExp(name) })
  const conversationOf = (name: string) =>
    eventually(`the conversation of ${name}`, async () => {
      const { items } = await owner.api(conversationRoutes).listConversations({ query: {} })
      return items.find(({ customerName }) => customerName === name)
    })
  const assessmentsOf = async (id: string) =>
    (await owner.api(assessmentRoutes).listAssessments({ params: { id }, query: { limit: 100 } })).items

  test('a label put right with one key is what the workspace learns from', async () => {
    const texts = Array.from({ length: TAUGHT }, (_, n) => `${(n % 2 ? slipped : snug)[(n >> 1) % 4]!} ${n >> 3}`)
    await shop.deliver(
      ...texts.map((text, n) => messageEvent({ thread: 'harbour', from: 'Hanna Harbour', text, at: ago(90 - n) })),
    )
    const { id } = await conversationOf('Hanna Harbour')
    const said = await eventually('every message is understood', async () => {
      const found = await assessmentsOf(id)
      return found.length === TAUGHT && found
    })
    // The newest first, as they are listed.
    for (const [n, { messageId }] of said.toReversed().entries())
      await owner.api(assessmentRoutes).correctMessage({
        params: { id: messageId },
        body: { label: 'sentiment', value: n % 2 ? 'negative' : 'positive' },
      })

    await page.goto(`${rapport.url}/triage`)
    await page.getByText('1 answer until Rapport learns from this workspace').waitFor()

    await shop.deliver(
      messageEvent({ thread: 'mole', from: 'Mia Mole', text: 'the mooring slipped at the mole', at: ago(1) }),
    )
    await page.goto(`${rapport.url}/inbox`)
    await rowOf('Mia Mole').click()
    const thread = page.getByRole('region', { name: 'Messages' })
    await thread.getByRole('button', { name: /Put these labels right/ }).waitFor()
    await page.keyboard.press('c')
    await page.getByRole('dialog', { name: 'Put it right' }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press('1')
    // Shown at once, and by a person's word.
    await thread.getByRole('button', { name: /put right by a member.*Negative|Negative.*put right/ }).waitFor()

    await page.goto(`${rapport.url}/triage/model`)
    const versions = page.getByRole('list', { name: 'Versions' })
    await versions.getByText('Sentiment, version 1').waitFor()
    await versions.getByText('in use', { exact: true }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    const { items } = await owner.api(learningRoutes).listLayers({})
    expect(items[0]!.lessons + items[0]!.holdout!.n).toBe(TAUGHT + 1)

    // What comes now is understood by what was taught.
    await shop.deliver(messageEvent({ thread: 'new', from: 'Nora New', text: 'the mooring slipped again' }))
    const { id: newId } = await conversationOf('Nora New')
    const [now] = await eventually('the new one is understood', async () => {
      const found = await assessmentsOf(newId)
      return found.length > 0 && found
    })
    expect(now).toMatchObject({ source: 'workspace', sentiment: { label: 'negative' } })
  }, 90_000)

  test('a policy is changed, tried on the last month, published, and puts the list into another order', async () => {
    await shop.deliver(
      messageEvent({ thread: 'hours', from: 'Otto Open', text: 'When do you open on Saturday?', at: ago(240) }),
      messageEvent({
        thread: 'fraud',
        from: 'Freda Fraud',
        text: 'This is fraud: somebody used my card and stole 900 euros from my account.',
        at: ago(5),
      }),
    )
    const fraud = await conversationOf('Freda Fraud')
    await eventually('the grave one moves ahead', async () => {
      const { items } = await owner.api(conversationRoutes).listConversations({ query: { sort: 'priority' } })
      return items.find(({ id }) => id === fraud.id)?.priorityReasons.some(({ code }) => code === 'severity')
    })
    const isAbove = async (upper: string, lower: string) => {
      const [a, b] = await Promise.all([rowOf(upper).boundingBox(), rowOf(lower).boundingBox()])
      return a !== null && b !== null && a.y < b.y
    }
    await page.goto(`${rapport.url}/inbox?sort=priority`)
    await rowOf('Freda Fraud').waitFor()
    expect(await isAbove('Freda Fraud', 'Otto Open')).toBe(true)
    await rowOf('Freda Fraud').click()
    await page.getByRole('region', { name: 'Why it stands here' }).getByText('%').first().waitFor()

    await page.goto(`${rapport.url}/triage/priority`)
    for (const name of ['How grave it is', 'How urgent it is', 'Anger and disappointment'])
      await page.getByRole('switch', { name }).click()
    await page.getByRole('button', { name: 'Preview on the last month' }).click()
    const moves = page.getByRole('list', { name: 'Conversations that would move' })
    await moves.getByRole('link', { name: /Freda Fraud/ }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Publish', exact: true }).click()
    await page.getByRole('textbox', { name: 'What changed, and why' }).fill('Only waiting counts')
    await page.getByRole('button', { name: 'Publish it' }).click()
    await page.getByRole('list', { name: 'Versions' }).getByText('Only waiting counts').waitFor()
    const publicPath = await page.getByRole('link', { name: 'The public page' }).getAttribute('href')

    await page.goto(`${rapport.url}/inbox?sort=priority`)
    await rowOf('Freda Fraud').waitFor()
    await eventually('who waits longest comes first', () => isAbove('Otto Open', 'Freda Fraud'))

    // Everybody can read it, without signing in and without scripts.
    const stranger = await browser.newContext({ javaScriptEnabled: false })
    const open = await stranger.newPage()
    await open.goto(rapport.url + publicPath!)
    await open.getByRole('heading', { level: 1 }).waitFor()
    expect(await open.content()).toContain('Only waiting counts')
    await stranger.close()
  }, 90_000)
})
