import { afterAll, beforeAll, expect, test } from 'vitest'
import { logAccess } from '#platform/access-log'
import { useDatabase } from '#platform/testing/database'
import { accessRoutes } from '../contract/access.ts'
import { meRoutes } from '../contract/me.ts'
import { peopleRoutes } from '../contract/people.ts'
import { serviceHoursRoutes } from '../contract/service-hours.ts'
import { teamRoutes } from '../contract/teams.ts'
import { workspaceRoutes } from '../contract/workspace.ts'
import { aMember, aWorkspace } from './factories.ts'
import { openDesk, signedIn, type Desk } from './testing.ts'

const database = useDatabase()
let desk: Desk
beforeAll(async () => {
  desk = await openDesk(database)
})
afterAll(() => desk[Symbol.asyncDispose]())

test('settings change for everybody at once, and a zone that is none is refused', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { caller } = await signedIn(desk, workspaceId, 'admin')
  await caller.call(meRoutes.getMe, {})
  const change = (body: object) => caller.call(workspaceRoutes.changeWorkspace, { body })
  expect((await change({ name: 'Hollow Rail', colour: '#0a7f5a' })).body).toMatchObject({
    name: 'Hollow Rail',
    colour: '#0a7f5a',
  })
  expect((await change({ timeZone: 'Nowhere/Land' })).problem.code).toBe('workspaces.unknown_time_zone')
  const me = (await caller.call(meRoutes.getMe, {})).body
  expect([me.present?.name, me.memberships[0]?.name]).toEqual(['Hollow Rail', 'Hollow Rail'])
})

test('outbound stays paused until a person who may says otherwise, and that is said once', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  await desk.db.write({ workspaceId }, (tx) =>
    tx.updateTable('workspaces').set({ outboundPausedReason: 'restored' }).execute(),
  )
  const agent = await signedIn(desk, workspaceId, 'agent')
  const admin = await signedIn(desk, workspaceId, 'admin')
  expect((await agent.caller.call(meRoutes.getMe, {})).body.present?.outboundPausedReason).toBe('restored')
  expect((await agent.caller.call(workspaceRoutes.confirmOutbound, {})).status).toBe(403)
  for (let i = 0; i < 2; i++)
    expect((await admin.caller.call(workspaceRoutes.confirmOutbound, {})).body.outboundPausedReason).toBe(null)
  const audit = (await admin.caller.call(workspaceRoutes.listAudit, { query: {} })).body.items
  expect(audit.map(({ type, actorName }) => [type, actorName])).toEqual([['workspaces.outbound_confirmed', 'admin']])
})

test('the audit log goes back page by page, by type and by subject, and shows no other workspace', async () => {
  const [here, there] = [await aWorkspace(desk.db), await aWorkspace(desk.db)]
  const admin = await signedIn(desk, here.workspaceId, 'admin')
  const foreign = await signedIn(desk, there.workspaceId, 'admin')
  const agent = await aMember(desk.db, here.workspaceId, 'agent')
  const { caller } = admin
  for (const name of ['a', 'b', 'c']) await caller.call(teamRoutes.createTeam, { body: { name } })
  await caller.call(peopleRoutes.changeMember, { params: { id: agent.id }, body: { role: 'lead' } })
  await foreign.caller.call(teamRoutes.createTeam, { body: { name: 'foreign' } })

  const first = (await caller.call(workspaceRoutes.listAudit, { query: { limit: 3 } })).body
  const rest = (await caller.call(workspaceRoutes.listAudit, { query: { limit: 3, after: first.next! } })).body
  expect([...first.items, ...rest.items].map(({ type }) => type)).toEqual([
    'workspaces.member_changed',
    ...Array.from({ length: 3 }, () => 'workspaces.team_created'),
  ])
  expect(rest.next).toBe(null)
  const ofAgent = (await caller.call(workspaceRoutes.listAudit, { query: { subject: agent.id } })).body.items
  expect(ofAgent).toMatchObject([{ data: { memberId: agent.id, changed: ['role'] } }])
  const byType = async (type: string) =>
    (await caller.call(workspaceRoutes.listAudit, { query: { type } })).body.items.length
  expect([await byType('workspaces.'), await byType('workspaces.team_created'), await byType('inbox.')]).toEqual([
    4, 3, 0,
  ])
  expect((await caller.call(workspaceRoutes.listAudit, { query: { after: 'x' } })).status).toBe(400)
})

