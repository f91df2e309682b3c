// Pictures of screens at several sizes in both themes, with what the browser and axe complain of.
import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { violationsOf } from './axe.ts'
import { openAs, type Rapport, type SignedIn } from './harness.ts'

export interface Shot {
  readonly name: string
  readonly path: string
  readonly prepare?: (page: Page) => Promise<void>
}

export interface Size {
  readonly name: string
  readonly width: number
  readonly height: number
}

export const SIZES: readonly Size[] = [
  { name: '1440', width: 1440, height: 900 },
  { name: '1280', width: 1280, height: 800 },
  { name: '390', width: 390, height: 844 },
]

export interface Shoot {
  readonly browser: Browser
  readonly rapport: Pick<Rapport, 'url'>
  readonly as: SignedIn
  readonly folder: string
  readonly sizes?: readonly Size[]
  /** The name of the one that is wanted. */
  readonly only?: string | undefined
}

/** Writes the pictures and every complaint; answers how many complaints there were. */
export async function shoot(
  { browser, rapport, as, folder, sizes = SIZES, only }: Shoot,
  shots: readonly Shot[],
): Promise<number> {
  mkdirSync(folder, { recursive: true })
  let faults = 0
  for (const size of sizes)
    for (const theme of ['light', 'dark'] as const) {
      const { context, page } = await openAs(browser, rapport, as, {
        viewport: { width: size.width, height: size.height },
        colorScheme: theme,
        reducedMotion: 'reduce',
      })
      page.setDefaultTimeout(5000)
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
      page.on('console', (message) => message.type() === 'error' && complaints.push(`console: ${message.text()}`))
      for (const { name, path, prepare } of shots.filter((one) => !only || one.name === only)) {
        await page.goto(rapport.url + path)
        await page.waitForTimeout(900)
        await prepare?.(page).catch((error: Error) => complaints.push(error.message.slice(0, 300)))
        await page.waitForTimeout(400)
        await page.screenshot({ path: `${folder}/${name}-${size.name}-${theme}.png` })
        complaints.push(...(await violationsOf(page)))
        if (await sidewaysIn(page)) complaints.push('the page scrolls sideways')
        for (const complaint of complaints.splice(0)) {
          faults += 1
          process.stderr.write(`${name} ${size.name} ${theme}  ${complaint}\n`)
        }
      }
      await context.close()
    }
  process.stdout.write(`${folder}: ${faults} faults\n`)
  return faults
}

const sidewaysIn = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
