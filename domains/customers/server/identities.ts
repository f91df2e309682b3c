// Who is speaking: finds or makes the identity, and the customer behind it, of everybody in a batch at once.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { emitter } from '#platform/events/emit'
import { customerEvents } from '../contract.ts'
import { wantPictures, type Pictured } from './pictures.ts'
import { adoptionsOf, noteMoves } from './moves.ts'
import { makeIdentities } from './new-identities.ts'
import { searchTextOf, storable } from './search-text.ts'
import {
  attributesOf,
  speakerKey,
  VOUCHED,
  wordsOf,
  type Found,
  type KnownSpeaker,
  type Speaker,
  type Tables,
} from './speakers.ts'

const emit = emitter(customerEvents)
/** Seeing somebody again within this time changes no row, so that a busy person costs no update a message. */
const SEEN_AGAIN_MS = 5 * 60_000
const MOST_NAME = 512
const MOST_URL = 2000
const MOST_ATTRIBUTES = 50
/** Former handles that are kept. */
const MOST_FORMER = 10

/**
 * Finds or makes identities and customers, in a fixed number of statements whatever the batch. Two batches that meet the same
 * new person at once end with one identity: the unique key decides, the loser reads the winner's.
 * Answers by `speakerKey`.
 */
export async function knowSpeakers(
  tx: Tx<Tables>,
  actor: Actor,
  speakers: readonly Speaker[],
): Promise<Map<string, KnownSpeaker>> {
  const wanted = gather(speakers)
  if (wanted.length === 0) return new Map()
  const found = await findIdentities(
    tx,
    wanted.map(([, speaker]) => speaker),
  )
  const missing = wanted.filter(([key]) => !found.has(key)).map(([, speaker]) => speaker)
  if (missing.length > 0) {
    await makeIdentities(tx, actor, missing, adoptionsOf(wanted, found))
    for (const [key, value] of await findIdentities(tx, missing)) found.set(key, value)
  }
  const made = new Set(missing.map(speakerKey))
  const before = wanted.filter(([key]) => !made.has(key)).map(([key, speaker]) => ({ speaker, known: found.get(key)! }))
  await refresh(tx, actor, before)
  await wantPictures(tx, actor, picturesIn(missing, before, found))
  await noteMoves(tx, actor, wanted, found)
  return new Map(
    [...found].map(([key, { identityId, customerId, customerName, blocked }]) => [
      key,
      { identityId, customerId, customerName, blocked },
    ]),
  )
}

/** Everybody once, with the last word on everything they said of themselves; sorted, so that two batches lock in one order. */
function gather(speakers: readonly Speaker[]): [string, Speaker][] {
  const byKey = new Map<string, Speaker>()
  for (const given of speakers) {
    const key = speakerKey(given)
    const speaker = cleaned(given)
    const before = byKey.get(key)
    byKey.set(
      key,
      before ? { ...before, ...speaker, attributes: { ...before.attributes, ...speaker.attributes } } : speaker,
    )
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1))
}

// What people call themselves comes from outside: too long or unprintable must not cost them their message.
function cleaned(speaker: Speaker): Speaker {
  const text = <K extends string>(name: K, value: string | undefined, most: number) => {
    const kept = value === undefined ? '' : storable(value, most)
    return (kept === '' ? {} : { [name]: kept }) as { readonly [P in K]?: string }
  }
  const { channel, externalId, scope, at, reach, isBot, verified, gone, movedTo } = speaker
  const attributes = Object.entries(speaker.attributes ?? {}).slice(0, MOST_ATTRIBUTES)
  return {
    channel,
    externalId,
    at,
    ...(scope !== undefined && { scope }),
    ...(reach !== undefined &&
      Number.isFinite(reach) && { reach: Math.min(Math.max(0, Math.round(reach)), 2 ** 31 - 1) }),
    ...(isBot !== undefined && { isBot }),
    ...(verified !== undefined && { verified }),
    ...(gone !== undefined && { gone }),
    ...(movedTo !== undefined && { movedTo }),
    ...text('handle', speaker.handle, MOST_NAME),
    ...text('name', speaker.name, MOST_NAME),
    ...text('email', speaker.email, MOST_NAME),
    ...text('phone', speaker.phone, MOST_NAME),
    ...text('avatarUrl', speaker.avatarUrl, MOST_URL),
    ...text('profileUrl', speaker.profileUrl, MOST_URL),
    ...text('locale', speaker.locale, 35),
    attributes: Object.fromEntries(
      attributes
        .map(([name, value]) => [storable(name, 64), storable(String(value), 2000)] as const)
        .filter(([name]) => name !== ''),
    ),
  }
}

