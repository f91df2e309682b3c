// Our side of the small network, for tests: an account, its settings and secrets, and polling until nothing more is to be had.
import { randomUUID } from 'node:crypto'
import type { InboundEvent, OutboundMedia, PlatformContext } from '../../connector.ts'
import { bluesky } from '../index.ts'
import { DEFAULT_CHAT } from '../settings.ts'
import type { BlueskyServer } from './server.ts'
import type { Person } from './world.ts'

export interface Desk {
  readonly person: Person
  readonly context: PlatformContext
  readonly settings: Record<string, unknown>
  readonly credentials: Record<string, string>
  cursor: unknown
  /** Everything that was learned. */
  readonly learned: Record<string, unknown>
  /** Polls until nothing more is to be had; answers what it understood, in order. */
  hear(): Promise<readonly InboundEvent[]>
  /** One step. */
  step(): Promise<{
    readonly events: readonly InboundEvent[]
    readonly more: boolean
    readonly bodies: readonly Buffer[]
  }>
}

/** @param base what reaches the server */
export function openDesk(
  server: BlueskyServer,
  base: PlatformContext,
  given: { readonly handle?: string; readonly chat?: boolean; readonly settings?: Record<string, unknown> } = {},
): Desk {
  const { world } = server
  const handle = given.handle ?? 'acme.test'
  const person = world.find(handle) ?? world.addPerson({ handle, displayName: 'Acme Support' })
  const password = `abcd-${randomUUID().slice(0, 4)}-efgh-${randomUUID().slice(0, 4)}`
  person.appPasswords.set(password, { chat: given.chat ?? true })
  const settings: Record<string, unknown> = {
    identifier: handle,
    service: server.url,
    plcDirectory: server.url,
    chatService: DEFAULT_CHAT,
    ...given.settings,
  }
  const credentials: Record<string, string> = { appPassword: password }
  const learned: Record<string, unknown> = {}
  const context: PlatformContext = {
    ...base,
    connectionId: randomUUID(),
    get settings() {
      return { ...learned, ...settings }
    },
    get credentials() {
      return { ...credentials }
    },
    now: () => world.now(),
    keep: async (fresh) => void Object.assign(credentials, fresh),
  }
  const desk: Desk = {
    person,
    context,
    settings,
    credentials,
    cursor: null,
    learned,
    async step() {
      const step = await bluesky.poll!(desk.cursor, context)
      desk.cursor = JSON.parse(JSON.stringify(step.cursor))
      Object.assign(learned, step.learned)
      const events: InboundEvent[] = []
      for (const delivery of step.deliveries) {
        const stored = { ...delivery, id: randomUUID(), receivedAt: world.now() }
        events.push(
          ...(await bluesky.receive(stored, { connectionId: context.connectionId, settings: context.settings })),
        )
      }
      return { events, more: step.more, bodies: step.deliveries.map(({ body }) => body) }
    },
    async hear() {
      const events: InboundEvent[] = []
      for (let steps = 0; ; steps++) {
        const step = await desk.step()
        events.push(...step.events)
        if (!step.more) return events
        if (steps > 1000) throw new Error('Polling comes to no end')
      }
    },
  }
  return desk
}

export function aFile(name: string, mediaType: string, bytes: Buffer, alt: string | null = null): OutboundMedia {
  return { name, mediaType, size: bytes.length, alt, read: async () => bytes }
}
