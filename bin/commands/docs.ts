import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { channelDocs } from '../program/channel-docs.ts'
import { readArguments } from '../program/command-line.ts'

export const summary = ': writes docs/channels from the folders of the channels'

export async function run(args: string[]): Promise<number> {
  readArguments(args, {}, 'docs')
  const root = join(import.meta.dirname, '../..')
  await mkdir(join(root, 'docs/channels'), { recursive: true })
  for (const [name, page] of await channelDocs(root)) await writeFile(join(root, 'docs/channels', name), page)
  return 0
}
