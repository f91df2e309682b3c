// Customers for tests, of any domain.
import { randomUUIDv7 } from 'node:crypto'
import type { Database } from '#platform/db/database'
import { searchTextOf } from './search-text.ts'

const DAY = new Date('2026-11-02T09:00:00Z')

/** A customer with one identity, as after a first message. */
export async function aCustomer(
  db: Database,
  workspaceId: string,
  given: {
    readonly name?: string | null
    readonly channel?: string
    readonly scope?: string
    readonly externalId?: string
    readonly handle?: string | null
    readonly attributes?: Readonly<Record<string, unknown>>
    readonly tags?: readonly string[]
    readonly blockedReason?: string | null
    readonly at?: Date
  } = {},
): Promise<{ readonly customerId: string; readonly identityId: string }> {
  const [customerId, identityId] = [randomUUIDv7(), randomUUIDv7()]
  const { name = 'Clara Customer', channel = 'webchat', at = DAY, handle = null, attributes = {}, tags = [] } = given
  const externalId = given.externalId ?? identityId
  const seen = { firstSeenAt: at, lastSeenAt: at }
  const blockedReason = given.blockedReason ?? null
  await db.write({ workspaceId }, async (tx) => {
    await tx
      .insertInto('customers')
      .values({
        workspaceId,
        id: customerId,
        name,
        searchText: searchTextOf([name, handle, externalId, ...Object.values(attributes)]),
        attributes: JSON.stringify(attributes),
        blockedAt: blockedReason === null ? null : at,
        blockedReason,
        ...seen,
      })
      .execute()
    await tx
      .insertInto('identities')
      .values({
        workspaceId,
        id: identityId,
        customerId,
        channel,
        scope: given.scope ?? '',
        externalId,
        handle,
        name,
        evidence: 'first contact',
        ...seen,
      })
      .execute()
    if (tags.length > 0)
      await tx
        .insertInto('customerTags')
        .values(tags.map((tag) => ({ workspaceId, customerId, tag, taggedAt: at })))
        .execute()
  })
  return { customerId, identityId }
}
