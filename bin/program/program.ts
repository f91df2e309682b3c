// The whole program, put together by hand: every part is made here once and handed to those that need it.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import {
  connectionsPlugin,
  openAccepting,
  openKnownConnections,
  openRefusals,
  webhookPlugin,
  type AcceptDelivery,
  type Doors,
  type KnownConnections,
  type OpenDoor,
} from '#connections/server'
import { customersPlugin, customerTasks } from '#customers/server'
import {
  conversationsPlugin,
  inboxReactions,
  inboxTasks,
  labelsPlugin,
  messagesPlugin,
  networksPlugin,
  originalsPlugin,
  reorganisingPlugin,
  onMemberTyping,
  runSender,
  showCustomerTyping,
} from '#inbox/server'
import { runIntake } from '#intake/server'
import { systemClock, type Clock } from '#platform/clock'
import type { Config } from '#platform/config'
import { implement } from '#platform/contract/implement'
import { derive, type Keyring } from '#platform/crypto'
import { openDatabase, type Database } from '#platform/db/database'
import { openPresence } from '#platform/db/presence'
import { runReactions } from '#platform/events/reactions'
import { tailEvents } from '#platform/events/tail'
import { openFileStore, type FileStore } from '#platform/files/store'
import { keepFile, readFile } from '#platform/files/keep'
import { connectors } from '#channels/all'
import type { Connector } from '#channels/connector'
import type { AllowPrivate } from '#platform/http/private-hosts'
import { openGuardedFetch } from '#platform/http/guarded-fetch'
import { openGuardedStreams } from '#platform/http/guarded-stream'
import { createLimiter, type Limiter } from '#platform/http/limiter'
import { createServer } from '#platform/http/server'
import { openResolver, type Network } from '#platform/http/network'
import { openPlatformFetch } from '#platform/http/platform-fetch'
import { openPlatformStream } from '#platform/http/platform-stream'
import { runJobs } from '#platform/jobs'
import { openMailer, type SystemMail } from '#platform/mail'
import { createMetrics } from '#platform/metrics'
import { openReadLog } from '#platform/read-log'
import { realtimeRoutes } from '#platform/realtime/contract'
import { openStreams } from '#platform/realtime/streams'
import {
  labelsOfMessagesPlugin,
  learningPlugin,
  openAssessor,
  openTriage,
  priorityPlugin,
  proposalsPlugin,
  topicsPlugin,
  triageReactions,
  triageSettingsPlugin,
  triageTasks,
} from '#triage/server'
import { createVisitorOf, webchatPlugin, webchatReactions, webchatTasks } from '#webchat/server'
import {
  createAuthorize,
  createSetupLink,
  findServiceHours,
  followAuthority,
  isOpenAt,
  loginKeyOf,
  nextOpening,
  openAuth,
  workspacesPlugin,
  type Auth,
} from '#workspaces/server'
import { workspacesEvents } from '#workspaces/contract'
import { openProgramDatabase } from './database.ts'
import { portalPlugin } from '../../portal/routes.ts'
import { keepHouse } from './housekeeping.ts'
import { openLargeModel } from './large-model.ts'
import { startHearing } from './hearing.ts'
import { deliveryMetrics, measure } from './measures.ts'
import { servePages } from './pages.ts'
import { Problem } from '#platform/contract/problem'
import { samplePlugin } from './sample-routes.ts'
import { systemPlugin } from './system-routes.ts'
import { canSeeEvent } from './visibility.ts'

/** Whoever lives comes back to the database within a second. */
const OWN_MISSED_MS = 5_000

export interface Program extends AsyncDisposable {
  readonly url: string
  /** One-time link by which a fresh installation is claimed; null once it is. */
  readonly setupLink: string | null
  readonly app: FastifyInstance
  /** The owner's address, for commands that run inside the program's process. */
  readonly ownerUrl: string
  readonly db: Database
}

/** What stands when an extension is added: after the routes, before anything is served or sent. */
export interface ProgramParts {
  readonly app: FastifyInstance
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly keyring: Keyring
  readonly known: KnownConnections
  readonly files: FileStore
  readonly accept: AcceptDelivery
  /** As connectors reach their platforms. */
  readonly network: Network
  readonly auth: Auth
  /** Open event streams of members. */
  readonly streams: () => number
  /** What channels listen at, once they do. */
  readonly doors: () => readonly OpenDoor[]
  /** Called when the program ends, before its parts do. */
  readonly onEnd: (end: () => Promise<void>) => void
}

