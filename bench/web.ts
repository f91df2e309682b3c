// What a browser fetches until the inbox stands there with its list, from an empty cache; and how long it takes from the key
// that goes to the next conversation until its thread is painted.
import type { Page } from 'playwright-core'
import { openBrowser, sumOf, weighFetches } from './browser.ts'
import { claim, connectApi, type Desk } from './desk.ts'
import { makeDeliveries, signedCall, take } from './deliveries.ts'
import { atMost, plain, sleep, timed, type Bench, type Measured } from './harness.ts'
import { drive, waitFor } from './load.ts'
import { dataFolder, isReceived, startWhole, type WholeProgram } from './whole-program.ts'

/** In the page: the moment at which the list has its first row. Whoever looks from outside sees it later, the more so on a busy machine. */
function noteWhenItStands(): void {
  const look = (): void => {
    if (document.querySelector('a[href*="/inbox/"]') === null) requestAnimationFrame(look)
    else performance.mark('stands')
  }
  requestAnimationFrame(look)
}

/** In the page: paths of what was asked for until then; what can wait is fetched behind it. */
function askedBeforeItStood(): string[] {
  const stood = performance.getEntriesByName('stands')[0]?.startTime ?? Infinity
  const asked = performance.getEntriesByType('resource').filter(({ startTime }) => startTime <= stood)
  return [location.pathname, ...asked.map(({ name }) => new URL(name).pathname)]
}

export async function web(bench: Bench): Promise<Measured> {
  await using browser = await openBrowser()
  if (browser === null)
    return {
      figures: {},
      limit: {},
      ratios: {},
      targets: [],
      notes: ['Left out: there is no Chromium on this machine.'],
    }
  await using folder = await dataFolder(bench.keptDirectory)
  await using program = await startWhole(folder.path)
  const desk = await claim(program)
  await fill(program, desk, bench.pick(60, 600))
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' })
  await context.addCookies(cookiesOf(desk, program.url))
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const fetched = weighFetches(page, program.url)
  await page.addInitScript(noteWhenItStands)
  await page.goto(`${program.url}/inbox`)
  await page.locator('a[href*="/inbox/"]').first().waitFor()
  const before = new Set(await page.evaluate(askedBeforeItStood))
  const all = (await fetched()).filter(({ path }) => before.has(path))
  await sleep(2000)
  const inTheEnd = sumOf(await fetched(), 'code', 'picture', 'font')
  const code = sumOf(all, 'code', 'picture')
  const fonts = sumOf(all, 'font')
  const steps = await stepThrough(page, bench.pick(4, 60))
  return {
    figures: {
      'bytes to the inbox': plain((code + fonts) / 1000, 'kB gz', all.length),
      'of these code and styles': plain(code / 1000, 'kB gz', all.filter(({ kind }) => kind === 'code').length),
      'of these fonts': plain(fonts / 1000, 'kB', Math.max(1, all.filter(({ kind }) => kind === 'font').length)),
      'bytes once what can wait came too': plain(inTheEnd / 1000, 'kB gz', 1),
      'answers of the API': plain(sumOf(all, 'data') / 1000, 'kB gz', all.filter(({ kind }) => kind === 'data').length),
      'next conversation': timed(steps, 'ms', 'p95'),
    },
    limit: {},
    ratios: {},
    targets: [atMost('bytes to the inbox', 220), atMost('next conversation', 100)],
    notes: all.filter(({ kind }) => kind !== 'data').map(({ path, bytes }) => `${path}: ${bytes} bytes`),
  }
}

async function fill(program: WholeProgram, desk: Desk, count: number): Promise<void> {
  const connection = await connectApi(program, desk, 'Help form')
  const made = makeDeliveries({ seed: 9, connections: [connection], threads: count / 2 })
  await drive(program.url, take(made, count).map(signedCall).values(), { callers: 8, seconds: 60 })
  await waitFor('receiving', 60, () => isReceived(program.url, desk.owner), 200)
}

const cookiesOf = ({ owner }: Desk, url: string) =>
  owner['cookie']!.split('; ').map((pair) => {
    const at = pair.indexOf('=')
    return { name: pair.slice(0, at), value: pair.slice(at + 1), url, httpOnly: true, sameSite: 'Lax' as const }
  })

/** Presses `j` and answers how long each time it took until another thread was painted. */
async function stepThrough(page: Page, count: number): Promise<number[]> {
  await page.locator('a[href*="/inbox/"]').first().click()
  await page.getByLabel('Messages').locator('time').first().waitFor()
  await page.evaluate(watchSteps)
  const times: number[] = []
  for (let step = 0; step <= count; step++) {
    await page.keyboard.press('j')
    const time = await page.evaluate(() => (globalThis as unknown as { painted: () => Promise<number> }).painted())
    // The first one warms up.
    if (step > 0) times.push(time)
    await sleep(150)
  }
  return times
}

/** Runs in the page: from the key event to the frame in which another conversation's messages stand. */
function watchSteps(): void {
  const thread = (): string => document.querySelector('[aria-label="Messages"]')?.textContent ?? ''
  const begun = { at: 0, path: '', text: '' }
  document.addEventListener(
    'keydown',
    () => Object.assign(begun, { at: performance.now(), path: location.pathname, text: thread() }),
    { capture: true },
  )
  const isThere = (): boolean =>
    location.pathname !== begun.path &&
    thread() !== begun.text &&
    document.querySelector('[aria-label="Messages"] time') !== null
  Object.assign(globalThis, {
    painted: () =>
      new Promise<number>((resolve, reject) => {
        const look = (): void => {
          if (performance.now() - begun.at > 10_000) reject(new Error('the next conversation did not come'))
          // What stands now is painted by the end of this frame; the next one begins behind it.
          else if (isThere()) requestAnimationFrame(() => resolve(performance.now() - begun.at))
          else requestAnimationFrame(look)
        }
        look()
      }),
  })
}
