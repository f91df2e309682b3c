// The loop that lets answers leave: finds what is due, claims it, hands it to its connector, writes down what happened.
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { Outbound, SendOutcome } from '#channels/connector'
import { contextOf, noteSent, reportHealth, type KnownConnection, type KnownConnections } from '#connections/server'
import { programActor } from '#platform/actor'
import type { Clock } from '#platform/clock'
import { isPassing, type Database } from '#platform/db/database'
import { ALONE_MS, type Presence } from '#platform/db/presence'
import { runWakefulLoop } from '#platform/wakeful-loop'
import type { Network } from '#platform/http/network'
import { openBudget, type Budget } from './budget.ts'
import { claimDue, loadOutbound, sendLimitMs, type Claim } from './leaving.ts'
import { OUTBOUND_SIGNAL } from './outbound-signal.ts'
import { outcomeOfLookUp, settle } from './outcomes.ts'
import { watchClaims } from './releasing.ts'

export interface Sending {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly known: KnownConnections
  readonly network: Network
  /** Opens a stored file by its hash. */
  readonly openFile: (sha256: string) => Promise<Buffer>
  /** Whether this node is seen, and others are; without it a claim ends by its time alone. */
  readonly presence?: Presence
  /** How long another node must have been missed until what it had under way is in doubt. */
  readonly missedMs?: number
}

const POLL_MS = 1000
const WATCH_MS = 3000
const GATHER_MS = 25
/** At the end of the program: what is still under way after so long is broken off. */
const STOP_MS = 30_000
const CLAIM_AT_ONCE = 64

interface DueConnection {
  readonly workspaceId: string
  readonly connectionId: string
}

/** What the sender knows of one connection between two looks at all of them. */
interface Line {
  claiming: boolean
  /** Asked for while a claim was under way: it may have come too late for that one. */
  again: boolean
  /** The last claim found as much as it might take. */
  more: boolean
}

