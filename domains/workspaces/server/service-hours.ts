import { randomUUIDv7 } from 'node:crypto'
import type { Actor } from '#platform/actor'
import { notFound, Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import { faultOf, type Holiday, type Hours } from '../contract/hours.ts'
import type { ServiceHours } from '../contract/service-hours.ts'
import { emit } from './emit.ts'
import type { WorkspacesTables } from './tables.ts'
import { everyone } from './visibility.ts'
import { requireTimeZone } from './workspaces.ts'

type T = Tx<WorkspacesTables>
type Input = Omit<ServiceHours, 'id' | 'isDefault'> & { isDefault?: boolean }

export async function listServiceHours(tx: T): Promise<ServiceHours[]> {
  const rows = await tx.selectFrom('serviceHours').selectAll().orderBy('isDefault', 'desc').orderBy('name').execute()
  return rows.map(({ id, name, timeZone, weekly, holidays, isDefault }) => ({
    id,
    name,
    timeZone,
    weekly: weekly as unknown as ServiceHours['weekly'],
    holidays: holidays as unknown as Holiday[],
    isDefault,
  }))
}

/** The hours of an id, or the default ones for null; null when there are none. */
export async function findServiceHours(
  tx: T,
  id: string | null,
): Promise<(Hours & { id: string; name: string }) | null> {
  const all = await listServiceHours(tx)
  return all.find((hours) => (id === null ? hours.isDefault : hours.id === id)) ?? null
}

export async function createServiceHours(tx: T, actor: Actor, input: Input): Promise<ServiceHours> {
  refuseFaults(input)
  const id = randomUUIDv7()
  const { workspaceId, at } = actor
  const isDefault = input.isDefault === true
  if (isDefault) await dropDefault(tx)
  await tx
    .insertInto('serviceHours')
    .values({ workspaceId, id, ...columnsOf(input), isDefault, updatedAt: at })
    .execute()
  return said(tx, actor, id, ['created'])
}

export async function changeServiceHours(
  tx: T,
  actor: Actor,
  { id, ...input }: Partial<Input> & { readonly id: string },
): Promise<ServiceHours> {
  const present = (await listServiceHours(tx)).find((hours) => hours.id === id)
  if (!present) throw notFound('service hours')
  const next = { ...present, ...input }
  refuseFaults(next)
  if (present.isDefault && !next.isDefault) throw defaultNeeded()
  if (next.isDefault && !present.isDefault) await dropDefault(tx)
  await tx
    .updateTable('serviceHours')
    .set({ ...columnsOf(next), isDefault: next.isDefault, updatedAt: actor.at })
    .where('id', '=', id)
    .execute()
  return said(tx, actor, id, Object.keys(input))
}

export async function removeServiceHours(tx: T, actor: Actor, id: string): Promise<void> {
  const present = (await listServiceHours(tx)).find((hours) => hours.id === id)
  if (!present) throw notFound('service hours')
  if (present.isDefault) throw defaultNeeded()
  await tx.deleteFrom('serviceHours').where('id', '=', id).execute()
  await emitChange(tx, actor, id, ['removed'])
}

const defaultNeeded = (): Problem =>
  new Problem(
    422,
    'workspaces.default_hours',
    'A workspace needs default service hours. Make others the default first.',
  )

async function dropDefault(tx: T): Promise<void> {
  await tx.updateTable('serviceHours').set({ isDefault: false }).where('isDefault', '=', true).execute()
}

function columnsOf({ name, timeZone, weekly, holidays }: Input) {
  const inOrder = weekly.map((day) => day.toSorted((a, b) => a.from - b.from))
  return { name: name.trim(), timeZone, weekly: JSON.stringify(inOrder), holidays: JSON.stringify(holidays) }
}

function refuseFaults(input: Input): void {
  requireTimeZone(input.timeZone)
  const path = faultOf(input)
  if (path !== null)
    throw new Problem(422, 'workspaces.hours_overlap', 'An interval must end after it begins, and none may overlap.', {
      fields: [{ path, message: 'overlaps, ends before it begins, or is no date' }],
    })
}

async function said(tx: T, actor: Actor, id: string, changed: string[]): Promise<ServiceHours> {
  await emitChange(tx, actor, id, changed)
  const found = (await listServiceHours(tx)).find((hours) => hours.id === id)
  return found!
}

async function emitChange(tx: T, actor: Actor, id: string, changed: string[]): Promise<void> {
  await emit(tx, actor, 'workspaces.hours_changed', {
    subjectId: id,
    data: { hoursId: id, changed },
    visibility: everyone,
  })
}
