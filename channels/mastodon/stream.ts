// Listens (server-sent events) to what happens to the account: its own stream, which tells of notifications, edits and deletions,
// and that of private mentions. Both are opened first, then what was missed is fetched, then they are read: nothing falls
// between. Throws NotFetched.
import { NotFetched, type PlatformContext, type PlatformStreamed, type StreamSink } from '../connector.ts'
import { retryAtOf } from './api.ts'
import { type Fields, idIn, isObject } from './entities.ts'
import {
  addChange,
  addConversation,
  addDeletion,
  addNotification,
  addOwn,
  type Gathering,
  openGathering,
} from './gather.ts'
import { meet, pollMastodon } from './poll.ts'
import { type Home, readHome } from './settings.ts'

/** Servers say something every fifteen seconds. */
const IDLE_MS = 90_000
const MOST_LINE = 2 * 1024 * 1024

export interface StreamEvent {
  readonly name: string
  readonly data: string
}

export async function streamMastodon(stored: unknown, sink: StreamSink, context: PlatformContext): Promise<void> {
  const home = readHome(context.settings, context.credentials)
  const own = await open('/api/v1/streaming/user', home, context)
  const direct = await open('/api/v1/streaming/direct', home, context, true).catch(async (error: unknown) => {
    await own?.return()
    throw error
  })
  const all = [own, direct].filter((one) => one !== null)
  try {
    let cursor = await catchUp(stored, sink, context)
    const met = await meet(cursor, context)
    for await (const event of merged(all.map(eventsOf))) {
      const gathering = openGathering(context, met.home, cursor)
      await heed(gathering, event)
      if (gathering.cursor === cursor && gathering.deliveries.length === 0) continue
      await sink({ deliveries: gathering.deliveries, cursor: gathering.cursor })
      cursor = gathering.cursor
    }
  } catch (error) {
    if (context.signal.aborted) return
    const isBroken = error instanceof Error && error.name === 'StreamBroken'
    throw isBroken ? new NotFetched('later', `The live connection broke. ${error.message}`) : error
  } finally {
    for (const lines of all) await lines.return().catch(() => {})
  }
}

type Cursor = Gathering['cursor']

async function catchUp(stored: unknown, sink: StreamSink, context: PlatformContext): Promise<Cursor> {
  for (let cursor = stored; ;) {
    const { more, ...step } = await pollMastodon(cursor, context)
    await sink(step)
    cursor = step.cursor
    if (!more || context.signal.aborted) return cursor as Cursor
  }
}

type Lines = Extract<PlatformStreamed, { ok: true }>['lines']

/** Null where the server has no such stream and it may be missing. */
async function open(path: string, home: Home, context: PlatformContext, optional = false): Promise<Lines | null> {
  if (home.streamOrigin === null || home.token === null)
    throw new NotFetched('reauthorize', 'This connection has no leave to read yet.')
  const headers = { authorization: `Bearer ${home.token}`, accept: 'text/event-stream' }
  const response = await context.stream(home.streamOrigin + path, { headers, idleMs: IDLE_MS, maxLineBytes: MOST_LINE })
  if (!response.ok) throw new NotFetched('later', `The live connection could not be opened: ${response.reason}`)
  if (response.status === 200) return response.lines
  await response.lines.return()
  const { status } = response
  if (optional && (status === 400 || status === 404)) return null
  const retryAt = retryAtOf(response.headers, context.now()) ?? null
  if (status === 401 || status === 403)
    throw new NotFetched('reauthorize', 'The server does not take the access token for its live connection.')
  throw new NotFetched('later', `The live connection could not be opened: the server answered with ${status}.`, retryAt)
}

async function heed(gathering: Gathering, { name, data }: StreamEvent): Promise<void> {
  if (name === 'delete') return addDeletion(gathering, idIn({ id: data.trim() }, 'id'))
  const payload = parse(data)
  if (payload === null) return
  if (name === 'notification') await addNotification(gathering, payload)
  else if (name === 'conversation') await addConversation(gathering, payload)
  else if (name === 'status.update') addChange(gathering, payload)
  // Of the home timeline only what we wrote ourselves.
  else if (name === 'update') await addOwn(gathering, payload)
}

function parse(data: string): Fields | null {
  try {
    const value: unknown = JSON.parse(data)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

/** Lines as events. What is begun when the line breaks is no event. */
export async function* eventsOf(lines: AsyncIterable<string>): AsyncGenerator<StreamEvent, void, undefined> {
  let name = ''
  let data: string[] = []
  for await (const line of lines) {
    if (line === '') {
      if (data.length > 0) yield { name: name || 'message', data: data.join('\n') }
      ;[name, data] = ['', []]
    } else if (line.startsWith('event:')) name = line.slice(6).trim()
    else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''))
  }
}

/** One after the other as they come. Ends with a word as soon as any of them ends: then something is not heard any more. */
async function* merged<T>(sources: readonly AsyncGenerator<T, void, undefined>[]): AsyncGenerator<T, void, undefined> {
  const waiting = new Map(sources.map((source, index) => [index, nextOf(source, index)]))
  while (waiting.size > 0) {
    const { index, result } = await Promise.race(waiting.values())
    if (result.done) throw new NotFetched('later', 'The server ended the live connection.')
    waiting.set(index, nextOf(sources[index]!, index))
    yield result.value
  }
}

function nextOf<T>(source: AsyncGenerator<T, void, undefined>, index: number) {
  const next = source.next().then((result) => ({ index, result }))
  // Whoever waits for it is told; nobody may be waiting any more when it breaks.
  next.catch(() => {})
  return next
}