export interface ProgramOptions {
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
  /** What the demo adds. */
  readonly extend?: (parts: ProgramParts) => Promise<void>
  readonly beforeMigration?: (ownerUrl: string, pending: readonly string[]) => Promise<void>
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Starts everything and serves. Disposing ends it in good order: nothing new, then what is under way, then the database. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { config, log, version, clock = systemClock } = options
  const parts = new AsyncDisposableStack()
  let port = config.port
  // PORT=0 leaves the choice of the port to the machine: links carry the one that it chose.
  const publicUrl = (): string =>
    new URL(config.publicUrl).port === '0' ? `http://localhost:${port}` : config.publicUrl
  try {
    const database = parts.use(
      await openProgramDatabase({
        config,
        log,
        now: clock.now(),
        ...(options.beforeMigration && { beforeMigration: options.beforeMigration }),
      }),
    )
    const onError = (error: Error): void => log.warn({ err: error }, 'a database connection was lost')
    const db = parts.use(openDatabase({ url: database.loginUrl, onError }))
    const files = await openFileStore({ directory: join(config.dataDir, 'files'), clock })
    const understands = options.understands !== false
    parts.use(await keepHouse({ db, files, clock, log }, understands))
    const reads = parts.use(openReadLog(db, clock, log))
    const metrics = createMetrics()
    // What customers and platforms send us to stays outside, whatever connections may reach inside the house.
    const guarded = openGuardedFetch(options.allowPrivate ? { allow: options.allowPrivate } : {})
    parts.defer(() => guarded.close())
    const allow: AllowPrivate = (...place) =>
      config.allowPrivate(...place) || (options.allowPrivate?.(...place) ?? false)
    const connecting = openGuardedFetch({ allow })
    parts.defer(() => connecting.close())
    const streaming = openGuardedStreams({ allow })
    parts.defer(() => streaming.close())
    const channels = [...connectors, ...(options.moreChannels ?? [])]
    const known = parts.use(
      openKnownConnections(db, database.keyring, (channel) => channels.find(({ id }) => id === channel)),
    )
    const refusals = parts.use(
      openRefusals(db, { onError: (error) => log.warn({ err: error }, 'counting refused deliveries failed') }),
    )
    const accept = openAccepting(db)
    const assessor = parts.use(openAssessor({ log }))
    const largeModel = openLargeModel(config, parts)
    const tail = parts.use(await tailEvents(db, log))
    const network: Network = {
      fetch: openPlatformFetch(connecting),
      stream: openPlatformStream(streaming),
      resolve: openResolver({ allow }),
    }
    const auth = parts.use(
      openAuth({
        url: database.loginUrl,
        secret: derive(database.keyring, 'sign-in', 32).toString('base64url'),
        publicUrl: config.publicUrl,
        onError,
      }),
    )
    const offAuthority = followAuthority(tail)
    parts.defer(offAuthority)
    const authorize = createAuthorize({ db, clock, auth, visitorOf: createVisitorOf({ db, clock }) })
    const mailer = openMailer({
      ...(config.smtpUrl !== null && { smtpUrl: config.smtpUrl }),
      from: `Rapport <rapport@${new URL(config.publicUrl).hostname}>`,
    })
    const sendMail = async (mail: SystemMail): Promise<void> => {
      const outcome = await mailer.send(mail)
      if (!outcome.ok) throw new Error(`the mail was not sent: ${outcome.reason}`)
    }
    const streams = openStreams({
      db,
      tail,
      canSee: canSeeEvent,
      authorityEvents: new Set(Object.keys(workspacesEvents)),
    })

    const app = await createServer({
      log,
      authorize,
      limiter: options.limiter ?? createLimiter(clock),
      trustProxy: config.trustProxy as never,
      publicOrigin: () => new URL(publicUrl()).origin,
    })
    measure({ app, db, metrics, tail, streams })
    let doors: Doors | null = null
    const openDoorsNow = (): readonly OpenDoor[] => doors?.open ?? []
    await app.register(
      systemPlugin({ db, metrics, version, eventLagMs: tail.lagMs, doors: openDoorsNow, models: assessor.state }),
    )
    await app.register(webhookPlugin({ known, accept, refusals, clock, metrics: deliveryMetrics(metrics) }))
    await app.register(
      async (api) => {
        await workspacesPlugin({
          db,
          clock,
          auth,
          publicUrl,
          sendMail: mailer.configured ? sendMail : null,
        })(api)
        await connectionsPlugin({
          db,
          keyring: database.keyring,
          known,
          network,
          clock,
          reads,
          connectors: channels,
          origin: () => new URL(publicUrl()).origin,
          loginOf: loginKeyOf,
        })(api)
        await customersPlugin({ db, files })(api)
        const inbox = { db, known, files, reads }
        for (const plugin of [conversationsPlugin, messagesPlugin, originalsPlugin, reorganisingPlugin, labelsPlugin])
          await plugin(inbox)(api)
        const triage = { db, known, modelState: assessor.state, largeModel }
        for (const plugin of [
          labelsOfMessagesPlugin,
          learningPlugin,
          topicsPlugin,
          priorityPlugin,
          proposalsPlugin,
          triageSettingsPlugin,
        ])
          await plugin(triage)(api)
        await networksPlugin({ db, known, network, clock })(api)
        await samplePlugin({ db, clock, keyring: database.keyring, known, files })(api)
        await implement(realtimeRoutes)({
          openStream: (_, { actor, request, reply }) =>
            streams.open(request, reply, actor, () => authorize(request, realtimeRoutes.openStream)),
        })(api)
      },
      { prefix: '/api' },
    )
    await app.register(
      webchatPlugin({
        db,
        clock,
        log,
        accept,
        connectionByKey: (key) => known.byKey(key),
        connectionById: (workspaceId, id) => known.byId(workspaceId, id),
        hoursOf: async (workspaceId, id) => {
          const hours = await db.read({ workspaceId }, (tx) => findServiceHours(tx, id))
          const now = clock.now()
          return hours && { openNow: isOpenAt(hours, now), nextOpening: nextOpening(hours, now) }
        },
        subscribe: (listener) => tail.subscribe(listener),
        storeUpload: async (stream, name, mediaType, { maxBytes }) => {
          const kept = await keepFile(files, stream, { name, mediaType }, maxBytes)
          if (!kept.ok)
            throw kept.reason === 'empty'
              ? new Problem(422, 'files.empty', 'That file is empty.')
              : new Problem(413, 'files.too_large', 'That file is too large.')
          return kept.file
        },
        openFile: (sha256) => files.get(sha256),
        showTyping: ({ workspaceId, conversationId, typing }) => {
          showCustomerTyping(db, workspaceId, conversationId, typing).catch((error: unknown) =>
            log.warn({ err: error }, 'showing that a visitor types failed'),
          )
        },
        onTyping: (listener) => onMemberTyping(db, listener),
      }),
      { prefix: '/widget/v1' },
    )
    await app.register(portalPlugin({ db }))
    await options.extend?.({
      app,
      db,
      clock,
      log,
      keyring: database.keyring,
      known,
      files,
      accept,
      network,
      auth,
      streams: () => streams.count(),
      doors: openDoorsNow,
      onEnd: (end) => parts.defer(end),
    })
    await servePages(app, { webDirectory: join(root, 'web/dist'), widgetDirectory: join(root, 'widget/dist') })
    parts.defer(async () => {
      streams.close()
      await app.close()
    })

    if (config.roles.has('worker')) {
      parts.use(runReactions(db, clock, log, [...inboxReactions, ...webchatReactions, ...triageReactions({ known })]))
      const triage = openTriage({ db, log, known, assessor, largeModel: largeModel !== null })
      parts.use(runIntake({ db, clock, log, known, files, ...(understands && { triage }) }))
      const presence = openPresence({ url: database.loginUrl, onError })
      parts.defer(() => presence.close())
      parts.use(
        runSender({
          presence,
          // Nobody else works on a database of our own: who is not back by then was ended before we began.
          ...(config.databaseUrl === null && { missedMs: OWN_MISSED_MS }),
          db,
          clock,
          log,
          known,
          network,
          openFile: (sha256) => readFile(files, sha256),
        }),
      )
      parts.use(
        await runJobs({
          db,
          url: database.loginUrl,
          clock,
          log,
          tasks: {
            ...customerTasks({ db, files, guarded }),
            ...inboxTasks({ db, files, guarded, known, network, clock }),
            ...webchatTasks({ known }),
            ...triageTasks({ known, assessor, largeModel }),
          },
        }),
      )
    }
    if (config.roles.has('listener'))
      doors = await startHearing(parts, { config, db, clock, log, known, accept, network, metrics, channels })
    const setupToken = await createSetupLink(db, clock)
    await app.listen({ port: config.port, host: config.host })
    port = (app.server.address() as { port: number }).port
    const url = config.port === 0 ? `http://localhost:${port}` : config.publicUrl
    return {
      url,
      setupLink: setupToken === null ? null : `${url}/setup#${setupToken}`,
      app,
      ownerUrl: database.ownerUrl,
      db,
      [Symbol.asyncDispose]: () => parts.disposeAsync(),
    }
  } catch (error) {
    await parts.disposeAsync()
    throw error
  }
}
