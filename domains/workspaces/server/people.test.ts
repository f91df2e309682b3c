import { afterAll, beforeAll, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { testCaller, type TestCaller } from '#platform/testing/http'
import { meRoutes } from '../contract/me.ts'
import { peopleRoutes } from '../contract/people.ts'
import { signInRoutes } from '../contract/sign-in.ts'
import { teamRoutes } from '../contract/teams.ts'
import { workspaceRoutes } from '../contract/workspace.ts'
import { aMember, aTeam, aWorkspace } from './factories.ts'
import { leaveWorkspace, memberNames } from './members.ts'
import { openDesk, PASSWORD, signedIn, type Desk } from './testing.ts'

const database = useDatabase()
let desk: Desk
beforeAll(async () => {
  desk = await openDesk(database)
})
afterAll(() => desk[Symbol.asyncDispose]())

const statusOfMe = async (caller: TestCaller) => (await caller.call(workspaceRoutes.getWorkspace, {})).status
const eventsOf = (workspaceId: string) =>
  desk.db.read({ workspaceId }, (tx) =>
    tx.selectFrom('events').select(['type', 'actorId', 'data']).orderBy('seq').execute(),
  )

test('a suspended member is refused at the very next request, and let in again when restored', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const admin = await signedIn(desk, workspaceId, 'admin')
  const agent = await signedIn(desk, workspaceId, 'agent')
  expect(await statusOfMe(agent.caller)).toBe(200)
  const id = { params: { id: agent.memberId } }
  expect((await admin.caller.call(peopleRoutes.suspendMember, id)).body.state).toBe('suspended')
  // No other workspace needs the log-in: it ended.
  expect(await statusOfMe(agent.caller)).toBe(401)
  await agent.caller.call(signInRoutes.signIn, { body: { email: agent.email, password: PASSWORD } })
  expect((await agent.caller.call(workspaceRoutes.getWorkspace, {})).problem.code).toBe('workspaces.no_membership')
  await admin.caller.call(peopleRoutes.restoreMember, id)
  expect(await statusOfMe(agent.caller)).toBe(200)
  const types = (await eventsOf(workspaceId)).map(({ type }) => type)
  expect(types).toEqual(['workspaces.member_suspended', 'workspaces.member_restored'])
})

test('a member of two workspaces who is removed from one stays signed in for the other', async () => {
  const [one, two] = [await aWorkspace(desk.db), await aWorkspace(desk.db)]
  const admin = await signedIn(desk, one.workspaceId, 'admin')
  const agent = await signedIn(desk, one.workspaceId, 'agent')
  await aMember(desk.db, two.workspaceId, 'lead', { userId: agent.userId, email: agent.email })
  const team = await aTeam(desk.db, one.workspaceId)
  await desk.db.write({ workspaceId: one.workspaceId }, (tx) =>
    tx
      .insertInto('teamMembers')
      .values({ workspaceId: one.workspaceId, teamId: team.id, memberId: agent.memberId })
      .execute(),
  )
  expect((await admin.caller.call(peopleRoutes.removeMember, { params: { id: agent.memberId } })).status).toBe(204)
  const me = (await agent.caller.call(meRoutes.getMe, {})).body
  expect(me.memberships.map(({ workspaceId }) => workspaceId)).toEqual([two.workspaceId])
  const foreign = await agent.caller.call(workspaceRoutes.getWorkspace, {}, { 'x-rapport-workspace': one.slug })
  expect(foreign.status).toBe(404)
  const teams = (await admin.caller.call(teamRoutes.listTeams, {})).body.items
  expect(teams).toMatchObject([{ id: team.id, memberIds: [] }])
  // What they did stays under their name.
  const names = await desk.db.read(one.owner, (tx) => memberNames(tx, [agent.memberId, two.owner.id!]))
  expect([...names.values()]).toEqual(['agent'])
})

