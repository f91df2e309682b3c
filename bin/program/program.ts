// The whole program, put together by hand: its parts, its routes, its work.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { Doors, OpenDoor } from '#connections/server'
import type { Database } from '#platform/db/database'
import { createLimiter } from '#platform/http/limiter'
import { createServer } from '#platform/http/server'
import { createSetupLink } from '#workspaces/server'
import { startHearing } from './hearing.ts'
import { measure } from './measures.ts'
import { servePages } from './pages.ts'
import { openParts, type Parts, type PartsOptions } from './parts.ts'
import { registerRoutes } from './routes.ts'
import { startWork } from './work.ts'

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
export interface ProgramParts extends Pick<
  Parts,
  'db' | 'clock' | 'log' | 'keyring' | 'known' | 'files' | 'accept' | 'network' | 'auth'
> {
  readonly app: FastifyInstance
  /** Open event streams of members. */
  readonly streams: () => number
  /** What channels listen at, once they do. */
  readonly doors: () => readonly OpenDoor[]
  /** Called when the program ends, before its parts do. */
  readonly onEnd: (end: () => Promise<void>) => void
}

export interface ProgramOptions extends PartsOptions {
  /** What the demo adds. */
  readonly extend?: (parts: ProgramParts) => Promise<void>
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Starts everything and serves. Disposing ends it in good order: nothing new, then what is under way, then the database. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const stack = new AsyncDisposableStack()
  try {
    return await start(options, stack)
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

async function start(options: ProgramOptions, stack: AsyncDisposableStack): Promise<Program> {
  const { config } = options
  const parts = await openParts(options, stack)
  const { db, clock, streams, ownerUrl } = parts
  let port = config.port
  // PORT=0 leaves the choice of the port to the machine: links carry the one that it chose.
  const publicUrl = (): string =>
    new URL(config.publicUrl).port === '0' ? `http://localhost:${port}` : config.publicUrl
  let doors: Doors | null = null
  const openDoors = (): readonly OpenDoor[] => doors?.open ?? []

  const app = await createServer({
    log: parts.log,
    authorize: parts.authorize,
    limiter: options.limiter ?? createLimiter(clock),
    trustProxy: config.trustProxy as never,
    publicOrigin: () => new URL(publicUrl()).origin,
  })
  measure({ app, db, metrics: parts.metrics, tail: parts.tail, streams })
  await registerRoutes(app, { parts, publicUrl, doors: openDoors })
  await options.extend?.({
    ...parts,
    app,
    streams: () => streams.count(),
    doors: openDoors,
    onEnd: (end) => stack.defer(end),
  })
  await servePages(app, { webDirectory: join(root, 'web/dist'), widgetDirectory: join(root, 'widget/dist') })
  stack.defer(async () => {
    streams.close()
    await app.close()
  })

  if (config.roles.has('worker')) await startWork(parts, stack)
  if (config.roles.has('listener')) doors = await startHearing(parts, stack)
  const setupToken = await createSetupLink(db, clock)
  await app.listen({ port: config.port, host: config.host })
  port = (app.server.address() as { port: number }).port
  const url = config.port === 0 ? `http://localhost:${port}` : config.publicUrl
  return {
    url,
    setupLink: setupToken === null ? null : `${url}/setup#${setupToken}`,
    app,
    ownerUrl,
    db,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
