// Pictures of the demo, as a newcomer would see it: `node e2e/demo-shots.ts URL PASSWORD FOLDER [name …]`. PNGs with a palette.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import sharp from 'sharp'

const EMAIL = 'robin@larkmoor.example'
const sizes = { wide: [1440, 900], middle: [1280, 800], phone: [390, 844] } as const
const themes = ['light', 'dark'] as const

interface Shot {
  readonly name: string
  readonly path: string
  readonly before?: (page: Page) => Promise<void>
}

/** Opens the newest conversation with a customer of that name. */
const openThread =
  (customer: string) =>
  async (page: Page): Promise<void> => {
    const id = await page.evaluate(async (name) => {
      for (const state of ['open', 'waiting', 'resolved']) {
        for (let next: string | null = ''; next !== null;) {
          const reply = await fetch(
            `/api/conversations?state=${state}&limit=100${next && `&after=${encodeURIComponent(next)}`}`,
          )
          const found = (await reply.json()) as {
            items: { id: string; customerName: string }[]
            next: string | null
          }
          const one = found.items.find((row) => row.customerName === name)
          if (one) return one.id
          next = found.next
        }
      }
      throw new Error(`no conversation with ${name}`)
    }, customer)
    await page.goto(new URL(`/inbox/${id}`, page.url()).href)
    await page.waitForTimeout(2000)
  }

const shots: readonly Shot[] = [
  { name: 'list', path: '/inbox' },
  { name: 'inbox', path: '/inbox', before: openThread('Ottilie Brandvold') },
  { name: 'tree', path: '/inbox', before: openThread('Teo Okonjo-Reyes') },
  { name: 'search', path: '/search?q=volcano' },
  { name: 'people', path: '/people' },
  { name: 'connections', path: '/connections' },
  { name: 'quarantine', path: '/connections/quarantine' },
  { name: 'desk', path: '/demo' },
  { name: 'shop', path: '/demo/shop' },
  { name: 'forum', path: '/demo/forum' },
]

const [url = 'http://localhost:3000', password = '', folder = 'docs/pictures', ...names] = process.argv.slice(2)

await mkdir(folder, { recursive: true })
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
try {
  for (const [size, [width, height]] of Object.entries(sizes))
    for (const theme of themes) await takeAll(browser, { size, width, height, theme })
} finally {
  await browser.close()
}

interface View {
  readonly size: string
  readonly width: number
  readonly height: number
  readonly theme: (typeof themes)[number]
}

async function takeAll(on: Browser, { size, width, height, theme }: View): Promise<void> {
  const context = await on.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.on('pageerror', (error) => console.error(`${size} ${theme}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`${size} ${theme} ${page.url()}: ${message.text()}`)
  })
  await signIn(page)
  for (const { name, path, before } of shots.filter((shot) => names.length === 0 || names.includes(shot.name))) {
    await page.goto(url + path, { waitUntil: 'load' })
    await page.waitForTimeout(1500)
    await before?.(page).catch((error: unknown) => console.error(`${name} ${size} ${theme}: ${String(error)}`))
    const picture = await sharp(await page.screenshot())
      .png({ palette: true, effort: 10 })
      .toBuffer()
    await writeFile(join(folder, `${name}-${theme}-${width}.png`), picture)
  }
  await context.close()
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${url}/sign-in`, { waitUntil: 'load' })
  await page.getByLabel(/e-?mail/i).fill(EMAIL)
  await page.getByLabel(/^password/i).fill(password)
  await page.getByRole('button', { name: /sign in/i }).click()
  await page.waitForURL((now) => !now.pathname.startsWith('/sign-in'), { timeout: 20_000 })
}
