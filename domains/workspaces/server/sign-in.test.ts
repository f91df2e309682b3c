import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { testCaller, type TestCaller } from '#platform/testing/http'
import { meRoutes } from '../contract/me.ts'
import { signInRoutes } from '../contract/sign-in.ts'
import { sweepLogins } from './auth/persons.ts'
import { aWorkspace } from './factories.ts'
import { nextAddress, openDesk, PASSWORD, signedIn, type Desk } from './testing.ts'

const database = useDatabase()
let desk: Desk
beforeAll(async () => {
  desk = await openDesk(database)
})
afterAll(() => desk[Symbol.asyncDispose]())

const stranger = (): TestCaller => testCaller(desk.app, { address: nextAddress() })
const tryIn = (caller: TestCaller, email: string, password = PASSWORD) =>
  caller.call(signInRoutes.signIn, { body: { email, password } })
const statusOfMe = async (caller: TestCaller) => (await caller.call(meRoutes.getMe, {})).status

test('the log-in cookie is out of reach of scripts and of other sites', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { email } = await signedIn(desk, workspaceId, 'agent')
  const answer = await tryIn(stranger(), email.toUpperCase())
  expect(String(answer.headers['set-cookie'])).toMatch(/^rapport_login=.*HttpOnly; SameSite=Lax/)
  expect(answer.body).toEqual({ state: 'signed-in' })
})

test('behind https the cookie is Secure and goes by a name that plain http cannot set', async () => {
  await using secure = await openDesk(database, 'https://desk.hollow.example')
  const { workspaceId } = await aWorkspace(desk.db)
  const { caller } = await signedIn(secure, workspaceId, 'agent')
  expect([...caller.cookies.keys()]).toEqual(['__Secure-rapport_login'])
  expect(await statusOfMe(caller)).toBe(200)
  const { email } = await signedIn(secure, workspaceId, 'agent')
  const answer = await tryIn(testCaller(secure.app, { address: nextAddress() }), email)
  expect(String(answer.headers['set-cookie'])).toMatch(/; Secure(;|$)/)
  await caller.call(signInRoutes.signOut, {})
  expect(caller.cookies.size).toBe(0)
})

test('an unknown e-mail and a wrong password are answered alike', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { email } = await signedIn(desk, workspaceId, 'agent')
  const times: [number[], number[]] = [[], []]
  const answers = []
  for (let i = 0; i < 4; i++)
    for (const [kind, who] of [email, `nobody-${i}@hollow.example`].entries()) {
      const start = performance.now()
      const answer = await tryIn(stranger(), who, 'wrong password')
      times[kind]!.push(performance.now() - start)
      answers.push(answer)
    }
  const plain = answers.map(({ status, problem, headers }) => JSON.stringify([status, problem, Object.keys(headers)]))
  expect(new Set(plain).size).toBe(1)
  expect(answers[0]!.problem.code).toBe('workspaces.wrong_credentials')
  // Both hash once; without that, an unknown one would be answered in a tenth of the time.
  const [known, unknown] = times.map((list) => Math.min(...list)) as [number, number]
  expect(Math.max(known, unknown) / Math.min(known, unknown)).toBeLessThan(3)
})

test('guessing is slowed down by account, also for an account that does not exist', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { email } = await signedIn(desk, workspaceId, 'agent')
  for (const who of [email, 'nobody-at-all@hollow.example']) {
    const thief = stranger()
    const codes = []
    for (let i = 0; i < 7; i++) codes.push((await tryIn(thief, who, `guess ${i}`)).problem.code)
    expect(codes).toEqual([
      ...Array.from({ length: 5 }, () => 'workspaces.wrong_credentials'),
      'workspaces.try_later',
      'workspaces.try_later',
    ])
  }
  // The right password does not help the thief's address, but the owner signs in from theirs.
  const thief = stranger()
  for (let i = 0; i < 5; i++) await tryIn(thief, email, `guess ${i}`)
  expect((await tryIn(thief, email)).status).toBe(429)
  expect((await tryIn(stranger(), email)).status).toBe(200)
})

test('forty guesses at once from many addresses get no more looks than twenty', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { email } = await signedIn(desk, workspaceId, 'agent')
  const statuses = []
  for (let round = 0; round < 4; round++)
    statuses.push(
      ...(await Promise.all(
        Array.from({ length: 10 }, async (_, i) => (await tryIn(stranger(), email, `no ${i}`)).status),
      )),
    )
  expect(statuses.filter((status) => status === 401)).toHaveLength(20)
  expect(statuses.filter((status) => status === 429)).toHaveLength(20)
})

test('a stolen cookie is worth nothing once its log-in was revoked, at the very next request', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const victim = await signedIn(desk, workspaceId, 'agent')
  const thief = stranger()
  for (const [name, value] of victim.caller.cookies) thief.cookies.set(name, value)
  expect(await statusOfMe(thief)).toBe(200)
  const elsewhere = stranger()
  await tryIn(elsewhere, victim.email)
  await elsewhere.call(signInRoutes.revokeOtherLogins, {})
  expect(await statusOfMe(thief)).toBe(401)
  expect(await statusOfMe(elsewhere)).toBe(200)
})

