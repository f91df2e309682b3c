// What has to stand before anybody speaks: colleagues, teams, hours, labels, connections. Colleagues are rows without an
// account, so nobody can ever sign in as one.
import { connectorOf } from '#channels/all'
import { randomUUIDv7 } from 'node:crypto'
import { changeConnection, createConnection, type KnownConnection, type KnownConnections } from '#connections/server'
import { programActor, type Actor } from '#platform/actor'
import type { Keyring } from '#platform/crypto'
import type { Database, Tx } from '#platform/db/database'
import { hours, labels, members, places, teams, TIME_ZONE, type Place, type PlaceKey } from './cast.ts'

export interface Stage {
  readonly workspaceId: string
  /** By key of the cast; `me` is the member for whom it is loaded, or the lead where there is none. */
  readonly members: ReadonlyMap<string, string>
  readonly teams: ReadonlyMap<string, string>
  readonly labels: ReadonlyMap<string, string>
  readonly connections: ReadonlyMap<PlaceKey, KnownConnection>
}

/** While the month is lived through, answers need an address; the program's own stands in and is taken out at the end. */
const STAND_IN = 'https://answers.invalid/larkmoor'

/** Makes the furniture in the caller's transaction, as of `opened`. */
export async function furnish(
  tx: Tx,
  workspaceId: string,
  opened: Date,
  keyring: Keyring,
  me: string | null,
): Promise<{
  teams: Map<string, string>
  members: Map<string, string>
  labels: Map<string, string>
  connections: Map<PlaceKey, string>
}> {
  const actor = programActor(workspaceId, opened)
  const teamIds = await makeTeams(tx, actor, me)
  const hoursId = randomUUIDv7()
  const labelIds = new Map<string, string>(Object.keys(labels).map((key) => [key, randomUUIDv7()]))
  await tx
    .insertInto('serviceHours')
    .values({
      workspaceId,
      id: hoursId,
      name: hours.name,
      timeZone: TIME_ZONE,
      weekly: JSON.stringify(hours.weekly),
      isSample: true,
      updatedAt: opened,
    })
    .execute()
  await tx
    .insertInto('labels')
    .values(
      Object.entries(labels).map(([key, [name, tone]]) => ({
        workspaceId,
        id: labelIds.get(key)!,
        name: `${name}`,
        tone,
        createdAt: opened,
        isSample: true,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const connections = new Map<PlaceKey, string>()
  for (const [key, place] of Object.entries(places) as [PlaceKey, Place][]) {
    const isPushed = connectorOf(place.channel)?.capabilities.delivery === 'push'
    const settings = isPushed && place.answers ? { ...place.settings, callbackUrl: STAND_IN } : place.settings
    const teamId = place.team === null ? null : teamIds.teams.get(place.team)!
    const made = await createConnection(
      tx,
      actor,
      { channel: place.channel, name: place.name, settings, teamId, serviceHoursId: hoursId, isSample: true },
      { keyring },
    )
    connections.set(key, made.id)
  }
  return { ...teamIds, labels: await labelsThere(tx, workspaceId, labelIds), connections }
}

async function makeTeams(tx: Tx, { workspaceId, at }: Actor, me: string | null) {
  const memberIds = new Map<string, string>(members.map(({ key }) => [key, randomUUIDv7()]))
  await tx
    .insertInto('members')
    .values(
      members.map(({ key, name, role, suspended }) => ({
        workspaceId,
        id: memberIds.get(key)!,
        userId: `sample:${workspaceId}:${key}`,
        name,
        email: `${key}@larkmoor.example`,
        role,
        state: suspended ? 'suspended' : 'active',
        isSample: true,
        createdAt: at,
      })),
    )
    .execute()
  const wanted = Object.entries(teams).map(([key, name]) => ({ key, name, id: randomUUIDv7() }))
  await tx
    .insertInto('teams')
    .values(wanted.map(({ id, name }) => ({ workspaceId, id, name, isSample: true, createdAt: at })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const there = await tx
    .selectFrom('teams')
    .select(['id', 'name'])
    .where('workspaceId', '=', workspaceId)
    .where('archivedAt', 'is', null)
    .execute()
  // A workspace that has a team of that name already lends it; the colleagues join and leave it again with the sample.
  const byName = new Map(there.map(({ id, name }) => [name.toLowerCase(), id]))
  const teamIds = new Map(wanted.map(({ key, name }) => [key, byName.get(name.toLowerCase())!]))
  await tx
    .insertInto('teamMembers')
    .values(
      members.flatMap(({ key, teams: of }) =>
        of.map((team) => ({ workspaceId, teamId: teamIds.get(team)!, memberId: memberIds.get(key)! })),
      ),
    )
    .execute()
  memberIds.set('me', me ?? memberIds.get('amara')!)
  return { members: memberIds, teams: teamIds }
}

/** The labels by key: those made just now, or those of the same name that were there. */
async function labelsThere(
  tx: Tx,
  workspaceId: string,
  made: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const rows = await tx
    .selectFrom('labels')
    .select(['id', 'name'])
    .where('workspaceId', '=', workspaceId)
    .where('archivedAt', 'is', null)
    .execute()
  const byName = new Map(rows.map(({ id, name }) => [name.toLowerCase(), id]))
  return new Map(
    [...made].map(([key, id]) => [key, byName.get(labels[key as keyof typeof labels][0].toLowerCase()) ?? id]),
  )
}

export async function openConnections(
  known: KnownConnections,
  workspaceId: string,
  ids: ReadonlyMap<PlaceKey, string>,
): Promise<Map<PlaceKey, KnownConnection>> {
  const opened = new Map<PlaceKey, KnownConnection>()
  for (const [key, id] of ids) {
    const connection = await known.byId(workspaceId, id)
    if (!connection) throw new Error(`the connection of ${key} is gone`)
    opened.set(key, connection)
  }
  return opened
}

/** Where answers of the sample go from now on: nowhere (null), or to the receiver of the demo. */
export async function pointAnswers(
  db: Database,
  keyring: Keyring,
  actor: Actor,
  callbackUrl: string | null,
): Promise<void> {
  const answering = Object.values<Place>(places).filter(
    ({ channel, answers }) => channel === places.forum.channel && answers,
  )
  await db.write(actor, async (tx) => {
    const rows = await tx
      .selectFrom('connections')
      .select(['id', 'name'])
      .where('workspaceId', '=', actor.workspaceId)
      .where('isSample', '=', true)
      .where('state', '<>', 'removed')
      .execute()
    for (const { id, name } of rows) {
      if (answering.some((place) => place.name === name))
        await changeConnection(tx, actor, id, { settings: { callbackUrl } }, { keyring })
    }
  })
}