/** Starts sending; disposing waits for what is under way. */
export function runSender(sending: Sending): AsyncDisposable & { readonly idle: () => Promise<void> } {
  const budgets = new Map<string, Budget>()
  const running = new Set<Promise<void>>()
  const stop = new AbortController()
  /** Ends what is under way where this node has not been seen for too long: others take it over from then on. */
  let alone = new AbortController()
  let stopping = false

  const budgetOf = (connection: KnownConnection): Budget => {
    const kept =
      budgets.get(connection.id) ??
      openBudget(connection.connector.budgetOf?.(connection.settings) ?? connection.connector.budget, () =>
        sending.clock.now().getTime(),
      )
    budgets.set(connection.id, kept)
    return kept
  }

  const lines = new Map<string, Line>()
  const lineOf = (id: string): Line => {
    const line = lines.get(id) ?? { claiming: false, again: false, more: false }
    lines.set(id, line)
    return line
  }

  /** Claims as much as the allowance has room for, one claim of a connection at a time; answers how many left. */
  const startConnection = async (due: DueConnection): Promise<number> => {
    const line = lineOf(due.connectionId)
    line.again = true
    if (line.claiming) return 0
    line.claiming = true
    let started = 0
    try {
      while (line.again && !stopping) {
        line.again = false
        started += await claimSome(due, line)
      }
    } finally {
      line.claiming = false
    }
    return started
  }

  // The platform is done with one. Where more is known to wait, the next one leaves now: looking through all connections first
  // would leave its place there empty for as long as that takes.
  const goOn = (due: DueConnection, budget: Budget): void => {
    if (!lineOf(due.connectionId).more || budget.wait() > 0) return loop.wake()
    const task = startConnection(due).then(
      () => undefined,
      () => loop.wake(),
    )
    keep(task)
  }
  const keep = (task: Promise<void>): void => {
    running.add(task)
    void task.finally(() => running.delete(task))
  }

  const claimSome = async ({ workspaceId, connectionId }: DueConnection, line: Line): Promise<number> => {
    const connection = await sending.known.byId(workspaceId, connectionId)
    if (!connection || connection.state !== 'active') return 0
    const budget = budgetOf(connection)
    const now = sending.clock.now()
    const most = budget.take(CLAIM_AT_ONCE)
    if (most === 0) return 0
    const claimedBy = sending.presence?.number() ?? null
    let claims: Claim[] = []
    try {
      const actor = programActor(workspaceId, now)
      claims = await sending.db.write(actor, (tx) => claimDue(tx, actor, connection, most, claimedBy))
      line.more = claims.length === most
    } finally {
      budget.giveBack(most - claims.length)
    }
    for (const claim of claims) {
      const ends = claimedBy === null ? stop.signal : AbortSignal.any([stop.signal, alone.signal])
      const task = sendOne(sending, connection, claim, ends, (told) => {
        // The platform is done with it; writing that down takes nobody's place there.
        if (!told.tried) budget.forgo(now)
        if (told.outcome.state === 'retry' && told.outcome.retryAt && !told.outcome.onlyThis)
          budget.pauseUntil(told.outcome.retryAt)
        budget.done()
        goOn({ workspaceId, connectionId }, budget)
      })
      // What stood behind it in its conversation may leave now.
      keep(task.finally(() => loop.wake()))
    }
    return claims.length
  }

  let looked = 0
  const round = async (): Promise<number> => {
    // Each answer that left wakes the loop twice. While some are under way a look does for all that came within a moment.
    const soon = looked + GATHER_MS - performance.now()
    if (running.size > 0 && soon > 0) await sleep(soon)
    looked = performance.now()
    const { due, nextInMs } = await findDue(sending)
    const started = await Promise.all(due.map(startConnection))
    if (started.some((count) => count > 0)) return 0
    const waits = [...budgets.values()].map((budget) => budget.wait()).filter((ms) => ms > 0 && due.length > 0)
    return Math.max(1, Math.min(POLL_MS, nextInMs, ...waits))
  }

  const look = sending.presence && watchClaims({ ...sending, presence: sending.presence })
  const watch = async (): Promise<void> => {
    if (sending.presence!.unseenMs() > ALONE_MS) {
      alone.abort()
      alone = new AbortController()
    }
    try {
      if ((await look!()) > 0) loop.wake()
    } catch (error) {
      if (!isPassing(error)) sending.log.error({ err: error }, 'claims of nodes that are gone could not be looked for')
    }
  }
  let watching = Promise.resolve()
  const everySoOften = look && setInterval(() => void (watching = watching.then(watch)), WATCH_MS)

  const loop = runWakefulLoop({
    log: sending.log,
    stumbled: 'the sender stumbled',
    wokenBy: (wake) => sending.db.signals.on(OUTBOUND_SIGNAL, wake),
    round,
  })

  return {
    idle: async () => {
      while (running.size > 0) await Promise.all(running)
    },
    async [Symbol.asyncDispose]() {
      stopping = true
      clearInterval(everySoOften)
      await watching
      await loop[Symbol.asyncDispose]()
      const late = setTimeout(() => stop.abort(), STOP_MS)
      while (running.size > 0) await Promise.all(running)
      clearTimeout(late)
    },
  }
}

/** Connections with something due, in workspaces whose outbound is not paused, and when the next thing will be. */
async function findDue({ db, clock }: Sending): Promise<{ due: DueConnection[]; nextInMs: number }> {
  const now = clock.now()
  return db.system(async (tx) => {
    // Steps from connection to connection, one probe each, however long the queue of any.
    const { rows } = await sql<DueConnection>`
      with recursive queues as (
        (select workspace_id, connection_id from outbound where state <> 'settled' order by workspace_id, connection_id limit 1)
        union all
        select n.workspace_id, n.connection_id from queues q cross join lateral (
          select workspace_id, connection_id from outbound
          where state <> 'settled' and (workspace_id, connection_id) > (q.workspace_id, q.connection_id)
          order by workspace_id, connection_id limit 1) n
      )
      select q.workspace_id, q.connection_id from queues q
      join workspaces w on w.id = q.workspace_id and w.outbound_paused_reason is null
      where exists (select from outbound o where o.workspace_id = q.workspace_id and o.connection_id = q.connection_id
        and o.state <> 'settled' and o.next_at <= ${now})
    `.execute(tx)
    const next = await sql<{ at: Date | null }>`
      select min(next_at) as at from outbound where state <> 'settled' and next_at > ${now} and next_at < 'infinity'
    `.execute(tx)
    const at = next.rows[0]?.at
    return { due: rows, nextInMs: at ? Math.max(1, at.getTime() - now.getTime()) : POLL_MS }
  })
}

