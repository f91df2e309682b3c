// A fetching loop for tests: quick, without chance, on a clock that stands still unless it is moved.
import { pino } from 'pino'
import type { Connector } from '#channels/connector'
import type { Actor } from '#platform/actor'
import { testClock, type TestClock } from '#platform/clock'
import type { Database } from '#platform/db/database'
import type { Network } from '#platform/http/network'
import { openKnownConnections } from '../known.ts'
import { runPolling, type Polling, type RunningPolls } from '../polling.ts'
import type { Limits } from '../fetching.ts'
import { NOW, aKeyring } from './desk.ts'

export const nowhere: Network = {
  fetch: async () => ({ ok: false, sent: 'no', reason: 'no network here' }),
  stream: async () => ({ ok: false, sent: 'no', reason: 'no network here' }),
  resolve: async () => ({ ok: false, reason: 'no network here' }),
}

export interface Loop extends RunningPolls {
  readonly clock: TestClock
}

const keyring = aKeyring()

export function aLoop(
  db: Database,
  connector: Connector,
  given: {
    readonly clock?: TestClock
    readonly limits?: Partial<Limits>
    readonly parallel?: number
    readonly metrics?: Polling['metrics']
  } = {},
): Loop {
  const clock = given.clock ?? testClock(NOW)
  const polls = runPolling({
    db,
    clock,
    log: pino({ level: 'silent' }),
    known: openKnownConnections(db, keyring, (channel) => (channel === connector.id ? connector : undefined)),
    network: nowhere,
    connectors: [connector],
    everyMs: 20,
    chance: () => 0.5,
    limits: { graceMs: 200, beatMs: 50, ...given.limits },
    ...(given.parallel !== undefined && { parallel: given.parallel }),
    ...(given.metrics && { metrics: given.metrics }),
  })
  return Object.assign(polls, { clock })
}

/** What was stored for a connection, by the numbers of its items, in the order in which it was. */
export async function storedNumbers(db: Database, connectionId: string): Promise<number[]> {
  const rows = await db.system((tx) =>
    tx.selectFrom('deliveries').select('headers').where('connectionId', '=', connectionId).orderBy('seq').execute(),
  )
  return rows.map(({ headers }) => Number((headers as { no: string }).no))
}

export async function feedOf(db: Database, actor: Pick<Actor, 'workspaceId'>, connectionId: string) {
  return db.read(actor, (tx) =>
    tx.selectFrom('connectionFeeds').selectAll().where('connectionId', '=', connectionId).executeTakeFirst(),
  )
}

/** Looks again until it is so; throws after `ms`. */
export async function until(what: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const end = performance.now() + ms
  while (!(await what())) {
    if (performance.now() > end) throw new Error(`not so within ${ms} ms: ${what.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)
