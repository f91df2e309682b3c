// People and accounts that were not known before, as rows.
import { randomUUIDv7 } from 'node:crypto'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { rowSource } from '#platform/db/row-source'
import type { Adoption } from './moves.ts'
import { searchTextOf } from './search-text.ts'
import { attributesOf, speakerKey, VOUCHED, wordsOf, type Speaker, type Tables } from './speakers.ts'

const identityRows = rowSource<Tables['identities']>()({
  workspaceId: 'uuid',
  id: 'uuid',
  customerId: 'uuid',
  channel: 'text',
  scope: 'text',
  externalId: 'text',
  handle: 'text',
  name: 'text',
  avatarUrl: 'text',
  profileUrl: 'text',
  evidence: 'text',
  verified: 'boolean',
  isBot: 'boolean',
  reach: 'integer',
  goneAt: 'timestamptz',
  firstSeenAt: 'timestamptz',
  lastSeenAt: 'timestamptz',
})
const customerRows = rowSource<Tables['customers']>()({
  workspaceId: 'uuid',
  id: 'uuid',
  name: 'text',
  searchText: 'text',
  locale: 'text',
  attributes: 'jsonb',
  firstSeenAt: 'timestamptz',
  lastSeenAt: 'timestamptz',
})

/** Makes them, and a customer behind each that goes on as nobody known; who is there already, by another batch, stays as they are. */
export async function makeIdentities(
  tx: Tx<Tables>,
  actor: Actor,
  speakers: readonly Speaker[],
  adoptions: ReadonlyMap<string, Adoption>,
): Promise<void> {
  const rows = speakers.map((speaker) => {
    const adoption = adoptions.get(speakerKey(speaker))
    return { speaker, id: randomUUIDv7(), adoption, customerId: adoption?.customerId ?? randomUUIDv7() }
  })
  const identities = identityRows(
    rows.map(({ speaker, id, customerId, adoption }) => ({
      workspaceId: actor.workspaceId,
      id,
      customerId,
      channel: speaker.channel,
      scope: speaker.scope ?? '',
      externalId: speaker.externalId,
      handle: speaker.handle ?? null,
      name: speaker.name ?? null,
      avatarUrl: speaker.avatarUrl ?? null,
      profileUrl: speaker.profileUrl ?? null,
      evidence: adoption?.evidence ?? (speaker.verified ? VOUCHED : 'first contact'),
      verified: speaker.verified ?? false,
      isBot: speaker.isBot ?? false,
      reach: speaker.reach ?? null,
      goneAt: speaker.gone ? speaker.at : null,
      firstSeenAt: speaker.at,
      lastSeenAt: speaker.at,
    })),
  )
  const won = await tx
    .insertInto('identities')
    .$call(identities)
    .onConflict((conflict) => conflict.columns(['workspaceId', 'channel', 'scope', 'externalId']).doNothing())
    .returning('id')
    .execute()
  const winners = new Set(won.map(({ id }) => id))
  const customers = rows.filter(({ id, adoption }) => winners.has(id) && !adoption)
  if (customers.length === 0) return
  const given = customerRows(
    customers.map(({ speaker, customerId }) => ({
      workspaceId: actor.workspaceId,
      id: customerId,
      name: speaker.name ?? null,
      searchText: searchTextOf(wordsOf(speaker)),
      locale: speaker.locale ?? null,
      attributes: JSON.stringify(attributesOf(speaker)),
      firstSeenAt: speaker.at,
      lastSeenAt: speaker.at,
    })),
  )
  await tx.insertInto('customers').$call(given).execute()
}
