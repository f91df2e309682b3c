import type { Actor } from '#platform/actor'
import { notFound } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { CustomerTables } from './tables.ts'

/** The row, kept from changing until the transaction ends, or 404. */
export async function lockCustomer(tx: Tx<CustomerTables>, actor: Actor, id: string) {
  const row = await tx
    .selectFrom('customers')
    .selectAll()
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw notFound('customer')
  return row
}

/** Throws 404 where the workspace has no such customer. */
export async function requireCustomer(tx: Tx<CustomerTables>, actor: Actor, id: string): Promise<void> {
  const row = await tx
    .selectFrom('customers')
    .select('id')
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw notFound('customer')
}
