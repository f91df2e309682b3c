// What a page waits for until the chat can be opened, in the default language: the loader and all that it fetches at once.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const MOST_BYTES = 15_000
const root = fileURLToPath(new URL('..', import.meta.url))

test('the widget opens for less than 15 kB', { timeout: 60_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'rapport-widget-size-'))
  try {
    // A process of its own, since this one runs as a test and Vite would build for that.
    const vite = join(root, 'node_modules/vite/bin/vite.js')
    execFileSync(
      process.execPath,
      [vite, 'build', '--config', 'widget/vite.config.ts', '--outDir', directory, '--logLevel', 'error'],
      {
        cwd: root,
        env: { ...process.env, NODE_ENV: 'production' },
      },
    )
    const text = (name: string): string => readFileSync(join(directory, name), 'utf8')
    const entry = /chat-\w+\.js/.exec(text('loader.js'))?.[0]
    const first = new Set(['loader.js', entry ?? 'the loader names no chat'])
    for (const name of first)
      for (const [, other] of text(name).matchAll(/(?:^|;|\})import[^'"(]*['"]\.\/([^'"]+)['"]/g)) first.add(other!)
    const bytes = [...first].reduce((sum, name) => sum + gzipSync(text(name), { level: 9 }).length, 0)
    console.log(`widget to first open: ${bytes} bytes gzipped (${[...first].join(', ')})`)
    expect(bytes).toBeLessThan(MOST_BYTES)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
