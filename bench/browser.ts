// Chromium of the system, and what it fetched, weighed as it would travel compressed.
import { existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { chromium, type Browser, type Page } from 'playwright-core'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)

/** Null where there is none. */
export async function openBrowser(): Promise<Browser | null> {
  if (executablePath === undefined) return null
  const quiet = ['quic', 'background-networking', 'component-update', 'sync'].map((name) => `--disable-${name}`)
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--no-first-run', ...quiet] })
}

export interface Fetched {
  readonly path: string
  readonly kind: 'code' | 'font' | 'picture' | 'data'
  /** Compressed with gzip's best, unless it is compressed by itself. */
  readonly bytes: number
}

/** Everything that the page fetches from now on; call the answer to get it. */
export function weighFetches(page: Page, origin: string): () => Promise<Fetched[]> {
  const reading: Promise<Fetched | null>[] = []
  page.on('response', (response) => {
    const url = new URL(response.url())
    if (url.origin !== origin || (response.headers()['content-type'] ?? '').startsWith('text/event-stream')) return
    reading.push(
      response.body().then(
        (body) => weigh(url.pathname, body),
        () => null,
      ),
    )
  })
  return async () => (await Promise.all(reading)).filter((one) => one !== null)
}

function weigh(path: string, body: Buffer): Fetched {
  const kind = /^\/(api|widget\/v1\/(?!.*\.(js|css)$))/.test(path)
    ? 'data'
    : /\.woff2?$/.test(path)
      ? 'font'
      : /\.(png|svg|webp|jpg)$/.test(path)
        ? 'picture'
        : 'code'
  const packed = /\.(woff2?|png|webp|jpg)$/.test(path)
  return { path, kind, bytes: packed ? body.length : gzipSync(body, { level: 9 }).length }
}

export const sumOf = (fetched: readonly Fetched[], ...kinds: readonly Fetched['kind'][]): number =>
  fetched.reduce((sum, { kind, bytes }) => sum + (kinds.includes(kind) ? bytes : 0), 0)