test('the workspace is chosen by slug or id, and one of others looks like none at all', async () => {
  const [one, two, foreign] = [await aWorkspace(desk.db), await aWorkspace(desk.db), await aWorkspace(desk.db)]
  const agent = await signedIn(desk, one.workspaceId, 'agent')
  await aMember(desk.db, two.workspaceId, 'viewer', { userId: agent.userId, at: new Date('2026-11-03T00:00:00Z') })
  await agent.caller.call(signInRoutes.signIn, { body: { email: agent.email, password: PASSWORD } })
  const idIn = async (workspace: string) => {
    const answer = await agent.caller.call(workspaceRoutes.getWorkspace, {}, { 'x-rapport-workspace': workspace })
    return answer.status === 200 ? answer.body.id : answer.problem
  }
  expect(await idIn('')).toBe(one.workspaceId)
  expect(await idIn(two.slug)).toBe(two.workspaceId)
  expect(await idIn(two.workspaceId)).toBe(two.workspaceId)
  expect(await idIn(foreign.slug)).toEqual(await idIn('nowhere-at-all'))
  expect(await idIn(foreign.slug)).toMatchObject({ status: 404 })
  // As a stream says it, which can send no header.
  const url = `/api/workspace?workspace=${two.slug}`
  const cookie = `rapport_login=${agent.caller.cookies.get('rapport_login')}`
  expect((await desk.app.inject({ url, headers: { cookie } })).json()).toMatchObject({ id: two.workspaceId })
})

test('a role without the permission is refused, and told which one it lacks', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const lead = await signedIn(desk, workspaceId, 'lead')
  const answer = await lead.caller.call(peopleRoutes.changeMember, {
    params: { id: lead.memberId },
    body: { role: 'owner' },
  })
  expect([answer.status, answer.problem.details]).toEqual([403, { permission: 'people.manage' }])
  expect((await testCaller(desk.app).call(peopleRoutes.listMembers, {})).problem.code).toBe('unauthenticated')
})

test('an administrator neither makes an owner nor touches one, in any way', async () => {
  const { workspaceId, owner } = await aWorkspace(desk.db)
  const admin = await signedIn(desk, workspaceId, 'admin')
  const agent = await aMember(desk.db, workspaceId, 'agent')
  const { caller } = admin
  const ofOwner = { params: { id: owner.id! } }
  const tries = [
    await caller.call(peopleRoutes.changeMember, { params: { id: admin.memberId }, body: { role: 'owner' } }),
    await caller.call(peopleRoutes.changeMember, { params: { id: agent.id }, body: { role: 'owner' } }),
    await caller.call(peopleRoutes.changeMember, { ...ofOwner, body: { role: 'viewer' } }),
    await caller.call(peopleRoutes.changeMember, { ...ofOwner, body: { name: 'Fool' } }),
    await caller.call(peopleRoutes.suspendMember, ofOwner),
    await caller.call(peopleRoutes.removeMember, ofOwner),
    await caller.call(peopleRoutes.signOutMember, ofOwner),
  ]
  expect(tries.map(({ problem }) => problem.code)).toEqual(tries.map(() => 'workspaces.beyond_own'))
  expect(await eventsOf(workspaceId)).toEqual([])
})

test('the last owner neither leaves nor gives the role up; one of two may', async () => {
  const { workspaceId, owner: silent } = await aWorkspace(desk.db)
  const owner = await signedIn(desk, workspaceId, 'owner')
  const { caller } = owner
  expect((await caller.call(peopleRoutes.removeMember, { params: { id: silent.id! } })).status).toBe(204)
  const demote = await caller.call(peopleRoutes.changeMember, {
    params: { id: owner.memberId },
    body: { role: 'admin' },
  })
  expect(demote.problem.code).toBe('workspaces.last_owner')
  expect((await caller.call(meRoutes.leaveWorkspace, {})).problem.code).toBe('workspaces.last_owner')
  expect((await caller.call(peopleRoutes.suspendMember, { params: { id: owner.memberId } })).problem.code).toBe(
    'workspaces.not_yourself',
  )
  await caller.call(peopleRoutes.restoreMember, { params: { id: silent.id! } })
  expect((await caller.call(meRoutes.leaveWorkspace, {})).status).toBe(204)
})

test('of two owners who leave at once, one stays', async () => {
  const { workspaceId, owner } = await aWorkspace(desk.db)
  const second = await aMember(desk.db, workspaceId, 'owner')
  const answers = await Promise.allSettled(
    [owner, second].map((actor) => desk.db.write(actor, (tx) => leaveWorkspace(tx, actor))),
  )
  expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
})

test('ids of another workspace are unknown here, whatever is asked of them', async () => {
  const [here, there] = [await aWorkspace(desk.db), await aWorkspace(desk.db)]
  const { caller } = await signedIn(desk, here.workspaceId, 'owner')
  const stranger = await aMember(desk.db, there.workspaceId, 'agent')
  const team = await aTeam(desk.db, there.workspaceId)
  const member = { params: { id: stranger.id } }
  const answers = [
    await caller.call(peopleRoutes.changeMember, { ...member, body: { role: 'viewer' } }),
    await caller.call(peopleRoutes.suspendMember, member),
    await caller.call(peopleRoutes.removeMember, member),
    await caller.call(peopleRoutes.signOutMember, member),
    await caller.call(teamRoutes.changeTeam, { params: { id: team.id }, body: { name: 'Ours' } }),
    await caller.call(teamRoutes.archiveTeam, { params: { id: team.id } }),
    await caller.call(teamRoutes.createTeam, { body: { name: 'Mixed', memberIds: [stranger.id] } }),
    await caller.call(peopleRoutes.inviteMember, { body: { email: 'a@b.example', role: 'agent', teamIds: [team.id] } }),
  ]
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404))
})

