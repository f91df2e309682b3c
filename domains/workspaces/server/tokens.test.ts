import { afterAll, beforeAll, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { testCaller } from '#platform/testing/http'
import { meRoutes } from '../contract/me.ts'
import { peopleRoutes } from '../contract/people.ts'
import { teamRoutes } from '../contract/teams.ts'
import { tokenRoutes } from '../contract/tokens.ts'
import { workspaceRoutes } from '../contract/workspace.ts'
import { aMember, aWorkspace } from './factories.ts'
import { createToken } from './tokens.ts'
import type { NewToken } from './tokens.ts'
import { openDesk, signedIn, type Desk } from './testing.ts'

const database = useDatabase()
let desk: Desk
beforeAll(async () => {
  desk = await openDesk(database)
})
afterAll(() => desk[Symbol.asyncDispose]())

async function aToken(given: Partial<NewToken> = {}) {
  const workspace = await aWorkspace(desk.db)
  const actor = { ...workspace.owner, at: desk.clock.now() }
  const { token, value } = await desk.db.write(actor, (tx) =>
    createToken(tx, actor, { name: 'Script', scopes: ['read'], ...given }),
  )
  return { ...workspace, token, value, caller: testCaller(desk.app, { token: value }) }
}

test('a token opens what its scopes name, in its own workspace only', async () => {
  const { caller, workspaceId } = await aToken({ scopes: ['people.read'] })
  const foreign = await aWorkspace(desk.db)
  expect((await caller.call(peopleRoutes.listMembers, {})).status).toBe(200)
  expect((await caller.call(workspaceRoutes.getWorkspace, {})).body.id).toBe(workspaceId)
  expect((await caller.call(workspaceRoutes.listAudit, { query: {} })).status).toBe(403)
  const elsewhere = await caller.call(peopleRoutes.listMembers, {}, { 'x-rapport-workspace': foreign.slug })
  expect(elsewhere.status).toBe(404)
})

test('a token that reads changes nothing, and no token is a person', async () => {
  const { caller } = await aToken()
  expect((await caller.call(teamRoutes.createTeam, { body: { name: 'x' } })).status).toBe(403)
  expect((await caller.call(meRoutes.changeMe, { body: { name: 'x' } })).status).toBe(403)
  expect((await caller.call(meRoutes.getMe, {})).problem.code).toBe('workspaces.person_needed')
  const admin = await aToken({ scopes: ['admin'] })
  expect((await admin.caller.call(teamRoutes.createTeam, { body: { name: 'x' } })).status).toBe(200)
  expect((await admin.caller.call(meRoutes.leaveWorkspace, {})).problem.code).toBe('workspaces.person_needed')
})

test('a revoked token is refused at the very next request', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const admin = await signedIn(desk, workspaceId, 'admin')
  const made = (await admin.caller.call(tokenRoutes.createToken, { body: { name: 'Sync', scopes: ['read'] } })).body
  const caller = testCaller(desk.app, { token: made.value })
  expect((await caller.call(peopleRoutes.listMembers, {})).status).toBe(200)
  expect((await admin.caller.call(tokenRoutes.revokeToken, { params: { id: made.token.id } })).status).toBe(204)
  expect((await caller.call(peopleRoutes.listMembers, {})).status).toBe(401)
  expect((await admin.caller.call(tokenRoutes.listTokens, {})).body.items).toEqual([])
})

test('a token expires to the millisecond, and its value is shown once', async () => {
  const expiresAt = new Date(desk.clock.now().getTime() + 60_000).toISOString()
  const { caller, owner, value } = await aToken({ expiresAt })
  expect((await caller.call(peopleRoutes.listMembers, {})).status).toBe(200)
  desk.clock.advance(59_999)
  expect((await caller.call(peopleRoutes.listMembers, {})).status).toBe(200)
  desk.clock.advance(1)
  expect((await caller.call(peopleRoutes.listMembers, {})).status).toBe(401)
  const rows = await desk.db.read(owner, (tx) => tx.selectFrom('apiTokens').selectAll().execute())
  expect(JSON.stringify(rows)).not.toContain(value)
})

test('the last use of a token is written down once a minute', async () => {
  const { caller, owner } = await aToken()
  const lastUse = async () =>
    (await desk.db.read(owner, (tx) => tx.selectFrom('apiTokens').select('lastUsedAt').executeTakeFirstOrThrow()))
      .lastUsedAt
  const first = desk.clock.now()
  await caller.call(peopleRoutes.listMembers, {})
  desk.clock.advance(30_000)
  await caller.call(peopleRoutes.listMembers, {})
  expect(await lastUse()).toEqual(first)
  desk.clock.advance(30_000)
  await caller.call(peopleRoutes.listMembers, {})
  expect(await lastUse()).toEqual(desk.clock.now())
})

test('nobody makes a token that may more than themselves', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const admin = await signedIn(desk, workspaceId, 'admin')
  const ask = (scopes: NewToken['scopes']) =>
    admin.caller.call(tokenRoutes.createToken, { body: { name: 'x', scopes: [...scopes] } })
  expect((await ask(['workspace.delete'])).problem.code).toBe('workspaces.beyond_own')
  expect((await ask(['everything' as 'read'])).status).toBe(400)
  const narrow = await aToken({ scopes: ['tokens.manage', 'people.read'] })
  const climb = await narrow.caller.call(tokenRoutes.createToken, { body: { name: 'x', scopes: ['admin'] } })
  expect(climb.problem.code).toBe('workspaces.beyond_own')
})

test('a token cannot make itself a member with more, or touch an owner', async () => {
  const { caller, workspaceId, owner } = await aToken({ scopes: ['people.manage'] })
  const agent = await aMember(desk.db, workspaceId, 'agent')
  const answers = [
    await caller.call(peopleRoutes.changeMember, { params: { id: agent.id }, body: { role: 'admin' } }),
    await caller.call(peopleRoutes.removeMember, { params: { id: owner.id! } }),
    await caller.call(peopleRoutes.inviteMember, { body: { email: 'friend@hollow.example', role: 'agent' } }),
  ]
  expect(answers.map(({ problem }) => problem.code)).toEqual(answers.map(() => 'workspaces.beyond_own'))
})

test('a bad token is not helped by a good cookie beside it', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { caller } = await signedIn(desk, workspaceId, 'admin')
  for (const value of ['rpt_0000000000000000000000000000000000000000000', 'nonsense', 'rpt_']) {
    const answer = await caller.call(peopleRoutes.listMembers, {}, { authorization: `Bearer ${value}` })
    expect(answer.status).toBe(401)
  }
})
