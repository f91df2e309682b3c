// A channel's recorded payloads: `name.json` (or any other ending) as it stood on the wire, `name.result.json` what it
// becomes, and, where needed, `name.meta.json` with `{ receivedAt, headers, settings }`. A result is `{ events }`, or
// `{ notUnderstood }` with the reason for a payload that must end in quarantine.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Capabilities, Connector, InboundEvent, StoredDelivery } from './connector.ts'
import { NotUnderstood } from './connector.ts'

export interface Fixture {
  readonly name: string
  readonly delivery: StoredDelivery
  readonly settings: Readonly<Record<string, unknown>>
  readonly resultFile: string
}

interface Meta {
  readonly receivedAt?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly settings?: Readonly<Record<string, unknown>>
}

export function readFixtures(folder: URL): readonly Fixture[] {
  const path = fileURLToPath(folder).replace(/\/?$/, '/')
  const payloads = readdirSync(path).filter((file) => !/\.(?:result|meta)\.json$/.test(file))
  return payloads.sort().map((file) => {
    const name = file.replace(/\.[^.]+$/, '')
    const metaFile = `${path}${name}.meta.json`
    const meta = existsSync(metaFile) ? (JSON.parse(readFileSync(metaFile, 'utf8')) as Meta) : {}
    return {
      name,
      delivery: {
        id: `delivery of ${name}`,
        headers: meta.headers ?? {},
        body: readFileSync(path + file),
        receivedAt: new Date(meta.receivedAt ?? '2026-09-01T12:00:00.000Z'),
      },
      settings: meta.settings ?? {},
      resultFile: `${path}${name}.result.json`,
    }
  })
}

export type Received = { readonly events: readonly InboundEvent[] } | { readonly notUnderstood: string }

/** What became of a delivery. Any exception but NotUnderstood goes on to whoever asked. */
export async function receiveOne(
  connector: Connector,
  delivery: StoredDelivery,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Received> {
  try {
    return { events: await connector.receive(delivery, { connectionId: 'connection', settings }) }
  } catch (error) {
    if (error instanceof NotUnderstood) return { notUnderstood: error.message }
    throw error
  }
}

/** As it is recorded: dates as ISO strings, bytes as base64. */
export function recorded(received: Received): string {
  const plain = (value: unknown): unknown => {
    if (Buffer.isBuffer(value)) return { base64: value.toString('base64') }
    if (value instanceof Date) return value.toISOString()
    if (Array.isArray(value)) return value.map(plain)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
  }
  return `${JSON.stringify(plain(received), null, 2)}\n`
}

/** The claims that events bear out, in the words of `claimsOf`. */
export function kindsIn(events: readonly InboundEvent[]): ReadonlySet<string> {
  return new Set(
    events.flatMap((event) => {
      switch (event.type) {
        case 'message':
          return [event.thread.visibility, event.thread.shape, ...(event.media?.length ? ['media'] : [])]
        case 'thread':
          return [event.thread.visibility, event.thread.shape]
        case 'receipt':
          return [`receipt ${event.state}`]
        case 'edit':
        case 'deletion':
          return [event.type]
        case 'identity':
        case 'engagement':
          return []
      }
    }),
  )
}

/** What a connector says can come in, as words. */
export function claimsOf({ visibility, shapes, receipts, edits, deletes, media }: Capabilities): ReadonlySet<string> {
  return new Set([
    ...visibility,
    ...shapes,
    ...receipts.map((state) => `receipt ${state}`),
    ...(edits ? ['edit'] : []),
    ...(deletes ? ['deletion'] : []),
    ...(media ? ['media'] : []),
  ])
}

/** What is wrong with an event, as sentences; empty for a sound one. The types can't say it of what comes at run time. */
export function faultsOf(event: InboundEvent, capabilities: Capabilities): string[] {
  const faults: string[] = []
  const must = (holds: boolean, sentence: string) => void (holds || faults.push(sentence))
  const isName = (value: unknown) => typeof value === 'string' && value !== ''
  must(event.at instanceof Date && !Number.isNaN(event.at.getTime()), 'at is no moment')
  if ('externalId' in event) must(isName(event.externalId), 'externalId is no name')
  if ('text' in event) must(typeof event.text === 'string', 'text is no text')
  if ('author' in event) must(isName(event.author.externalId), 'author.externalId is no name')
  if ('thread' in event) {
    const { key, shape, visibility } = event.thread
    must(isName(key), 'thread.key is no name')
    must(capabilities.shapes.includes(shape), `thread.shape ${shape} is not claimed`)
    must(capabilities.visibility.includes(visibility), `thread.visibility ${visibility} is not claimed`)
  }
  if (event.type === 'message') {
    for (const { name, url, bytes, stored } of event.media ?? []) {
      must(isName(name), 'a file has no name')
      must([url, bytes, stored].filter((one) => one !== undefined).length === 1, 'a file has not exactly one source')
    }
  }
  if (event.type === 'receipt')
    must(capabilities.receipts.includes(event.state), `receipt ${event.state} is not claimed`)
  must(!holdsBadText(event), 'a text holds U+0000 or half a surrogate pair, which no database takes')
  return faults
}

function holdsBadText(root: unknown): boolean {
  const waiting = [root]
  for (let value = waiting.pop(); value !== undefined || waiting.length > 0; value = waiting.pop()) {
    if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) return true
    if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value) && !(value instanceof Date)) {
      waiting.push(...Object.keys(value), ...Object.values(value).filter((inner) => inner !== undefined))
    }
  }
  return false
}
