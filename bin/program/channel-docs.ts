// The pages in docs/channels: what a channel's README says, below what its capabilities say by themselves. Made by
// `npm run docs`; a test holds them against the folders.
import { readFile } from 'node:fs/promises'
import { posix } from 'node:path'
import { connectors } from '#channels/all'
import type { Connector } from '#channels/connector'

/** Pages by file name, `README.md` (the list) among them. Reads the channels' READMEs below `root`, a folder. */
export async function channelDocs(root: string): Promise<ReadonlyMap<string, string>> {
  const pages = await Promise.all(
    connectors.map(async (connector): Promise<[string, string]> => {
      const readme = await readFile(`${root}/channels/${connector.id}/README.md`, 'utf8')
      return [`${connector.id}.md`, pageOf(connector, readme)]
    }),
  )
  return new Map([['README.md', listOf(connectors)], ...pages])
}

/** Pure. The README's links are made to lead from docs/channels; the table stands below its title and first paragraph. */
export function pageOf(connector: Connector, readme: string): string {
  const moved = readme.replace(/\]\((?![a-z]+:|#|\/)([^)\s]+)\)/g, (_, link: string) => {
    const from = posix.join('channels', connector.id, link)
    return `](${posix.relative('docs/channels', from)})`
  })
  const [title = '', first = '', ...rest] = moved.split(/\n{2,}/)
  return `${[title, first, capabilityTable(connector), ...rest].join('\n\n').trimEnd()}\n`
}

function capabilityTable({ capabilities: can, id }: Connector): string {
  const limits = can.textLimits.map(({ unit, max }) => `${max.toLocaleString('en')} ${unitWords[unit]}`)
  const rows: [string, string][] = [
    ['comes in by', can.receives.join(', ')],
    ['threads', `${can.visibility.join(' and ')}; ${can.shapes.join(' and ')}`],
    ['answers', can.sends ? 'yes' : 'no'],
    ['longest text', limits.join(' and ') || '–'],
    ['files', can.media ? `${can.media.maxCount}, ${Math.round(can.media.maxBytes / 1e6)} MB each` : '–'],
    [
      'told afterwards',
      [...can.receipts, ...(can.edits ? ['edits'] : []), ...(can.deletes ? ['deletions'] : [])].join(', ') || '–',
    ],
    ['on doubt', can.canLookUp ? 'the platform is asked whether it arrived' : 'a person decides'],
    ['new conversations', can.startsConversations ? 'may be begun here' : 'are begun by the customer'],
    ['moderation', can.moderation.join(', ') || '–'],
  ]
  return [`| ${id} | |`, '|---|---|', ...rows.map(([name, words]) => `| ${name} | ${words} |`)].join('\n')
}

const unitWords = { utf16: 'characters', grapheme: 'characters as read', byte: 'bytes' } as const

function listOf(all: readonly Connector[]): string {
  const lines = all
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
    .map(({ id, name, summary }) => `| [${name}](${id}.md) | ${summary} |`)
  return `# Channels\n\nOne page a channel: what it can do, what it needs and how to get its keys. Made from the channels' own folders by \`npm run docs\`.\n\n| | |\n|---|---|\n${lines.join('\n')}\n`
}