async function findIdentities(tx: Tx<Tables>, speakers: readonly Speaker[]): Promise<Map<string, Found>> {
  const { rows } = await sql<Found & { channel: string; scope: string; externalId: string }>`
    select found.* from unnest(${speakers.map(({ channel }) => channel)}::text[], ${speakers.map(({ scope = '' }) => scope)}::text[],
      ${speakers.map(({ externalId }) => externalId)}::text[]) as wanted (channel, scope, external_id)
    -- One probe each: in its first minutes a workspace has no statistics, and a join would read all of it for every batch.
    cross join lateral (
      select i.channel, i.scope, i.external_id, i.id as identity_id, i.customer_id, i.name as identity_name, i.handle, i.avatar_url,
        i.profile_url, i.is_bot, i.reach, i.gone_at, i.moved_to_id, i.verified, i.last_seen_at, coalesce(c.name, i.name, i.handle) as customer_name, c.blocked_at is not null as blocked,
        array(select jsonb_object_keys(c.attributes)) as attribute_names
      from identities i
      join customers c on c.workspace_id = i.workspace_id and c.id = i.customer_id
      where i.workspace_id = current_workspace() and i.channel = wanted.channel and i.scope = wanted.scope
        and i.external_id = wanted.external_id
      limit 1
    ) found
  `.execute(tx)
  return new Map(rows.map((row) => [speakerKey(row), row]))
}

async function refresh(
  tx: Tx<Tables>,
  actor: Actor,
  seen: readonly { speaker: Speaker; known: Found }[],
): Promise<void> {
  const changed = seen.filter(
    (one) =>
      one.speaker.at.getTime() - one.known.lastSeenAt.getTime() > SEEN_AGAIN_MS || isOtherThere(one) || hasOther(one),
  )
  if (changed.length === 0) return
  await refreshIdentities(tx, actor, changed)
  await refreshCustomers(tx, actor, changed)
  // Whoever has them open sees it.
  const shown = new Set(changed.filter(isOtherThere).map(({ known }) => known.customerId))
  const events = [...shown].map((id) => ({ subjectId: id, data: { customerId: id, changed: ['identities'] } }))
  await emit(tx, actor, 'customers.changed', ...events)
}

/** Followers come and go all the time: news is a twentieth more or less. */
const REACH_SHARE = 0.05

/** What is shown of somebody is another now than what is known. */
function isOtherThere({ speaker, known }: { speaker: Speaker; known: Found }): boolean {
  const { name, handle, profileUrl, isBot, reach, gone } = speaker
  return (
    (name !== undefined && name !== known.identityName) ||
    (handle !== undefined && handle !== known.handle) ||
    (profileUrl !== undefined && profileUrl !== known.profileUrl) ||
    (isBot !== undefined && isBot !== known.isBot) ||
    (reach !== undefined && (known.reach === null || Math.abs(reach - known.reach) > known.reach * REACH_SHARE)) ||
    (gone === true) !== (known.goneAt !== null)
  )
}

/** What they gave or what vouches for them is new. */
const hasOther = ({ speaker, known }: { speaker: Speaker; known: Found }): boolean =>
  (speaker.avatarUrl !== undefined && speaker.avatarUrl !== known.avatarUrl) ||
  (speaker.verified === true && !known.verified) ||
  // Facts given late: a pre-chat form filled in afterwards.
  Object.keys(attributesOf(speaker)).some((name) => !known.attributeNames.includes(name))

/** Where the pictures of new people are, and of those who have another one now. */
function picturesIn(
  missing: readonly Speaker[],
  before: readonly { speaker: Speaker; known: Found }[],
  found: ReadonlyMap<string, Found>,
): Pictured[] {
  const fresh = missing.map((speaker) => ({ speaker, known: found.get(speakerKey(speaker))! }))
  const other = before.filter(({ speaker, known }) => speaker.avatarUrl !== known.avatarUrl)
  return [...fresh, ...other].flatMap(({ speaker, known }) =>
    speaker.avatarUrl === undefined ? [] : [{ identityId: known.identityId, url: speaker.avatarUrl }],
  )
}

