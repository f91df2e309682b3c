import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { testCaller, type TestCaller } from '#platform/testing/http'
import { meRoutes } from '../contract/me.ts'
import { signInRoutes } from '../contract/sign-in.ts'
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

test('with a second factor the password alone opens nothing, and a backup code works once', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { caller, email } = await signedIn(desk, workspaceId, 'agent')
  const begin = (password: string) => caller.call(signInRoutes.beginSecondFactor, { body: { password } })
  expect((await begin('not it at all')).problem.code).toBe('workspaces.wrong_password')
  const { uri, backupCodes } = (await begin(PASSWORD)).body
  // Not confirmed yet: the password still suffices.
  expect((await tryIn(stranger(), email)).body.state).toBe('signed-in')
  const confirm = (code: string) => caller.call(signInRoutes.confirmSecondFactor, { body: { code } })
  expect((await confirm('000000')).problem.code).toBe('workspaces.wrong_code')
  expect((await confirm(codeOf(uri))).status).toBe(204)
  expect((await caller.call(meRoutes.getMe, {})).body.person.secondFactor).toBe(true)

  const half = stranger()
  expect((await tryIn(half, email)).body.state).toBe('second-factor')
  expect([...half.cookies.keys()]).not.toContain('rapport_login')
  expect(await statusOfMe(half)).toBe(401)
  const verify = (who: TestCaller, code: string) => who.call(signInRoutes.verifySecondFactor, { body: { code } })
  expect((await verify(half, '000000')).problem.code).toBe('workspaces.wrong_code')
  expect((await verify(half, codeOf(uri))).body.state).toBe('signed-in')
  expect(await statusOfMe(half)).toBe(200)

  const lost = stranger()
  await tryIn(lost, email)
  expect((await verify(lost, backupCodes[0]!)).status).toBe(200)
  const again = stranger()
  await tryIn(again, email)
  expect((await verify(again, backupCodes[0]!)).problem.code).toBe('workspaces.wrong_code')
  expect((await verify(stranger(), codeOf(uri))).problem.code).toBe('workspaces.sign_in_again')

  const off = await caller.call(signInRoutes.disableSecondFactor, { body: { password: PASSWORD } })
  expect(off.status).toBe(204)
  expect((await tryIn(stranger(), email)).body.state).toBe('signed-in')
})

test('codes cannot be guessed: the challenge is spent after five, the account locked after ten', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { caller, email } = await signedIn(desk, workspaceId, 'agent')
  const { uri } = (await caller.call(signInRoutes.beginSecondFactor, { body: { password: PASSWORD } })).body
  await caller.call(signInRoutes.confirmSecondFactor, { body: { code: codeOf(uri) } })
  const guess = async () => {
    const thief = stranger()
    await tryIn(thief, email)
    const codes = []
    for (let i = 0; i < 6; i++) {
      const answer = await thief.call(signInRoutes.verifySecondFactor, { body: { code: `00000${i}` } })
      codes.push(answer.problem.code)
    }
    return codes
  }
  const wrong = Array.from({ length: 5 }, () => 'workspaces.wrong_code')
  expect(await guess()).toEqual([...wrong, 'workspaces.try_later'])
  expect(await guess()).toEqual([...wrong, 'workspaces.try_later'])
  // Locked now, even for the right code.
  const late = stranger()
  await tryIn(late, email)
  const right = await late.call(signInRoutes.verifySecondFactor, { body: { code: codeOf(uri) } })
  expect(right.problem.code).toBe('workspaces.try_later')
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

/** The code that an authenticator shows now (RFC 6238). */
function codeOf(uri: string): string {
  const secret = fromBase32(new URL(uri).searchParams.get('secret')!)
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const offset = digest.at(-1)! & 15
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  let bits = ''
  for (const letter of text.replace(/=+$/, ''))
    bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