test('service hours are checked, one set is the default, and that one stays', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { caller } = await signedIn(desk, workspaceId, 'admin')
  const empty = [[], [], [], [], [], [], []] as { from: number; to: number }[][]
  const weekly = empty.with(0, [
    { from: 780, to: 1020 },
    { from: 540, to: 720 },
  ])
  const made = await caller.call(serviceHoursRoutes.createServiceHours, {
    body: { name: 'Phone', timeZone: 'Asia/Tokyo', weekly, holidays: [], isDefault: true },
  })
  expect(made.body.weekly[0]).toEqual([
    { from: 540, to: 720 },
    { from: 780, to: 1020 },
  ])
  const list = async () => (await caller.call(serviceHoursRoutes.listServiceHours, {})).body.items
  expect((await list()).map(({ name, isDefault }) => [name, isDefault])).toEqual([
    ['Phone', true],
    ['Always', false],
  ])
  const id = { params: { id: made.body.id } }
  expect((await caller.call(serviceHoursRoutes.removeServiceHours, id)).problem.code).toBe('workspaces.default_hours')
  const overlap = empty.with(2, [
    { from: 0, to: 100 },
    { from: 99, to: 200 },
  ])
  const refused = await caller.call(serviceHoursRoutes.changeServiceHours, { ...id, body: { weekly: overlap } })
  expect([refused.problem.code, refused.problem.fields?.[0]?.path]).toEqual(['workspaces.hours_overlap', 'weekly.2'])
  const other = (await list())[1]!
  await caller.call(serviceHoursRoutes.changeServiceHours, { params: { id: other.id }, body: { isDefault: true } })
  expect((await caller.call(serviceHoursRoutes.removeServiceHours, id)).status).toBe(204)
  expect((await list()).map(({ name }) => name)).toEqual(['Always'])
})

test('the access log shows sign-ins and reads apart, to whoever may read the audit log', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const elsewhere = await aWorkspace(desk.db)
  const admin = await signedIn(desk, workspaceId, 'admin')
  const agent = await signedIn(desk, workspaceId, 'agent')
  const subject = crypto.randomUUID()
  await desk.db.system((tx) =>
    logAccess(
      tx,
      [workspaceId, elsewhere.workspaceId].map((id) => ({
        workspaceId: id,
        at: desk.clock.now(),
        actorKind: 'member' as const,
        actorId: agent.memberId,
        action: 'inbox.conversation_read',
        subjectId: subject,
        address: '10.9.8.7',
      })),
    ),
  )
  const list = async (kind?: 'reads' | 'sign-ins', after?: string) =>
    (
      await admin.caller.call(accessRoutes.listAccess, {
        query: { limit: 2, ...(kind && { kind }), ...(after && { after }) },
      })
    ).body
  expect((await list('reads')).items).toMatchObject([
    { actorName: 'agent', action: 'inbox.conversation_read', subjectId: subject, address: '10.9.8.7' },
  ])
  expect((await list('sign-ins')).items.map(({ action }) => action)).toEqual(Array(2).fill('workspaces.signed_in'))
  const first = await list()
  expect(first.next).not.toBe(null)
  expect((await list(undefined, first.next!)).items).toHaveLength(1)
  expect((await agent.caller.call(accessRoutes.listAccess, { query: {} })).status).toBe(403)
  expect((await admin.caller.call(accessRoutes.listAccess, { query: { after: 'x' } })).status).toBe(400)
})
