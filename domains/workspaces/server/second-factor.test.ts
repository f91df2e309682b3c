import { afterAll, beforeAll, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { testCaller, type TestCaller } from '#platform/testing/http'
import { meRoutes } from '../contract/me.ts'
import { signInRoutes } from '../contract/sign-in.ts'
import { aWorkspace } from './factories.ts'
import { codeOf, nextAddress, openDesk, PASSWORD, signedIn, type Desk } from './testing.ts'

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
  expect((await confirm(codeOf(uri, new Date()))).status).toBe(204)
  expect((await caller.call(meRoutes.getMe, {})).body.person.secondFactor).toBe(true)

  const half = stranger()
  expect((await tryIn(half, email)).body.state).toBe('second-factor')
  expect([...half.cookies.keys()]).not.toContain('rapport_login')
  expect(await statusOfMe(half)).toBe(401)
  const verify = (who: TestCaller, code: string) => who.call(signInRoutes.verifySecondFactor, { body: { code } })
  expect((await verify(half, '000000')).problem.code).toBe('workspaces.wrong_code')
  expect((await verify(half, codeOf(uri, new Date()))).body.state).toBe('signed-in')
  expect(await statusOfMe(half)).toBe(200)

  const lost = stranger()
  await tryIn(lost, email)
  expect((await verify(lost, backupCodes[0]!)).status).toBe(200)
  const again = stranger()
  await tryIn(again, email)
  expect((await verify(again, backupCodes[0]!)).problem.code).toBe('workspaces.wrong_code')
  expect((await verify(stranger(), codeOf(uri, new Date()))).problem.code).toBe('workspaces.sign_in_again')

  const off = await caller.call(signInRoutes.disableSecondFactor, { body: { password: PASSWORD } })
  expect(off.status).toBe(204)
  expect((await tryIn(stranger(), email)).body.state).toBe('signed-in')
})

test('codes cannot be guessed: the challenge is spent after five, the account locked after ten', async () => {
  const { workspaceId } = await aWorkspace(desk.db)
  const { caller, email } = await signedIn(desk, workspaceId, 'agent')
  const { uri } = (await caller.call(signInRoutes.beginSecondFactor, { body: { password: PASSWORD } })).body
  await caller.call(signInRoutes.confirmSecondFactor, { body: { code: codeOf(uri, new Date()) } })
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
  const right = await late.call(signInRoutes.verifySecondFactor, { body: { code: codeOf(uri, new Date()) } })
  expect(right.problem.code).toBe('workspaces.try_later')
})

test('a wrong code is written down with address and device, at the door and when a factor is switched on', async () => {
  const { workspaceId, owner } = await aWorkspace(desk.db)
  const { caller, email, memberId } = await signedIn(desk, workspaceId, 'agent')
  const { uri } = (await caller.call(signInRoutes.beginSecondFactor, { body: { password: PASSWORD } })).body
  await caller.call(signInRoutes.confirmSecondFactor, { body: { code: '000000' } })
  await caller.call(signInRoutes.confirmSecondFactor, { body: { code: codeOf(uri, new Date()) } })
  const thief = stranger()
  await tryIn(thief, email)
  await thief.call(signInRoutes.verifySecondFactor, { body: { code: '000000' } })
  // Nobody's challenge: nothing to write down, and nothing breaks.
  await stranger().call(signInRoutes.verifySecondFactor, { body: { code: '000000' } })
  const rows = await desk.db.read(owner, (tx) =>
    tx
      .selectFrom('accessLog')
      .select(['action', 'address', 'actorId'])
      .where('action', '=', 'workspaces.wrong_code')
      .execute(),
  )
  expect(rows.map(({ actorId }) => actorId)).toEqual([memberId, memberId])
  expect(new Set(rows.map(({ address }) => address)).size).toBe(2)
})
