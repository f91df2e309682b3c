// Customers as the desk knows them: found, entered by hand, changed, blocked.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import { emitter } from '#platform/events/emit'
import { customerEvents, type Attribute, type Customer } from '../contract.ts'
import { lockCustomer } from './customer-rows.ts'
import { searchTextOf, storable } from './search-text.ts'
import type { CustomerTables } from './tables.ts'
import { setTags } from './tags.ts'

const emit = emitter(customerEvents)
export const MOST_ATTRIBUTES = 50
const MOST_ATTRIBUTE_NAME = 64

type GivenAttributes = Readonly<Record<string, Attribute | null>>

export interface CustomerChange {
  readonly name?: string | null
  readonly kind?: Customer['kind']
  readonly locale?: string | null
  readonly timeZone?: string | null
  readonly attributes?: GivenAttributes
}

export interface NewCustomer extends CustomerChange {
  readonly name: string
  readonly tags?: readonly string[]
}

/**
 * Enters a customer who has not written yet. Throws 422 `customers.too_many_attributes`, `customers.bad_attribute`,
 * `customers.no_such_time_zone`, `customers.bad_tag`.
 */
export async function createCustomer(tx: Tx<CustomerTables>, actor: Actor, input: NewCustomer): Promise<string> {
  const id = randomUUIDv7()
  const name = requireName(input.name)
  const attributes = applyAttributes({}, input.attributes ?? {})
  await tx
    .insertInto('customers')
    .values({
      workspaceId: actor.workspaceId,
      id,
      name,
      kind: input.kind ?? 'customer',
      locale: input.locale ?? null,
      timeZone: requireTimeZone(input.timeZone ?? null),
      attributes: JSON.stringify(attributes),
      searchText: searchTextOf([name, ...Object.values(attributes)]),
      firstSeenAt: actor.at,
      lastSeenAt: actor.at,
    })
    .execute()
  if (input.tags) await setTags(tx, actor, id, input.tags)
  await emit(tx, actor, 'customers.entered', { subjectId: id, data: { customerId: id, changed: [] } })
  return id
}

/** An attribute left out stays, null takes it away. Throws 404 and the 422 of `createCustomer`. */
export async function changeCustomer(
  tx: Tx<CustomerTables>,
  actor: Actor,
  id: string,
  change: CustomerChange,
): Promise<void> {
  const row = await lockCustomer(tx, actor, id)
  const values: Record<string, unknown> = {}
  const changed: string[] = []
  const set = (field: string, before: unknown, value: unknown): void => {
    if (value === undefined || value === before) return
    values[field] = value
    changed.push(field)
  }
  set('name', row.name, typeof change.name === 'string' ? requireName(change.name) : change.name)
  set('kind', row.kind, change.kind)
  set('locale', row.locale, change.locale)
  set('timeZone', row.timeZone, change.timeZone === undefined ? undefined : requireTimeZone(change.timeZone))
  const before = row.attributes as Record<string, Attribute>
  const attributes = change.attributes === undefined ? before : applyAttributes(before, change.attributes)
  const names = new Set([...Object.keys(before), ...Object.keys(attributes)])
  if ([...names].some((name) => before[name] !== attributes[name])) set('attributes', null, JSON.stringify(attributes))
  if (changed.length === 0) return
  if (changed.includes('name') || changed.includes('attributes')) {
    const name = 'name' in values ? (values['name'] as string | null) : row.name
    values['searchText'] = searchTextOf([name, ...(await identityWords(tx, actor, id)), ...Object.values(attributes)])
  }
  await tx
    .updateTable('customers')
    .set(values)
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .execute()
  await emit(tx, actor, 'customers.changed', { subjectId: id, data: { customerId: id, changed } })
}

/** From now on nothing that they write reaches the desk. Blocking again replaces the reason. Throws 404. */
export async function blockCustomer(tx: Tx<CustomerTables>, actor: Actor, id: string, reason: string): Promise<void> {
  const row = await lockCustomer(tx, actor, id)
  const words = storable(reason, 500)
  if (row.blockedAt !== null && row.blockedReason === words) return
  await setBlock(tx, actor, id, { blockedAt: row.blockedAt ?? actor.at, blockedReason: words })
  await emit(tx, actor, 'customers.blocked', { subjectId: id, data: { customerId: id, changed: ['blocked'] } })
}

export async function unblockCustomer(tx: Tx<CustomerTables>, actor: Actor, id: string): Promise<void> {
  const row = await lockCustomer(tx, actor, id)
  if (row.blockedAt === null) return
  await setBlock(tx, actor, id, { blockedAt: null, blockedReason: null })
  await emit(tx, actor, 'customers.unblocked', { subjectId: id, data: { customerId: id, changed: ['blocked'] } })
}

async function setBlock(
  tx: Tx<CustomerTables>,
  actor: Actor,
  id: string,
  values: { readonly blockedAt: Date | null; readonly blockedReason: string | null },
): Promise<void> {
  await tx
    .updateTable('customers')
    .set(values)
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .execute()
}

async function identityWords(tx: Tx<CustomerTables>, actor: Actor, id: string): Promise<string[]> {
  const { rows } = await sql<{ word: string }>`
    select word from identities i cross join lateral (values (i.name), (i.handle), (i.external_id)) as w (word)
    where i.workspace_id = ${actor.workspaceId}::uuid and i.customer_id = ${id}::uuid and word is not null
    order by i.last_seen_at desc limit 150
  `.execute(tx)
  return rows.map(({ word }) => word)
}

function applyAttributes(
  before: Readonly<Record<string, Attribute>>,
  given: GivenAttributes,
): Record<string, Attribute> {
  const cleaned = Object.entries(given).map(([name, value]) => {
    const kept = storable(name, MOST_ATTRIBUTE_NAME + 1)
    if (kept === '' || kept.length > MOST_ATTRIBUTE_NAME)
      throw new Problem(
        422,
        'customers.bad_attribute',
        `An attribute's name has 1 to ${MOST_ATTRIBUTE_NAME} characters.`,
      )
    return [kept, typeof value === 'string' ? storable(value, 2000) : value] as const
  })
  const after = Object.entries({ ...before, ...Object.fromEntries(cleaned) }).filter(
    (entry): entry is [string, Attribute] => entry[1] !== null,
  )
  const added = after.length > Object.keys(before).length
  if (added && after.length > MOST_ATTRIBUTES)
    throw new Problem(422, 'customers.too_many_attributes', `A customer has at most ${MOST_ATTRIBUTES} attributes.`, {
      details: { most: MOST_ATTRIBUTES, count: after.length },
    })
  return Object.fromEntries(after)
}

function requireName(name: string): string {
  const kept = storable(name, 512)
  if (kept !== '') return kept
  throw new Problem(400, 'invalid', 'Some fields are not as they must be.', {
    fields: [{ path: 'name', message: 'has nothing in it that can be read' }],
  })
}

function requireTimeZone(timeZone: string | null): string | null {
  if (timeZone === null) return null
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone
  } catch {
    throw new Problem(
      422,
      'customers.no_such_time_zone',
      `“${timeZone}” is no time zone. Use a name like Europe/Vienna.`,
    )
  }
}
