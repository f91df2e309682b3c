// Words that the desk puts on customers, to find them together.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import { emitter } from '#platform/events/emit'
import { customerEvents } from '../contract.ts'
import { lockCustomer } from './customer-rows.ts'
import { storable } from './search-text.ts'
import type { CustomerTables } from './tables.ts'

const emit = emitter(customerEvents)
export const MOST_TAGS = 50
const MOST_TAG = 40

/** Throws 404, 422 `customers.bad_tag`, `customers.too_many_tags`. A tag that is there already changes nothing. */
export async function addTags(
  tx: Tx<CustomerTables>,
  actor: Actor,
  id: string,
  tags: readonly string[],
): Promise<void> {
  await lockCustomer(tx, actor, id)
  if ((await setTags(tx, actor, id, tags)) > 0) await told(tx, actor, id)
}

/** Throws 404. A tag that is not there changes nothing. */
export async function removeTags(
  tx: Tx<CustomerTables>,
  actor: Actor,
  id: string,
  tags: readonly string[],
): Promise<void> {
  await lockCustomer(tx, actor, id)
  const removed = await tx
    .deleteFrom('customerTags')
    .where('workspaceId', '=', actor.workspaceId)
    .where('customerId', '=', id)
    .where('tag', 'in', tags.map(foldTag))
    .returning('tag')
    .execute()
  if (removed.length > 0) await told(tx, actor, id)
}

/** Tags in use with how many customers have each, the most used first; at most 200. */
export async function listCustomerTags(
  tx: Tx<CustomerTables>,
  actor: Actor,
): Promise<{ readonly tag: string; readonly count: number }[]> {
  return tx
    .selectFrom('customerTags')
    .select(['tag', sql<number>`count(*)::integer`.as('count')])
    .where('workspaceId', '=', actor.workspaceId)
    .groupBy('tag')
    .orderBy('count', 'desc')
    .orderBy('tag')
    .limit(200)
    .execute()
}

/** Puts tags on a customer that the caller holds; answers how many are new. */
export async function setTags(
  tx: Tx<CustomerTables>,
  actor: Actor,
  id: string,
  tags: readonly string[],
): Promise<number> {
  const wanted = [...new Set(tags.map(foldTag))]
  if (wanted.some((tag) => tag === ''))
    throw new Problem(422, 'customers.bad_tag', 'A tag needs at least one letter that can be read.')
  if (wanted.length === 0) return 0
  const added = await tx
    .insertInto('customerTags')
    .values(wanted.map((tag) => ({ workspaceId: actor.workspaceId, customerId: id, tag, taggedAt: actor.at })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('tag')
    .execute()
  const { count } = await tx
    .selectFrom('customerTags')
    .select(sql<number>`count(*)::integer`.as('count'))
    .where('workspaceId', '=', actor.workspaceId)
    .where('customerId', '=', id)
    .executeTakeFirstOrThrow()
  if (added.length > 0 && count > MOST_TAGS)
    throw new Problem(422, 'customers.too_many_tags', `A customer has at most ${MOST_TAGS} tags.`, {
      details: { most: MOST_TAGS, count },
    })
  return added.length
}

/** Tags are the same whatever their case and spaces: “VIP  Gold” is “vip gold”. */
export function foldTag(tag: string): string {
  return storable(tag.normalize('NFC').replace(/\s+/g, ' '), MOST_TAG).toLowerCase().slice(0, MOST_TAG).trim()
}

async function told(tx: Tx<CustomerTables>, actor: Actor, customerId: string): Promise<void> {
  await emit(tx, actor, 'customers.tagged', { subjectId: customerId, data: { customerId, changed: ['tags'] } })
}
