// An inbox with a channel, and what comes into it, for tests of any domain. Messages take the way of the API channel's payload.
import { randomUUIDv7 } from 'node:crypto'
import { connectorOf } from '#channels/all'
import type { Connector } from '#channels/connector'
import type { KnownConnection, KnownConnections } from '#connections/server'
import { knowSpeakers, speakerKey } from '#customers/server'
import { programActor, type Actor } from '#platform/actor'
import type { Database } from '#platform/db/database'
import { aConnection } from '../../connections/server/factories.ts'
import { aWorkspace } from '../../workspaces/server/factories.ts'
import { applyChanges } from './changes.ts'
import { storeInbound } from './inbound.ts'
import { sendMessage, type SendInput } from './sending.ts'

export const DAY = new Date('2026-11-02T09:00:00Z')
/** A moment of the day of the tests. */
export const minute = (minutes: number): Date => new Date(DAY.getTime() + minutes * 60_000)
export const at = <A extends Actor>(actor: A, moment: Date): A => ({ ...actor, at: moment })

export interface MadeInbox {
  readonly workspaceId: string
  readonly owner: Actor
  readonly connection: KnownConnection
  readonly known: KnownConnections
}

/** A workspace whose one connection speaks like the API channel; `connector` changes what it can do or how it sends. */
export async function anInbox(
  db: Database,
  given: {
    readonly connector?: Partial<Connector>
    readonly settings?: Readonly<Record<string, unknown>>
    readonly teamId?: string
    readonly workspace?: { readonly workspaceId: string; readonly owner: Actor }
  } = {},
): Promise<MadeInbox> {
  const { workspaceId, owner } = given.workspace ?? (await aWorkspace(db))
  const settings = given.settings ?? { callbackUrl: 'https://shop.example/in' }
  const { id } = await aConnection(db, workspaceId, 'api', { settings, teamId: given.teamId ?? null })
  const connection: KnownConnection = {
    workspaceId,
    id,
    channel: 'api',
    connector: { ...connectorOf('api')!, ...given.connector },
    name: 'Shop',
    state: 'active',
    settings,
    credentials: {},
    teamId: given.teamId ?? null,
    serviceHoursId: null,
    isSample: false,
  }
  const known: KnownConnections = {
    byKey: async () => null,
    byId: async (workspace, wanted) => (workspace === workspaceId && wanted === id ? connection : null),
    forget: () => {},
  }
  return { workspaceId, owner, connection, known }
}

let made = 0

/** A message of the API channel's payload. */
export function aMessage(given: Readonly<Record<string, unknown>> = {}): Record<string, unknown> & { id: string } {
  made += 1
  return {
    type: 'message',
    id: `m-${made}`,
    thread: { key: `t-${made}` },
    author: { id: `c-${made}`, name: 'Jo Customer' },
    text: 'Where is my bag?',
    at: DAY.toISOString(),
    ...given,
  }
}

/** Takes events of the payload in, as intake does with a delivery of them. */
export async function takeIn(
  db: Database,
  { workspaceId, connection }: Pick<MadeInbox, 'workspaceId' | 'connection'>,
  events: readonly object[],
  receivedAt = minute(60),
): Promise<void> {
  const delivery = { id: randomUUIDv7(), headers: {}, body: Buffer.from(JSON.stringify({ events })), receivedAt }
  const understood = await connection.connector.receive(delivery, { connectionId: connection.id, settings: {} })
  const actor = programActor(workspaceId, receivedAt)
  await db.write(actor, async (tx) => {
    const messages = understood.filter((event) => event.type === 'message')
    const speakerOf = (event: (typeof messages)[number]) => ({ ...event.author, channel: 'api', at: event.at })
    const speakers = await knowSpeakers(tx, actor, messages.map(speakerOf))
    const source = { connectionId: connection.id, channel: 'api', teamId: connection.teamId }
    await storeInbound(
      tx,
      actor,
      messages.map((message) => ({
        source,
        message,
        speaker: speakers.get(speakerKey(speakerOf(message)))!,
        receivedAt,
      })),
    )
    const changes = understood.filter((event) => event.type !== 'message' && event.type !== 'identity')
    await applyChanges(
      tx,
      actor,
      changes.map((event) => ({ connectionId: connection.id, event })),
    )
  })
}

/** A conversation with one message of a customer, or as many as there are `texts`, a minute apart. */
export async function aConversation(
  db: Database,
  inbox: MadeInbox,
  given: {
    readonly texts?: readonly string[]
    readonly from?: Date
    readonly teamId?: string | null
    readonly assigneeId?: string | null
  } = {},
): Promise<{ readonly id: string; readonly threadKey: string; readonly messageIds: readonly string[] }> {
  const { texts = ['Where is my bag?'], from = DAY } = given
  const first = aMessage()
  const key = (first['thread'] as { key: string }).key
  const messages = texts.map((text, i) => ({
    ...first,
    id: `${first.id}-${i}`,
    text,
    at: new Date(from.getTime() + i * 60_000).toISOString(),
  }))
  await takeIn(db, inbox, messages, new Date(from.getTime() + texts.length * 60_000))
  return db.write(inbox, async (tx) => {
    const { id } = await tx
      .selectFrom('conversations')
      .select('id')
      .where('connectionId', '=', inbox.connection.id)
      .where('threadKey', '=', key)
      .executeTakeFirstOrThrow()
    const { teamId, assigneeId } = given
    if (teamId !== undefined || assigneeId !== undefined)
      await tx
        .updateTable('conversations')
        .set({ ...(teamId !== undefined && { teamId }), ...(assigneeId !== undefined && { assigneeId }) })
        .where('id', '=', id)
        .execute()
    const rows = await tx
      .selectFrom('messages')
      .select('id')
      .where('conversationId', '=', id)
      .orderBy('occurredAt')
      .execute()
    return { id, threadKey: key, messageIds: rows.map((row) => row.id) }
  })
}

/** An answer, held. Answers its id. */
export function anAnswer(
  db: Database,
  inbox: MadeInbox,
  actor: Actor,
  conversationId: string,
  given: Partial<SendInput> = {},
): Promise<string> {
  return db.write(actor, (tx) =>
    sendMessage(tx, actor, inbox.connection, {
      conversationId,
      body: 'It is on its way.',
      clientId: randomUUIDv7(),
      ...given,
    }),
  )
}

/** The conversation's row as it is. */
export const conversationRow = (db: Database, { workspaceId }: { readonly workspaceId: string }, id: string) =>
  db.read({ workspaceId }, (tx) =>
    tx.selectFrom('conversations').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
  )

/** The message's row as it is. */
export const messageRow = (db: Database, { workspaceId }: { readonly workspaceId: string }, id: string) =>
  db.read({ workspaceId }, (tx) => tx.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirstOrThrow())
