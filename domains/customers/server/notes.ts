// What colleagues note about a customer for each other.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import { memberOf, type Actor } from '#platform/actor'
import { decodeCursor, encodeCursor } from '#platform/contract/cursor'
import type { Page } from '#platform/contract/kernel'
import { notFound, Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import { emitter } from '#platform/events/emit'
import { customerEvents, type CustomerNote } from '../contract.ts'
import { lockCustomer, requireCustomer } from './customer-rows.ts'
import type { CustomerTables } from './tables.ts'

const emit = emitter(customerEvents)

/** Newest first. Throws 404. */
export async function listNotes(
  tx: Tx<CustomerTables>,
  actor: Actor,
  customerId: string,
  { after, limit = 50 }: { readonly after?: string; readonly limit?: number },
): Promise<Page<CustomerNote>> {
  await requireCustomer(tx, actor, customerId)
  const from = after === undefined ? null : decodeCursor(after, ['moment', 'id'])
  const rows = await tx
    .selectFrom('customerNotes')
    .select(['id', 'authorId', 'body', 'createdAt'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('customerId', '=', customerId)
    .where('removedAt', 'is', null)
    .$if(from !== null, (query) =>
      query.where(sql<boolean>`(created_at, id) < (${from![0]}::timestamptz, ${from![1]}::uuid)`),
    )
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items: items.map(noteOf), next: rows.length > limit && last ? encodeCursor(last.createdAt, last.id) : null }
}

/** Throws 404, 422 `customers.empty_note`. */
export async function writeNote(
  tx: Tx<CustomerTables>,
  actor: Actor,
  customerId: string,
  text: string,
): Promise<CustomerNote> {
  await lockCustomer(tx, actor, customerId)
  const body = text.toWellFormed().replaceAll('\u0000', '').trim()
  if (body === '') throw new Problem(422, 'customers.empty_note', 'There is nothing in the note.')
  const note = { id: randomUUIDv7(), authorId: memberOf(actor), body, createdAt: actor.at }
  await tx
    .insertInto('customerNotes')
    .values({ workspaceId: actor.workspaceId, customerId, ...note })
    .execute()
  await emit(tx, actor, 'customers.note_written', {
    subjectId: customerId,
    data: { customerId, noteId: note.id },
  })
  return noteOf(note)
}

/** Throws 404, also for a note of another customer or one that was taken away before. */
export async function removeNote(
  tx: Tx<CustomerTables>,
  actor: Actor,
  customerId: string,
  noteId: string,
): Promise<void> {
  const removed = await tx
    .updateTable('customerNotes')
    .set({ removedAt: actor.at })
    .where('workspaceId', '=', actor.workspaceId)
    .where('customerId', '=', customerId)
    .where('id', '=', noteId)
    .where('removedAt', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!removed) throw notFound('note')
  await emit(tx, actor, 'customers.note_removed', { subjectId: customerId, data: { customerId, noteId } })
}

function noteOf({ createdAt, ...note }: Omit<CustomerNote, 'createdAt'> & { readonly createdAt: Date }): CustomerNote {
  return { ...note, createdAt: createdAt.toISOString() }
}