async function sendOne(
  sending: Sending,
  connection: KnownConnection,
  claim: Claim,
  stop: AbortSignal,
  over: (told: Tried) => void,
): Promise<void> {
  const told = await tryOne(sending, connection, claim, stop)
  over(told)
  const { outcome } = told
  // The outcome is known only here: it is written down however often the database has to be asked.
  for (let wait = 100; ; wait = Math.min(wait * 2, 5000)) {
    const actor = programActor(connection.workspaceId, sending.clock.now())
    try {
      await sending.db.write(actor, async (tx) => {
        await settle(tx, actor, connection.id, claim, outcome, canBeAsked(connection))
        if (outcome.state === 'sent' || outcome.state === 'pending') await noteSent(tx, actor, connection.id)
        const health = healthOf(outcome)
        if (health) await reportHealth(tx, actor, connection.id, health)
      })
      return
    } catch (error) {
      if (!isPassing(error)) {
        sending.log.error(
          { err: error, message: claim.messageId },
          'what became of an answer could not be written down',
        )
        return // the claim runs out and the message is in doubt: shown, not sent twice
      }
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
}

const canBeAsked = ({ connector, settings }: KnownConnection): boolean =>
  connector.lookUp !== undefined && (connector.canAsk?.(settings) ?? true)

function healthOf(outcome: SendOutcome): { health: 'ok' | 'broken'; reason: string | null } | null {
  if (outcome.state === 'sent' || outcome.state === 'pending') return { health: 'ok', reason: null }
  return outcome.state === 'reauthorize' ? { health: 'broken', reason: outcome.reason } : null
}

/** `tried`: whether the connector was told to send; if not, nothing of the allowance was used. */
interface Tried {
  readonly outcome: SendOutcome
  readonly tried: boolean
}

async function tryOne(sending: Sending, connection: KnownConnection, claim: Claim, stop: AbortSignal): Promise<Tried> {
  const { connector } = connection
  const untried = (outcome: SendOutcome): Tried => ({ outcome, tried: false })
  if (!connector.send) return untried({ state: 'rejected', reason: 'Nothing can be sent on this channel.' })
  const actor = programActor(connection.workspaceId, sending.clock.now())
  let outbound: Outbound
  try {
    outbound = await sending.db.write(actor, (tx) => loadOutbound(tx, actor, claim, sending.openFile))
  } catch (error) {
    sending.log.error({ err: error, message: claim.messageId }, 'an answer could not be read for sending')
    const reason = 'It could not be read from the database.'
    // What is in doubt stays in doubt: "try again" would send it without asking.
    return untried(claim.doubtful ? { state: 'unknown', reason } : { state: 'retry', reason })
  }
  const signal = AbortSignal.any([AbortSignal.timeout(sendLimitMs(connector)), stop])
  const context = contextOf(connection, sending.network, sending.clock, signal)
  let tried = false
  try {
    if (claim.doubtful && connector.capabilities.delivery === 'push') {
      if (!connector.lookUp || !canBeAsked(connection))
        return untried({
          state: 'unknown',
          reason: 'The program stopped while this was being sent. Nobody can ask whether it arrived.',
        })
      const found = outcomeOfLookUp(await connector.lookUp(outbound, context))
      if (found !== 'send') return untried(found)
    }
    tried = true
    return { outcome: await connector.send(outbound, context), tried }
  } catch (error) {
    sending.log.error({ err: error, channel: connection.channel }, 'a connector threw instead of saying what happened')
    return { outcome: { state: 'unknown', reason: error instanceof Error ? error.message : String(error) }, tried }
  }
}
