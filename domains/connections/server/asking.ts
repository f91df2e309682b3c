// What a person asks a channel's platform before or beside sending: does it work, what has to stand outside, what can be guessed.
// All of it outside any transaction, through the guarded network, and in bounded time.
import { randomUUID } from 'node:crypto'
import type { Advice, Connector, PlatformContext, TestOutcome } from '#channels/connector'
import type { Clock } from '#platform/clock'
import { Problem } from '#platform/contract/problem'
import type { Network } from '#platform/http/network'
import { contextOf } from './context.ts'
import type { KnownConnection } from './known.ts'
import { applySettings, type Settings } from './settings.ts'
import { within } from './waits.ts'

export interface Asking {
  readonly network: Network
  readonly clock: Clock
  /** Default 20 s. */
  readonly limitMs?: number
}

export interface Tried {
  readonly ok: boolean
  readonly note: string
  readonly field?: string
}

const LIMIT_MS = 20_000
const LATE = 'There was no answer in time.'

/** Whether the platform can be reached so; null where a channel has nothing to try. Never throws for what the platform does. */
export async function askTest(
  asking: Asking,
  connector: Connector,
  connection: Pick<KnownConnection, 'id' | 'settings' | 'credentials'>,
): Promise<TestOutcome | null> {
  if (!connector.test) return null
  return inTime(asking, (signal) => connector.test!(contextOf(connection, asking.network, asking.clock, signal))).catch(
    (error: unknown) => ({ ok: false, reason: error instanceof Error ? error.message : LATE }) as const,
  )
}

/** Tries settings that are stored nowhere. Throws 422 `connections.bad_settings`. */
export async function trySettings(asking: Asking, connector: Connector, given: Settings): Promise<Tried> {
  const generated = connector.generate?.() ?? {}
  const secrets = Object.fromEntries(Object.entries(generated).filter(([name]) => !given[name]))
  const { settings, credentials } = applySettings(connector, { settings: {}, credentials: secrets }, given)
  return triedOf(connector, await askTest(asking, connector, { id: randomUUID(), settings, credentials }))
}

export function triedOf(connector: Connector, outcome: TestOutcome | null): Tried {
  if (outcome === null)
    return { ok: true, note: `${connector.name} needs no test: it is connected once somebody writes.` }
  if (outcome.ok) return { ok: true, note: outcome.note }
  return { ok: false, note: outcome.reason, ...(outcome.field !== undefined && { field: outcome.field }) }
}

/** What has to stand outside, looked up now. Throws 502 `connections.no_advice` when nothing could be asked. */
export async function askAdvice(asking: Asking, connection: KnownConnection): Promise<Advice[]> {
  const { connector } = connection
  if (!connector.advise) return []
  try {
    const found = await inTime(asking, (signal) =>
      connector.advise!(contextOf(connection, asking.network, asking.clock, signal)),
    )
    return [...found]
  } catch (error) {
    throw new Problem(502, 'connections.no_advice', `Nothing could be looked up: ${wordsOf(error)}`)
  }
}

/** Settings guessed from an address; null when nothing is known, or nobody answered. */
export async function askDiscovery(asking: Asking, connector: Connector, address: string): Promise<Settings | null> {
  if (!connector.discover) return null
  return inTime(asking, (signal) => {
    const nowhere = { id: '', settings: {}, credentials: {} }
    const { fetch, stream, resolve, now }: PlatformContext = contextOf(nowhere, asking.network, asking.clock, signal)
    return connector.discover!(address, { fetch, stream, resolve, signal, now })
  }).catch(() => null)
}

export function inTime<T>({ limitMs = LIMIT_MS }: Asking, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ended = new AbortController().signal
  return within(ask(AbortSignal.timeout(limitMs)), limitMs + 1000, ended, LATE)
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300)
