// Builds the web app and the widget when their sources are newer than what was built: once after an update, else never.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

interface Entry {
  readonly name: string
  readonly config: string
  readonly output: string
  /** Folders and files whose change makes it stale. */
  readonly sources: readonly string[]
}

const ENTRIES: readonly Entry[] = [
  {
    name: 'web app',
    config: 'web/vite.config.ts',
    output: 'web/dist',
    sources: ['web', 'domains', 'platform', 'locales', 'channels', 'package-lock.json'],
  },
  {
    name: 'widget',
    config: 'widget/vite.config.ts',
    output: 'widget/dist',
    sources: ['widget', 'domains/webchat', 'platform/contract', 'package-lock.json'],
  },
]
const STAMP = '.built-from'

export async function buildPages(root: string, say: (line: string) => void): Promise<void> {
  for (const entry of ENTRIES) {
    if (!existsSync(join(root, entry.config))) continue
    const wanted = await fingerprint(root, entry)
    const stampFile = join(root, entry.output, STAMP)
    const present = await readFile(stampFile, 'utf8').catch(() => null)
    if (present === wanted) continue
    say(`Building the ${entry.name} …`)
    await build(root, entry)
    await compress(join(root, entry.output))
    await writeFile(stampFile, wanted)
  }
}

const COMPRESSIBLE = /\.(?:js|css|svg|html|json)$/

/** Every text twice beside itself, as small as it gets: done once here instead of at each request. */
async function compress(folder: string): Promise<void> {
  for (const file of await filesIn(folder)) {
    if (!COMPRESSIBLE.test(file)) continue
    const text = await readFile(file)
    await writeFile(`${file}.br`, brotliCompressSync(text))
    await writeFile(`${file}.gz`, gzipSync(text, { level: 9 }))
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** Names, sizes and times of all sources: a millisecond for thousands of files, and any edit changes it. */
async function fingerprint(root: string, { sources }: Entry): Promise<string> {
  const hash = createHash('sha256')
  for (const source of sources) {
    const path = join(root, source)
    const info = await stat(path).catch(() => null)
    if (!info) continue
    const files = info.isFile() ? [path] : await filesIn(path)
    for (const file of files.toSorted()) {
      if (/\/(dist|node_modules)\/|\.test\.tsx?$/.test(file)) continue
      const { size, mtimeMs } = await stat(file)
      hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}

function build(root: string, { config, name }: Entry): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', config, '--logLevel', 'warn'],
      { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
    )
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`building the ${name} failed (exit ${code})`)),
    )
  })
}
