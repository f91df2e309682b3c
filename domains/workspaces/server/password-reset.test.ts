import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { testCaller, type TestCaller } from '#platform/testing/http'
import { meRoutes } from '../contract/me.ts'
import { passwordResetRoutes } from '../contract/password-reset.ts'
import { signInRoutes } from '../contract/sign-in.ts'
import { aMember, aWorkspace } from './factories.ts'
import { makeResetLinkByHand } from './password-reset.ts'
import { codeOf, nextAddress, openDesk, PASSWORD, signedIn, type Desk } from './testing.ts'

const database = useDatabase()
let desk: Desk
let mute: Desk
beforeAll(async () => {
  desk = await openDesk(database)
  mute = await openDesk(database, 'http://localhost:3000', false)
  desk.mail.works = true
})
afterAll(async () => {
  await desk[Symbol.asyncDispose]()
  await mute[Symbol.asyncDispose]()
})
beforeEach(() => void desk.mail.sent.splice(0))

const NEXT = 'an entirely new password'
const stranger = (at = desk): TestCaller => testCaller(at.app, { address: nextAddress() })
const tryIn = (caller: TestCaller, email: string, password = PASSWORD) =>
  caller.call(signInRoutes.signIn, { body: { email, password } })
const statusOfMe = async (caller: TestCaller) => (await caller.call(meRoutes.getMe, {})).status
const ask = (caller: TestCaller, email: string) =>
  caller.call(passwordResetRoutes.askPasswordReset, { body: { email } })
const lookUp = (caller: TestCaller, token: string) =>
  caller.call(passwordResetRoutes.checkPasswordReset, { body: { token } })
const reset = (caller: TestCaller, token: string, password = NEXT) =>
  caller.call(passwordResetRoutes.resetPassword, { body: { token, password } })
const tokenIn = (text: string): string => /reset-password#([\w-]{40,})/.exec(text)![1]!
const mailedToken = (): string => tokenIn(desk.mail.sent.at(-1)!.text)
const makeLink = (caller: TestCaller, id: string) => caller.call(passwordResetRoutes.makeResetLink, { params: { id } })

test('the link comes by mail, sets a new password and ends every log-in, and signs nobody in', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { caller, email } = await signedIn(desk, workspaceId, 'agent')
  expect((await ask(stranger(), ` ${email.toUpperCase()}`.trim())).status).toBe(204)
  expect(desk.mail.sent).toMatchObject([{ to: email }])
  const token = mailedToken()
  const guest = stranger()
  expect((await lookUp(guest, token)).body).toEqual({ email })
  expect((await reset(guest, token, 'short')).status).toBe(400)
  const done = await reset(guest, token)
  expect([done.status, done.body, done.headers['set-cookie']]).toEqual([200, { email }, undefined])
  expect(await statusOfMe(caller)).toBe(401)
  expect((await tryIn(stranger(), email)).problem.code).toBe('workspaces.wrong_credentials')
  expect((await tryIn(stranger(), email, NEXT)).body.state).toBe('signed-in')
})

test('an address with an account and one without are answered alike, in words and in time', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const times: [number[], number[]] = [[], []]
  const answers = []
  for (let i = 0; i < 4; i++) {
    const { email } = await signedIn(desk, workspaceId, 'agent')
    for (const [kind, who] of [email, `nobody-${i}@hollow.example`].entries()) {
      const start = performance.now()
      const { status, body, headers } = await ask(stranger(), who)
      times[kind]!.push(performance.now() - start)
      answers.push(JSON.stringify([status, body ?? null, Object.keys(headers).toSorted()]))
    }
  }
  expect(new Set(answers).size).toBe(1)
  expect(desk.mail.sent).toHaveLength(4)
  const [known, unknown] = times.map((list) => Math.min(...list)) as [number, number]
  expect(Math.max(known, unknown) / Math.min(known, unknown)).toBeLessThan(4)
})

test('that the mail could not be sent is not told either', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { email } = await signedIn(desk, workspaceId, 'agent')
  desk.mail.works = false
  expect((await ask(stranger(), email)).status).toBe(204)
  desk.mail.works = true
})

