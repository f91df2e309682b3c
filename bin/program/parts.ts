// Everything that routes, workers and doors are made of, each once.
import { join } from 'node:path'
import type { Logger } from 'pino'
import { connectors } from '#channels/all'
import type { Connector } from '#channels/connector'
import { openAccepting, openKnownConnections, openRefusals } from '#connections/server'
import { systemClock, type Clock } from '#platform/clock'
import type { Config } from '#platform/config'
import { derive } from '#platform/crypto'
import { openDatabase } from '#platform/db/database'
import { tailEvents } from '#platform/events/tail'
import { openFileStore } from '#platform/files/store'
import { openGuardedFetch } from '#platform/http/guarded-fetch'
import { openGuardedStreams } from '#platform/http/guarded-stream'
import type { Limiter } from '#platform/http/limiter'
import { openResolver, type Network } from '#platform/http/network'
import { openPlatformFetch } from '#platform/http/platform-fetch'
import { openPlatformStream } from '#platform/http/platform-stream'
import type { AllowPrivate } from '#platform/http/private-hosts'
import { createMetrics } from '#platform/metrics'
import { openReadLog } from '#platform/read-log'
import { openStreams } from '#platform/realtime/streams'
import { openAssessor } from '#triage/server'
import { workspacesEvents } from '#workspaces/contract'
import { createAuthorize, followAuthority, openAuth } from '#workspaces/server'
import { createVisitorOf } from '#webchat/server'
import { openProgramDatabase } from './database.ts'
import { keepHouse } from './housekeeping.ts'
import { openLargeModel } from './large-model.ts'
import { canSeeEvent } from './visibility.ts'

/** What parts are made from; `ProgramOptions` has more. */
export interface PartsOptions {
  readonly config: Config
  readonly log: Logger
  readonly version: string
  readonly clock?: Clock
  /** Addresses inside the house that connectors and fetchers may reach: the demo's and the tests' own servers. */
  readonly allowPrivate?: AllowPrivate
  /** Channels beside those that Rapport brings: the drills' own. */
  readonly moreChannels?: readonly Connector[]
  /** Caps by address; the tests' own callers all come from one. */
  readonly limiter?: Limiter
  /** False: messages are stored and nothing is said of them. The benches measure what understanding them costs. */
  readonly understands?: boolean
  readonly beforeMigration?: (ownerUrl: string, pending: readonly string[]) => Promise<void>
}

export type Parts = Awaited<ReturnType<typeof openParts>>

/** Opens them in the order in which they need each other; `stack` closes them. Nothing is heard, served or sent yet. */
export async function openParts(options: PartsOptions, stack: AsyncDisposableStack) {
  const { config, log, version, clock = systemClock } = options
  const understands = options.understands !== false
  const database = stack.use(
    await openProgramDatabase({
      config,
      log,
      now: clock.now(),
      ...(options.beforeMigration && { beforeMigration: options.beforeMigration }),
    }),
  )
  const { keyring, loginUrl, ownerUrl } = database
  const onError = (error: Error): void => log.warn({ err: error }, 'a database connection was lost')
  const db = stack.use(openDatabase({ url: loginUrl, onError }))
  const files = await openFileStore({ directory: join(config.dataDir, 'files'), clock })
  stack.use(await keepHouse({ db, files, clock, log }, understands))
  const reads = stack.use(openReadLog(db, clock, log))
  const channels = [...connectors, ...(options.moreChannels ?? [])]
  const known = stack.use(openKnownConnections(db, keyring, (channel) => channels.find(({ id }) => id === channel)))
  const refusals = stack.use(
    openRefusals(db, { onError: (error) => log.warn({ err: error }, 'counting refused deliveries failed') }),
  )
  const assessor = stack.use(openAssessor({ log }))
  const tail = stack.use(await tailEvents(db, log))
  const secret = derive(keyring, 'sign-in', 32).toString('base64url')
  const auth = stack.use(openAuth({ url: loginUrl, secret, publicUrl: config.publicUrl, onError }))
  stack.defer(followAuthority(tail))
  const authorize = createAuthorize({ db, clock, auth, visitorOf: createVisitorOf({ db, clock }) })
  const authorityEvents = new Set(Object.keys(workspacesEvents))
  return {
    ...openNetwork(options, stack),
    config,
    log,
    version,
    clock,
    understands,
    keyring,
    loginUrl,
    ownerUrl,
    onError,
    db,
    files,
    reads,
    metrics: createMetrics(),
    channels,
    known,
    refusals,
    accept: openAccepting(db),
    assessor,
    largeModel: openLargeModel(config, stack),
    tail,
    auth,
    authorize,
    streams: openStreams({ db, tail, canSee: canSeeEvent, authorityEvents }),
  }
}

/** The two ways out: `guarded` to places that customers and platforms name, `network` to platforms that members connect. */
function openNetwork({ config, allowPrivate }: PartsOptions, stack: AsyncDisposableStack) {
  // What customers and platforms send us to stays outside, whatever connections may reach inside the house.
  const guarded = openGuardedFetch(allowPrivate ? { allow: allowPrivate } : {})
  stack.defer(() => guarded.close())
  const allow: AllowPrivate = (...place) => config.allowPrivate(...place) || (allowPrivate?.(...place) ?? false)
  const connecting = openGuardedFetch({ allow })
  stack.defer(() => connecting.close())
  const streaming = openGuardedStreams({ allow })
  stack.defer(() => streaming.close())
  const network: Network = {
    fetch: openPlatformFetch(connecting),
    stream: openPlatformStream(streaming),
    resolve: openResolver({ allow }),
  }
  return { guarded, network }
}