test('an administrator signs a member out everywhere', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const admin = await signedIn(desk, workspaceId, 'admin')
  const agent = await signedIn(desk, workspaceId, 'agent')
  expect((await admin.caller.call(peopleRoutes.signOutMember, { params: { id: agent.memberId } })).status).toBe(204)
  expect(await statusOfMe(agent.caller)).toBe(401)
  expect((await eventsOf(workspaceId)).at(-1)).toMatchObject({
    type: 'workspaces.logins_revoked',
    data: { memberId: agent.memberId },
  })
})

test('teams are made, renamed, filled and retired, and a member learns theirs at once', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const admin = await signedIn(desk, workspaceId, 'admin')
  const agent = await signedIn(desk, workspaceId, 'agent')
  const teamIds = async () => (await agent.caller.call(meRoutes.getMe, {})).body.present?.teamIds
  expect(await teamIds()).toEqual([])
  const { caller } = admin
  const team = (await caller.call(teamRoutes.createTeam, { body: { name: 'Baggage', memberIds: [agent.memberId] } }))
    .body
  expect(await teamIds()).toEqual([team.id])
  expect((await caller.call(teamRoutes.createTeam, { body: { name: 'BAGGAGE' } })).problem.code).toBe(
    'workspaces.team_exists',
  )
  const renamed = await caller.call(teamRoutes.changeTeam, { params: { id: team.id }, body: { name: 'Luggage' } })
  expect(renamed.body).toEqual({ id: team.id, name: 'Luggage', memberIds: [agent.memberId] })
  expect((await caller.call(teamRoutes.archiveTeam, { params: { id: team.id } })).status).toBe(204)
  expect(await teamIds()).toEqual([])
  expect((await caller.call(teamRoutes.listTeams, {})).body.items).toEqual([])
})

test('preferences are merged and are nobody else’s', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { caller } = await signedIn(desk, workspaceId, 'viewer')
  const change = (preferences: object) => caller.call(meRoutes.changeMe, { body: { preferences } })
  await change({ theme: 'dark', shortcuts: { resolve: 'e' } })
  await change({ locale: 'de' })
  const me = (await caller.call(meRoutes.getMe, {})).body
  expect(me.present?.preferences).toEqual({ theme: 'dark', shortcuts: { resolve: 'e' }, locale: 'de' })
  expect((await change({ theme: 'pink' })).status).toBe(400)
  const colleagues = (await caller.call(peopleRoutes.listColleagues, {})).body.items
  expect(JSON.stringify(colleagues)).not.toContain('@')
})

test('a smaller role counts at the very next request', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const admin = await signedIn(desk, workspaceId, 'admin')
  const lead = await signedIn(desk, workspaceId, 'lead')
  expect((await lead.caller.call(peopleRoutes.listMembers, {})).status).toBe(200)
  await admin.caller.call(peopleRoutes.changeMember, { params: { id: lead.memberId }, body: { role: 'agent' } })
  expect((await lead.caller.call(peopleRoutes.listMembers, {})).problem.code).toBe('forbidden')
})

test('what another node changed counts after five seconds at the latest', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const agent = await signedIn(desk, workspaceId, 'agent')
  expect(await statusOfMe(agent.caller)).toBe(200)
  await desk.db.write({ workspaceId }, (tx) =>
    tx.updateTable('members').set({ state: 'suspended' }).where('id', '=', agent.memberId).execute(),
  )
  desk.clock.advance(4999)
  expect(await statusOfMe(agent.caller)).toBe(200)
  desk.clock.advance(1)
  expect(await statusOfMe(agent.caller)).toBe(403)
})

test('a clock that jumps back keeps nobody in', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const agent = await signedIn(desk, workspaceId, 'agent')
  expect(await statusOfMe(agent.caller)).toBe(200)
  await desk.db.write({ workspaceId }, (tx) =>
    tx.updateTable('members').set({ state: 'suspended' }).where('id', '=', agent.memberId).execute(),
  )
  desk.clock.advance(-3_600_000)
  expect(await statusOfMe(agent.caller)).toBe(403)
})