// Rows are locked in the order of their ids first, so that batches which meet never wait for each other in a circle.
async function refreshIdentities(
  tx: Tx<Tables>,
  actor: Actor,
  changed: readonly { speaker: Speaker; known: Found }[],
): Promise<void> {
  const ids = changed.map(({ known }) => known.identityId)
  await sql`
    with locked as materialized (
      select id from identities
      where workspace_id = ${actor.workspaceId}::uuid and id = any (${ids}::uuid[]) order by id for update
    )
    update identities i set name = coalesce(n.name, i.name), handle = coalesce(n.handle, i.handle),
      avatar_url = coalesce(n.avatar_url, i.avatar_url), profile_url = coalesce(n.profile_url, i.profile_url),
      is_bot = coalesce(n.is_bot, i.is_bot), reach = coalesce(n.reach, i.reach),
      -- Who speaks again is there again; an old word is no sign of life.
      gone_at = case when n.gone then coalesce(i.gone_at, n.at) when n.at > i.gone_at then null else i.gone_at end,
      former_handles = case when n.handle <> i.handle
        then (array_remove(i.former_handles, i.handle) || i.handle)[greatest(1, cardinality(i.former_handles) - ${MOST_FORMER - 2}):]
        else i.former_handles end,
      last_seen_at = greatest(i.last_seen_at, n.at),
      verified = i.verified or n.verified, evidence = case when n.verified and not i.verified then ${VOUCHED} else i.evidence end
    from unnest(${ids}::uuid[], ${changed.map(({ speaker }) => speaker.name ?? null)}::text[],
      ${changed.map(({ speaker }) => speaker.handle ?? null)}::text[],
      ${changed.map(({ speaker }) => speaker.avatarUrl ?? null)}::text[],
      ${changed.map(({ speaker }) => speaker.verified ?? false)}::boolean[],
      ${changed.map(({ speaker }) => speaker.at)}::timestamptz[], ${changed.map(({ speaker }) => speaker.profileUrl ?? null)}::text[],
      ${changed.map(({ speaker }) => speaker.isBot ?? null)}::boolean[], ${changed.map(({ speaker }) => speaker.reach ?? null)}::integer[],
      ${changed.map(({ speaker }) => speaker.gone ?? false)}::boolean[])
      as n (id, name, handle, avatar_url, verified, at, profile_url, is_bot, reach, gone)
    join locked using (id)
    where i.workspace_id = ${actor.workspaceId}::uuid and i.id = n.id
  `.execute(tx)
}

// What the desk wrote about a customer stands; what the customer says fills the gaps.
async function refreshCustomers(
  tx: Tx<Tables>,
  actor: Actor,
  changed: readonly { speaker: Speaker; known: Found }[],
): Promise<void> {
  const ids = changed.map(({ known }) => known.customerId)
  await sql`
    with locked as materialized (
      select id from customers
      where workspace_id = ${actor.workspaceId}::uuid and id = any (${ids}::uuid[]) order by id for update
    )
    update customers c set name = coalesce(c.name, n.name),
      attributes = case when (select count(*) from jsonb_object_keys(n.attributes || c.attributes)) > ${MOST_ATTRIBUTES}
        then c.attributes else n.attributes || c.attributes end,
      search_text = case when position(n.search in c.search_text) > 0 or length(c.search_text) + length(n.search) > 2000
        then c.search_text else c.search_text || ' ' || n.search end,
      last_seen_at = greatest(c.last_seen_at, n.at)
    from (
      select distinct on (id) * from unnest(${ids}::uuid[], ${changed.map(({ speaker }) => speaker.name ?? null)}::text[],
        ${changed.map(({ speaker }) => JSON.stringify(attributesOf(speaker)))}::jsonb[],
        ${changed.map(({ speaker }) => searchTextOf(wordsOf(speaker)))}::text[],
        ${changed.map(({ speaker }) => speaker.at)}::timestamptz[]) as g (id, name, attributes, search, at)
      order by id, at desc
    ) n
    join locked using (id)
    where c.workspace_id = ${actor.workspaceId}::uuid and c.id = n.id
  `.execute(tx)
}
