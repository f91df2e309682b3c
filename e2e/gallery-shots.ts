// Takes pictures of the gallery at three sizes in both themes, and has axe look at every state that it opens.
//   node e2e/gallery-shots.ts [folder] [state,state]     (default: all, into web/dist/gallery)
// Starts its own development server and ends it. Exits with 1 when axe finds anything or the page logs an error.
import { chromium, type Browser, type Page } from 'playwright-core'
import { createServer } from 'vite'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const folder = process.argv[2] ?? fileURLToPath(new URL('../web/dist/gallery', import.meta.url))
const sizes = [
  { name: '1440', width: 1440, height: 900 },
  { name: '1280', width: 1280, height: 800 },
  { name: '390', width: 390, height: 844, touch: true },
]
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click()

/** What is opened for a picture of its own; each starts from a fresh page. */
const states: {
  name: string
  at?: string
  open?: (page: Page) => Promise<unknown>
  whole?: boolean
  /** axe rules that don't hold here, and why. */ off?: string[]
}[] = [
  { name: 'components', whole: true },
  { name: 'components-rtl', at: '?dir=rtl', whole: true },
  {
    name: 'refused',
    open: async (page) => {
      await press(page, 'Ask the server')
      await press(page, 'Connect')
    },
  },
  { name: 'menu', open: (page) => press(page, 'More') },
  { name: 'select', open: (page) => page.getByRole('combobox', { name: 'Role' }).click() },
  // An open combobox hides the rest of the page from screen readers until it is left; Tab leaves it.
  {
    name: 'combobox',
    open: (page) => page.getByRole('combobox', { name: 'Offices' }).click(),
    off: ['aria-hidden-focus', 'page-has-heading-one'],
  },
  { name: 'popover', open: (page) => press(page, 'Why here') },
  { name: 'dialog', open: (page) => press(page, 'Dialog') },
  { name: 'confirm', open: (page) => press(page, 'Confirm') },
  {
    name: 'palette',
    open: async (page) => {
      await press(page, 'Palette')
      await page.keyboard.type('re')
    },
  },
  { name: 'shortcuts', open: (page) => press(page, 'Shortcuts') },
  {
    name: 'notices',
    open: async (page) => {
      await press(page, 'Problem')
      await press(page, 'Notice')
      await press(page, 'Undo bar')
    },
  },
  { name: 'frame', at: '?frame', off: ['page-has-heading-one'] },
  // A phone shows one column; the heading of the page stands in the list.
  {
    name: 'frame-list',
    at: '?frame=list',
    open: async (page) => {
      await page.keyboard.press('j')
      await page.keyboard.press('j')
    },
  },
]

async function openPage(browser: Browser, size: (typeof sizes)[number], theme: 'light' | 'dark'): Promise<Page> {
  const context = await browser.newContext({
    viewport: size,
    colorScheme: theme,
    reducedMotion: 'reduce',
    hasTouch: size.touch === true,
    isMobile: size.touch === true,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  return page
}

/** Violations as lines; the page's own scripts are not touched. */
async function violations(page: Page, off: string[] = []): Promise<string[]> {
  await page.evaluate(axe)
  // Popups stand beside the landmarks, as the patterns of WAI-ARIA have it.
  const rules = Object.fromEntries(['region', ...off].map((id) => [id, { enabled: false }]))
  const found = await page.evaluate(
    (off) =>
      (
        globalThis as unknown as {
          axe: {
            run: (
              context: unknown,
              options: unknown,
            ) => Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }>
          }
        }
      ).axe.run(
        // Base UI's focus guards are spans that hand the focus on at once: nobody can stand on them.
        { exclude: ['[data-base-ui-focus-guard]'] },
        { rules: off },
      ),
    rules,
  )
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 160)}`),
  )
}

mkdirSync(folder, { recursive: true })
const server = await createServer({
  configFile: fileURLToPath(new URL('../web/vite.config.ts', import.meta.url)),
  server: { port: 0 },
  logLevel: 'warn',
})
await server.listen()
const base = server.resolvedUrls?.local[0] ?? ''
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
})
const wanted = process.argv[3]?.split(',')
let faults = 0
for (const size of sizes) {
  for (const theme of ['light', 'dark'] as const) {
    for (const state of states.filter(({ name }) => !wanted || wanted.includes(name))) {
      const page = await openPage(browser, size, theme)
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
      page.on('console', (message) => message.type() === 'error' && complaints.push(`console: ${message.text()}`))
      await page.goto(`${base}gallery.html${state.at ?? ''}`)
      await page.getByRole('main').waitFor()
      await page.evaluate(() => document.fonts.ready)
      await state.open?.(page)
      await page.waitForTimeout(400)
      await page.screenshot({
        path: `${folder}/${state.name}-${size.name}-${theme}.png`,
        fullPage: state.whole === true,
      })
      complaints.push(...(await violations(page, state.off)))
      faults += complaints.length
      for (const complaint of complaints) process.stderr.write(`${state.name} ${size.name} ${theme}  ${complaint}\n`)
      await page.context().close()
    }
  }
}
await browser.close()
await server.close()
process.stdout.write(`${folder}: ${faults} faults\n`)
process.exit(faults === 0 ? 0 : 1)
