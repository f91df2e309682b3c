import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { channelDocs } from './channel-docs.ts'

const root = join(import.meta.dirname, '../..')

test('docs/channels is what the channels say of themselves; `npm run docs` writes it', async () => {
  const pages = await channelDocs(root)
  const folder = join(root, 'docs/channels')
  expect((await readdir(folder)).toSorted()).toEqual([...pages.keys()].toSorted())
  for (const [name, page] of pages) expect(await readFile(join(folder, name), 'utf8'), name).toBe(page)
})

test('links of a page lead to files that are there', async () => {
  for (const [name, page] of await channelDocs(root)) {
    for (const [, link] of page.matchAll(/\]\((?![a-z]+:|#)([^)\s#]+)/g)) {
      await expect(readFile(join(root, 'docs/channels', link!)), `${name}: ${link}`).resolves.toBeDefined()
    }
  }
})