test('a link works once, also when it is used twice at once, and takes every other link with it', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { email } = await signedIn(desk, workspaceId, 'agent')
  await ask(stranger(), email)
  const first = mailedToken()
  await ask(stranger(), email)
  const second = mailedToken()
  const both = await Promise.all([reset(stranger(), second), reset(stranger(), second, 'another one entirely')])
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 404])
  expect((await reset(stranger(), second)).status).toBe(404)
  expect((await reset(stranger(), first)).status).toBe(404)
  expect((await lookUp(stranger(), first)).status).toBe(404)
})

test('a link is over after an hour, and once the password was changed otherwise', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { caller, email } = await signedIn(desk, workspaceId, 'agent')
  await ask(stranger(), email)
  const late = mailedToken()
  desk.clock.advance(3_600_000 - 1)
  expect((await lookUp(stranger(), late)).status).toBe(200)
  desk.clock.advance(1)
  expect((await lookUp(stranger(), late)).status).toBe(404)
  expect((await reset(stranger(), late)).status).toBe(404)
  await ask(stranger(), email)
  const stolen = mailedToken()
  await caller.call(signInRoutes.changePassword, { body: { present: PASSWORD, next: 'changed by myself' } })
  expect((await reset(stranger(), stolen)).status).toBe(404)
  expect((await tryIn(stranger(), email, 'changed by myself')).status).toBe(200)
})

