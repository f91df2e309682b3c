// What the demo's pages ask of an open network, whichever it is, and how it keeps itself over a restart.
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { NetworkPost, NetworkThread } from '../../portal/demo/network-page.ts'

export interface DemoNetwork {
  readonly channel: 'mastodon' | 'bluesky'
  /** Of the airline, as people write it. */
  readonly handle: string
  readonly port: number
  /** How the desk is connected with it. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Threads in which the airline has a part, the newest word first. */
  threads(): readonly NetworkThread[]
  thread(key: string): NetworkThread | undefined
  /** What this person and the airline said to each other alone. */
  line(name: string): readonly NetworkPost[]
  /** Somebody speaks in public, where `key` is null in a thread of their own. Answers the thread's key. */
  post(input: { readonly key: string | null; readonly name: string; readonly text: string }): string
  whisper(name: string, text: string): void
  /** True once its past was told to the desk; `settled` says so. */
  readonly isSettled: boolean
  settled(): void
  close(): Promise<void>
}

interface Kept<State> {
  readonly version: 1
  readonly port: number
  /** The airline's token or password over there. */
  readonly secret: string
  readonly state: State
  settled: boolean
}

export interface Shelf<State> {
  readonly secret: string
  readonly port: number
  readonly state: State | undefined
  isSettled: boolean
  /** From now on it is kept every few seconds, where it changed, and at the end. */
  begin(state: State, port: number): void
  close(): Promise<void>
}

const EVERY_MS = 3000

/** Opens what was kept under this name; a file that can't be read is as none. */
export async function openShelf<State>(directory: string, name: string): Promise<Shelf<State>> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, `${name}.kept`)
  const found = await readFile(path)
    .then((bytes) => deserialize(bytes) as Kept<State>)
    .catch(() => null)
  const kept = found?.version === 1 ? found : null
  const secret = kept?.secret ?? randomBytes(16).toString('hex')
  let last = Buffer.alloc(0)
  let timer: NodeJS.Timeout | undefined
  let keep = async (): Promise<void> => {}
  let underWay = Promise.resolve()
  const keepNext = (): Promise<void> => (underWay = underWay.then(keep).catch(() => {}))
  const shelf: Shelf<State> = {
    secret,
    port: kept?.port ?? 0,
    state: kept?.state,
    isSettled: kept?.settled ?? false,
    begin(state, port) {
      keep = async () => {
        const bytes = serialize({ version: 1, port, secret, state, settled: shelf.isSettled } satisfies Kept<State>)
        if (bytes.equals(last)) return
        last = bytes
        await writeFile(`${path}.new`, bytes, { mode: 0o600 })
        await rename(`${path}.new`, path)
      }
      timer = setInterval(() => void keepNext(), EVERY_MS).unref()
    },
    async close() {
      clearInterval(timer)
      await keepNext()
    },
  }
  return shelf
}

/** On the port that it had, or on any where somebody else has that one now. */
export async function startOn<T>(port: number, start: (port: number) => Promise<T>): Promise<T> {
  try {
    return await start(port)
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    return start(0)
  }
}

/** `Zoe Quist` → `zoe_quist`; never empty. */
export function handleOf(name: string, between: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
  return plain.replaceAll(' ', between).slice(0, 30) || 'guest'
}
