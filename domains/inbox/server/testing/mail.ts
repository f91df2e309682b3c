// A mailbox for tests: the API channel's payload with what only mail has besides (a proven conversation, several addressees).
import { connectorOf } from '#channels/all'
import type { Connector, InboundEvent } from '#channels/connector'
import type { Database } from '#platform/db/database'
import { aMessage, anInbox, minute, takeIn, type MadeInbox } from '../factories.ts'

const api = connectorOf('api')!

/** `data.proven` names a conversation as a signed reply address would; `data.receipt`: a report that all went well. */
export const mailbox: Partial<Connector> = {
  capabilities: { ...api.capabilities, addressees: 'many', startsConversations: true },
  receive: async (delivery, context): Promise<readonly InboundEvent[]> =>
    (await api.receive(delivery, context)).map((event) => {
      if (event.type === 'receipt') return { ...event, anywhere: true }
      if (event.type !== 'message') return event
      const { proven, receipt } = event.data ?? {}
      return {
        ...event,
        ...(receipt === true && { automatic: 'receipt' as const }),
        ...(proven !== undefined && {
          placing: { follows: [], ...event.placing, conversationId: String(proven) },
        }),
      }
    }),
}

export const aMailbox = (db: Database, given: Parameters<typeof anInbox>[1] = {}): Promise<MadeInbox> =>
  anInbox(db, {
    connector: mailbox,
    settings: { callbackUrl: 'https://shop.example/in', address: 'desk@shop.example', aliases: ['help@shop.example'] },
    ...given,
  })

export interface MailGiven {
  readonly from?: string
  readonly follows?: readonly string[]
  readonly at?: number
  readonly [field: string]: unknown
}

/** A mail by name; it begins a thread named after itself unless something places it. */
export function aMail(id: string, { from = 'jo@customer.example', follows = [], at = 0, ...rest }: MailGiven = {}) {
  return aMessage({
    id,
    thread: { key: id },
    author: { id: from, handle: from, email: from, name: from.split('@')[0] },
    follows,
    text: `the words of ${id}`,
    at: minute(at).toISOString(),
    ...rest,
  })
}

/** One mail a batch, in the order given. */
export async function mailIn(db: Database, inbox: MadeInbox, ...mails: readonly object[]): Promise<void> {
  for (const mail of mails) await takeIn(db, inbox, [mail])
}

export interface Seen {
  readonly id: string
  readonly externalId: string
  readonly conversationId: string
  readonly placedBy: string
  readonly parent: string | null
}

/** What is stored, by the platform's name. */
export async function seenIn(
  db: Database,
  { workspaceId }: { readonly workspaceId: string },
): Promise<Map<string, Seen>> {
  const rows = await db.read({ workspaceId }, (tx) =>
    tx
      .selectFrom('messages as m')
      .leftJoin('messages as p', (join) =>
        join.onRef('p.workspaceId', '=', 'm.workspaceId').onRef('p.id', '=', 'm.parentId'),
      )
      .select(['m.id', 'm.externalId', 'm.conversationId', 'm.placedBy', 'p.externalId as parent'])
      .where('m.externalId', 'is not', null)
      .execute(),
  )
  return new Map(rows.map((row) => [row.externalId!, { ...row, externalId: row.externalId! }]))
}