test('a wrong token opens nothing, and another person’s opens only theirs', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const victim = await signedIn(desk, workspaceId, 'admin')
  const thief = await signedIn(desk, workspaceId, 'agent')
  await ask(stranger(), thief.email)
  const token = mailedToken()
  expect((await reset(stranger(), `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).status).toBe(404)
  expect((await reset(stranger(), 'x'.repeat(43))).status).toBe(404)
  expect((await reset(victim.caller, token)).body).toEqual({ email: thief.email })
  expect(await statusOfMe(victim.caller)).toBe(200)
  expect((await tryIn(stranger(), victim.email)).status).toBe(200)
  expect((await tryIn(stranger(), victim.email, NEXT)).status).toBe(401)
})

test('only a hash of a link is kept', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { email } = await signedIn(desk, workspaceId, 'agent')
  await ask(stranger(), email)
  const { rows } = await desk.db.system((tx) =>
    sql<{ all: string }>`select string_agg(v::text, ' ') as all from auth.verification v`.execute(tx),
  )
  expect(rows[0]!.all).toContain('rapport-reset:')
  expect(rows[0]!.all).not.toContain(mailedToken())
})

test('the second factor is asked for as before, and one that waits behind the old password is void', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { caller, email } = await signedIn(desk, workspaceId, 'agent')
  const { uri } = (await caller.call(signInRoutes.beginSecondFactor, { body: { password: PASSWORD } })).body
  await caller.call(signInRoutes.confirmSecondFactor, { body: { code: codeOf(uri, new Date()) } })
  const thief = stranger()
  await tryIn(thief, email)
  await ask(stranger(), email)
  await reset(stranger(), mailedToken())
  const verify = (who: TestCaller) =>
    who.call(signInRoutes.verifySecondFactor, { body: { code: codeOf(uri, new Date()) } })
  expect((await verify(thief)).problem.code).toBe('workspaces.sign_in_again')
  const back = stranger()
  expect((await tryIn(back, email, NEXT)).body.state).toBe('second-factor')
  expect(await statusOfMe(back)).toBe(401)
  expect((await verify(back)).status).toBe(200)
})

test('asking is slowed down by e-mail and by client, known or not', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { email } = await signedIn(desk, workspaceId, 'agent')
  for (const who of [email, 'nobody-asks@hollow.example']) {
    const statuses = []
    for (let i = 0; i < 5; i++) statuses.push((await ask(stranger(), who)).status)
    expect(statuses).toEqual([204, 204, 204, 429, 429])
  }
  expect(desk.mail.sent).toHaveLength(3)
  desk.clock.advance(61_000)
  const one = stranger()
  const statuses = []
  for (let i = 0; i < 12; i++) {
    if (i === 9) desk.clock.advance(60_000)
    statuses.push((await ask(one, `somebody-${i}@hollow.example`)).status)
  }
  expect(statuses.filter((status) => status === 204)).toHaveLength(10)
})

test('asking and resetting are written down: where from in the access log, that it was in the audit log', async () => {
  const { workspaceId, owner } = await aWorkspace(desk.db)
  const { email, memberId } = await signedIn(desk, workspaceId, 'agent')
  await ask(stranger(), email)
  await reset(stranger(), mailedToken())
  const [log, events] = await desk.db.read(owner, (tx) =>
    Promise.all([
      tx.selectFrom('accessLog').select(['action', 'address']).where('actorId', '=', memberId).orderBy('seq').execute(),
      tx.selectFrom('events').select('type').where('subjectId', '=', memberId).orderBy('seq').execute(),
    ]),
  )
  expect(log.map(({ action }) => action).slice(1)).toEqual(['workspaces.reset_asked', 'workspaces.password_reset'])
  expect(log.every(({ address }) => address?.startsWith('10.'))).toBe(true)
  expect(events.map(({ type }) => type)).toEqual(['workspaces.password_reset'])
})

test('without mail an administrator makes the link, and only for whom they may help', async () => {
  const { workspaceId, owner } = await aWorkspace(desk.db)
  const admin = await signedIn(mute, workspaceId, 'admin')
  const chief = await signedIn(mute, workspaceId, 'owner')
  const agent = await signedIn(mute, workspaceId, 'agent')
  expect((await ask(stranger(mute), agent.email)).problem.code).toBe('workspaces.no_mail')
  const { status, body } = await makeLink(admin.caller, agent.memberId)
  expect([status, body.mailed]).toEqual([200, false])
  expect((await reset(stranger(mute), tokenIn(body.link!))).body).toEqual({ email: agent.email })
  const types = await desk.db.read(owner, (tx) =>
    tx
      .selectFrom('events')
      .select(['type', 'actorId'])
      .where('subjectId', '=', agent.memberId)
      .orderBy('seq')
      .execute(),
  )
  expect(types).toEqual([
    { type: 'workspaces.reset_link_made', actorId: admin.memberId },
    { type: 'workspaces.password_reset', actorId: agent.memberId },
  ])
  const codeFor = async (id: string, who = admin) => (await makeLink(who.caller, id)).problem.code
  expect(await codeFor(chief.memberId)).toBe('workspaces.beyond_own')
  expect(await codeFor(admin.memberId)).toBe('workspaces.not_yourself')
  expect((await makeLink(chief.caller, admin.memberId)).status).toBe(200)
  expect((await makeLink(agent.caller, admin.memberId)).status).toBe(401)
  // A colleague of the sample, who is nobody's account.
  expect((await makeLink(admin.caller, (await aMember(desk.db, workspaceId, 'agent')).id!)).status).toBe(404)
})

test('whoever runs the machine makes a link by hand, and the audit log says so', async () => {
  const { workspaceId, owner } = await aWorkspace(desk.db)
  const { email, memberId } = await signedIn(desk, workspaceId, 'owner')
  expect(await makeResetLinkByHand(desk.db, desk.clock.now(), 'nobody-here@hollow.example')).toBe(null)
  const made = await makeResetLinkByHand(desk.db, desk.clock.now(), email.toUpperCase())
  expect((await reset(stranger(), made!.token)).body).toEqual({ email })
  const events = await desk.db.read(owner, (tx) =>
    tx.selectFrom('events').select(['type', 'actorKind']).where('subjectId', '=', memberId).orderBy('seq').execute(),
  )
  expect(events[0]).toEqual({ type: 'workspaces.reset_link_made', actorKind: 'program' })
})

test('an administrator here gets no link for somebody who works elsewhere too, nor for who was shut out', async () => {
  const [here, there] = [await aWorkspace(desk.db), await aWorkspace(desk.db)]
  const admin = await signedIn(mute, here.workspaceId, 'admin')
  const both = await signedIn(mute, here.workspaceId, 'agent')
  const other = await aMember(desk.db, there.workspaceId, 'owner', { userId: both.userId, email: both.email })
  const codeNow = async () => (await makeLink(admin.caller, both.memberId)).problem.code
  expect(await codeNow()).toBe('workspaces.member_elsewhere')
  const setState = (workspaceId: string, id: string, state: string) =>
    desk.db.system((tx) =>
      tx.updateTable('members').set({ state }).where('workspaceId', '=', workspaceId).where('id', '=', id).execute(),
    )
  await setState(there.workspaceId, other.id!, 'suspended')
  expect(await codeNow()).toBe('workspaces.member_elsewhere')
  await setState(there.workspaceId, other.id!, 'removed')
  await setState(here.workspaceId, both.memberId, 'suspended')
  expect(await codeNow()).toBe('workspaces.not_active')
})
