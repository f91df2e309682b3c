import { afterAll, beforeAll, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { testCaller, type TestCaller } from '#platform/testing/http'
import { meRoutes } from '../contract/me.ts'
import { peopleRoutes } from '../contract/people.ts'
import { signInRoutes } from '../contract/sign-in.ts'
import { aTeam, aWorkspace } from './factories.ts'
import { invite, nextAddress, openDesk, PASSWORD, signedIn, type Desk } from './testing.ts'

const database = useDatabase()
let desk: Desk
beforeAll(async () => {
  desk = await openDesk(database)
})
afterAll(() => desk[Symbol.asyncDispose]())

const stranger = (): TestCaller => testCaller(desk.app, { address: nextAddress() })
const accept = (caller: TestCaller, token: string, more: { name?: string; password?: string } = {}) =>
  caller.call(signInRoutes.acceptInvitation, { body: { token, ...more } })
const account = { name: 'Nora New', password: PASSWORD }
const someEmail = () => `new-${crypto.randomUUID()}@hollow.example`

test('somebody new joins by the link, with role and teams, and is signed in', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const admin = await signedIn(desk, workspaceId, 'admin')
  const team = await aTeam(desk.db, workspaceId)
  const email = someEmail()
  const sent = await admin.caller.call(peopleRoutes.inviteMember, {
    body: { email: email.toUpperCase(), role: 'lead', teamIds: [team.id] },
  })
  expect(sent.body).toMatchObject({ mailed: false, link: expect.stringMatching(/^http:\/\/localhost:3000\/join#/) })
  const token = sent.body.link!.split('#')[1]!
  const guest = stranger()
  const offer = (await guest.call(signInRoutes.getInvitation, { body: { token } })).body
  expect(offer).toMatchObject({ workspaceName: 'Hollow Air', email, role: 'lead', hasAccount: false })
  expect((await accept(guest, token)).problem.code).toBe('workspaces.account_needed')
  expect((await accept(guest, token, account)).status).toBe(200)
  const { person, present } = (await guest.call(meRoutes.getMe, {})).body
  expect([person.email, present?.role, present?.teamIds]).toEqual([email, 'lead', [team.id]])

  // The link worked once.
  expect((await accept(stranger(), token, account)).status).toBe(404)
  expect((await stranger().call(signInRoutes.getInvitation, { body: { token } })).status).toBe(404)
  expect((await admin.caller.call(peopleRoutes.listInvitations, {})).body.items).toEqual([])
})

test('of two who use one link at once, one joins', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const admin = await signedIn(desk, workspaceId, 'admin')
  const { token } = await invite(admin.caller, someEmail())
  const answers = await Promise.all([accept(stranger(), token, account), accept(stranger(), token, account)])
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404])
})

test('an account that exists joins only when it is signed in itself', async () => {
  const [home, other] = [await aWorkspace(desk.db), await aWorkspace(desk.db)]
  const admin = await signedIn(desk, other.workspaceId, 'admin')
  const known = await signedIn(desk, home.workspaceId, 'agent')
  const thief = await signedIn(desk, home.workspaceId, 'agent')
  const { token } = await invite(admin.caller, known.email)
  // With a password of their own choice, or with another account's log-in.
  expect((await accept(stranger(), token, account)).problem.code).toBe('workspaces.sign_in_first')
  expect((await accept(thief.caller, token, account)).problem.code).toBe('workspaces.sign_in_first')
  expect((await accept(known.caller, token)).status).toBe(200)
  const { memberships } = (await known.caller.call(meRoutes.getMe, {})).body
  expect(memberships.map(({ slug }) => slug).toSorted()).toEqual([home.slug, other.slug].toSorted())
  const signIn = await stranger().call(signInRoutes.signIn, { body: { email: known.email, password: PASSWORD } })
  expect(signIn.status).toBe(200)
})

test('a link stops to work after seven days, when it is sent again, and when it is taken back', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const admin = await signedIn(desk, workspaceId, 'admin')
  const statusOf = async (token: string) =>
    (await stranger().call(signInRoutes.getInvitation, { body: { token } })).status
  const first = await invite(admin.caller, someEmail())
  const id = { params: { id: first.invitation.id } }
  const again = (await admin.caller.call(peopleRoutes.resendInvitation, id)).body.link!.split('#')[1]!
  expect([await statusOf(first.token), await statusOf(again)]).toEqual([404, 200])
  desk.clock.advance(7 * 86_400_000 - 1)
  expect(await statusOf(again)).toBe(200)
  desk.clock.advance(1)
  expect(await statusOf(again)).toBe(404)
  expect((await admin.caller.call(peopleRoutes.listInvitations, {})).body.items).toMatchObject([{ isExpired: true }])
  expect((await accept(stranger(), again, account)).status).toBe(404)

  const second = await invite(admin.caller, someEmail())
  await admin.caller.call(peopleRoutes.revokeInvitation, { params: { id: second.invitation.id } })
  expect(await statusOf(second.token)).toBe(404)
})

test('nobody is invited twice, nor who is a member, nor as owner', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const admin = await signedIn(desk, workspaceId, 'admin')
  const email = someEmail()
  await invite(admin.caller, email)
  const asAgent = (to: string) => admin.caller.call(peopleRoutes.inviteMember, { body: { email: to, role: 'agent' } })
  expect((await asAgent(email)).problem.code).toBe('workspaces.already_invited')
  expect((await asAgent(admin.email)).problem.code).toBe('workspaces.already_member')
  const owner = await admin.caller.call(peopleRoutes.inviteMember, {
    body: { email: someEmail(), role: 'owner' as 'agent' },
  })
  expect(owner.status).toBe(400)
})

test('who was removed may be invited again, keeps their id, and has the new role', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const admin = await signedIn(desk, workspaceId, 'admin')
  const agent = await signedIn(desk, workspaceId, 'agent')
  await admin.caller.call(peopleRoutes.removeMember, { params: { id: agent.memberId } })
  const { token } = await invite(admin.caller, agent.email, 'viewer')
  await agent.caller.call(signInRoutes.signIn, { body: { email: agent.email, password: PASSWORD } })
  expect((await accept(agent.caller, token)).body.memberId).toBe(agent.memberId)
  expect((await agent.caller.call(meRoutes.getMe, {})).body.present?.role).toBe('viewer')
})

test('with a mail server the link goes by mail and is not shown', async () => {
  const { workspaceId } = await aWorkspace(desk.db, { name: 'Air\nBcc: everyone@hollow.example' })
  const admin = await signedIn(desk, workspaceId, 'admin')
  desk.mail.works = true
  const email = someEmail()
  const { body } = await admin.caller.call(peopleRoutes.inviteMember, { body: { email, role: 'agent' } })
  desk.mail.works = false
  expect([body.mailed, body.link]).toEqual([true, null])
  const [letter] = desk.mail.sent
  expect(letter?.to).toBe(email)
  expect(letter?.subject).not.toContain('\n')
  const token = /#([\w-]{43})/.exec(letter?.text ?? '')![1]!
  expect((await accept(stranger(), token, account)).status).toBe(200)
})
