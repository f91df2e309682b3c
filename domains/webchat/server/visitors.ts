// Who writes in the chat, and on which line. A person whom the host page's own server signs for is one visitor on all their devices.
import { randomUUIDv7 } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Actor } from '#platform/actor'
import type { KnownConnection } from '#connections/server'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { WebchatTables } from './tables.ts'

export type VisitorRow = Selectable<WebchatTables['visitors']>

export interface Contact {
  readonly name?: string
  readonly email?: string
}

/** Somebody whom nobody signed for. */
export async function makeVisitor(
  tx: Tx<WebchatTables>,
  actor: Actor,
  connection: KnownConnection,
  contact: Contact,
  locale: string | undefined,
): Promise<VisitorRow> {
  const id = randomUUIDv7()
  const personKey = `visitor:${id}`
  return tx
    .insertInto('visitors')
    .values({
      workspaceId: actor.workspaceId,
      id,
      connectionId: connection.id,
      personKey,
      name: contact.name ?? null,
      email: contact.email ?? null,
      locale: locale ?? null,
      threadKey: `${personKey}:1`,
      createdAt: actor.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

const personKeyOf = (userId: string): string => `user:${userId}`

/** Whether this chat has met the person whom the host page names so. */
export async function isKnownPerson(
  tx: Tx<WebchatTables>,
  actor: Actor,
  connection: KnownConnection,
  userId: string,
): Promise<boolean> {
  const known = await tx
    .selectFrom('visitors')
    .select('id')
    .where('workspaceId', '=', actor.workspaceId)
    .where('connectionId', '=', connection.id)
    .where('personKey', '=', personKeyOf(userId))
    .executeTakeFirst()
  return known !== undefined
}

/** The person whom the host page signed for; `former`: who they were here before they signed in, if that becomes theirs. */
export async function knowPerson(
  tx: Tx<WebchatTables>,
  actor: Actor,
  connection: KnownConnection,
  userId: string,
  contact: Contact,
  locale: string | undefined,
  former: VisitorRow | null,
): Promise<VisitorRow> {
  const personKey = personKeyOf(userId)
  const values = { name: contact.name ?? null, email: contact.email ?? null, locale: locale ?? null }
  if (former) {
    return tx
      .updateTable('visitors')
      .set((eb) => ({
        personKey,
        verifiedUserId: userId,
        name: eb.fn.coalesce(eb.val(values.name), 'name'),
        email: eb.fn.coalesce(eb.val(values.email), 'email'),
      }))
      .where('workspaceId', '=', actor.workspaceId)
      .where('id', '=', former.id)
      .returningAll()
      .executeTakeFirstOrThrow()
  }
  return tx
    .insertInto('visitors')
    .values({
      workspaceId: actor.workspaceId,
      id: randomUUIDv7(),
      connectionId: connection.id,
      personKey,
      verifiedUserId: userId,
      ...values,
      threadKey: `${personKey}:1`,
      createdAt: actor.at,
    })
    .onConflict((conflict) =>
      conflict.columns(['workspaceId', 'connectionId', 'personKey']).doUpdateSet((eb) => ({
        name: eb.fn.coalesce('excluded.name', 'visitors.name'),
        email: eb.fn.coalesce('excluded.email', 'visitors.email'),
        locale: eb.fn.coalesce('excluded.locale', 'visitors.locale'),
      })),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Writes down who the visitor says they are; what is not given stays. */
export async function saveContact(
  tx: Tx<WebchatTables>,
  actor: Actor,
  visitor: VisitorRow,
  given: Contact,
): Promise<VisitorRow> {
  const contact = cleanContact(given)
  return tx
    .updateTable('visitors')
    .set({ name: contact.name ?? visitor.name, email: contact.email ?? visitor.email })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', visitor.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Moves the visitor on to their next line. The caller has seen that the present one is resolved. */
export async function startLine(tx: Tx<WebchatTables>, actor: Actor, visitor: VisitorRow): Promise<VisitorRow> {
  const ordinal = visitor.ordinal + 1
  const moved = await tx
    .updateTable('visitors')
    .set({ ordinal, threadKey: `${visitor.personKey}:${ordinal}` })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', visitor.id)
    .where('ordinal', '=', visitor.ordinal)
    .returningAll()
    .executeTakeFirst()
  if (!moved) throw new Problem(409, 'webchat.still_open', 'Another window of yours has begun it already.')
  return moved
}

/** Names and addresses on one line, as far as they were given. */
export function cleanContact({ name, email }: Contact): Contact {
  const tidy = (text: string | undefined): string =>
    withoutControls(text ?? '')
      .replace(/\s+/g, ' ')
      .trim()
  return { ...(tidy(name) && { name: tidy(name) }), ...(tidy(email) && { email: tidy(email) }) }
}

/** Without what no database takes (U+0000, half a surrogate pair) and no name or address needs. */
export const withoutControls = (text: string): string => text.toWellFormed().replace(/(?![\n\t])\p{Cc}/gu, '')