test('a cookie planted beside the real one never comes to stand for its owner', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { caller } = await signedIn(desk, workspaceId, 'agent')
  const real = caller.cookies.get('rapport_login')!
  const ask = async (cookie: string) => {
    const answer = await stranger().call(meRoutes.getMe, {}, { cookie })
    return answer.status
  }
  for (const planted of ['rapport_login=planted', '__Secure-rapport_login=planted', 'x-rapport_login=planted']) {
    await ask(`${planted}; rapport_login=${real}`)
    await ask(`rapport_login=${real}; ${planted}`)
    expect(await ask(planted)).toBe(401)
  }
})

test('a cookie with another signature is nobody', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { caller } = await signedIn(desk, workspaceId, 'agent')
  const [token, signature] = decodeURIComponent(caller.cookies.get('rapport_login')!).split('.') as [string, string]
  const forged = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
  const cookie = `rapport_login=${encodeURIComponent(`${token}.${forged}`)}`
  expect((await stranger().call(meRoutes.getMe, {}, { cookie })).status).toBe(401)
  expect((await stranger().call(meRoutes.getMe, {}, { cookie: `rapport_login=${token}` })).status).toBe(401)
})

test('signing out ends the log-in itself, not only the cookie', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { caller } = await signedIn(desk, workspaceId, 'agent')
  const kept = new Map(caller.cookies)
  await caller.call(signInRoutes.signOut, {})
  expect(caller.cookies.size).toBe(0)
  for (const [name, value] of kept) caller.cookies.set(name, value)
  expect(await statusOfMe(caller)).toBe(401)
})

test('log-ins are listed with device and address, and one of another person cannot be revoked', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const one = await signedIn(desk, workspaceId, 'agent')
  const two = await signedIn(desk, workspaceId, 'agent')
  const [mine] = (await one.caller.call(signInRoutes.listLogins, {})).body.items
  expect(mine).toMatchObject({ device: 'test', isThis: true })
  expect(mine!.address).toMatch(/^10\./)
  const revoke = (caller: TestCaller) => caller.call(signInRoutes.revokeLogin, { params: { id: mine!.id } })
  expect((await revoke(two.caller)).status).toBe(404)
  expect(await statusOfMe(one.caller)).toBe(200)
  expect((await revoke(one.caller)).status).toBe(204)
  expect(await statusOfMe(one.caller)).toBe(401)
})

test('a new password needs the present one, and ends every other log-in', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { caller, email } = await signedIn(desk, workspaceId, 'agent')
  const other = stranger()
  await tryIn(other, email)
  const change = (present: string, next: string) =>
    caller.call(signInRoutes.changePassword, { body: { present, next } })
  expect((await change('not it at all', 'another long one')).problem.code).toBe('workspaces.wrong_password')
  expect((await change(PASSWORD, 'short')).problem.fields).toMatchObject([{ path: 'next' }])
  expect((await change(PASSWORD, 'another long one')).status).toBe(204)
  expect(await statusOfMe(caller)).toBe(200)
  expect(await statusOfMe(other)).toBe(401)
  expect((await tryIn(stranger(), email)).status).toBe(401)
  expect((await tryIn(stranger(), email, 'another long one')).status).toBe(200)
})

test('a log-in in use is prolonged by the start of the web app, one that ran out is over and swept away', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { caller, userId } = await signedIn(desk, workspaceId, 'agent')
  // The library reads the machine's own clock, so its rows are moved instead.
  const setDaysLeft = (days: number) =>
    desk.db.system((tx) =>
      sql`update auth.session set "expiresAt" = now() + ${days} * interval '1 day' where "userId" = ${userId}`.execute(
        tx,
      ),
    )
  const daysLeft = async () => {
    const { rows } = await desk.db.system((tx) =>
      sql<{ days: number }>`
        select extract(epoch from "expiresAt" - now())::int / 86400.0 as days from auth.session where "userId" = ${userId}
      `.execute(tx),
    )
    return rows.map(({ days }) => Math.round(Number(days)))
  }
  await setDaysLeft(12)
  const answer = await caller.call(meRoutes.getMe, {})
  expect(String(answer.headers['set-cookie'])).toContain('rapport_login=')
  expect(await daysLeft()).toEqual([14])
  await setDaysLeft(-1)
  desk.clock.advance(5000)
  expect(await statusOfMe(caller)).toBe(401)
  await setDaysLeft(-1)
  await desk.db.system((tx) => sweepLogins(tx, new Date()))
  expect(await daysLeft()).toEqual([])
})

test('signing in and failing to is written down with address and device', async () => {
  const { workspaceId, owner } = await aWorkspace(desk.db)
  const { email, memberId } = await signedIn(desk, workspaceId, 'agent')
  await tryIn(stranger(), email, 'wrong password')
  const rows = await desk.db.read(owner, (tx) =>
    tx
      .selectFrom('accessLog')
      .select(['action', 'address', 'device'])
      .where('actorId', '=', memberId)
      .orderBy('seq')
      .execute(),
  )
  expect(rows.map(({ action }) => action)).toEqual(['workspaces.signed_in', 'workspaces.sign_in_failed'])
  expect(rows.every(({ address, device }) => address?.startsWith('10.') && device === 'test')).toBe(true)
})

test('the router of the library is not reachable', async () => {
  for (const url of ['/api/auth/sign-up/email', '/api/auth/sign-in/email', '/api/auth/get-session', '/api/auth/ok'])
    for (const method of ['GET', 'POST'] as const)
      expect(
        (await desk.app.inject({ method, url, payload: method === 'POST' ? {} : undefined } as never)).statusCode,
      ).toBe(404)
})
