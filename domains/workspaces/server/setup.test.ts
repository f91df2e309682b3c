import { afterAll, beforeAll, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { testCaller } from '#platform/testing/http'
import { meRoutes } from '../contract/me.ts'
import { serviceHoursRoutes } from '../contract/service-hours.ts'
import { signInRoutes } from '../contract/sign-in.ts'
import { createSetupLink } from './setup.ts'
import { openDesk, PASSWORD, type Desk } from './testing.ts'
import { slugOf } from './workspaces.ts'

const database = useDatabase()
let desk: Desk
beforeAll(async () => {
  desk = await openDesk(database)
})
afterAll(() => desk[Symbol.asyncDispose]())

const claimOf = (token: string, email: string) => ({
  body: {
    token,
    name: 'Odette',
    email,
    password: PASSWORD,
    workspaceName: 'Hollow Air',
    timeZone: 'Europe/Berlin',
    locale: 'en',
  },
})

test('an installation is claimed once, by the newest link, and its owner is signed in', async () => {
  const old = await createSetupLink(desk.db, desk.clock)
  const token = await createSetupLink(desk.db, desk.clock)
  const stranger = testCaller(desk.app)
  expect((await stranger.call(signInRoutes.getSetup, {})).body).toEqual({ claimed: false, mail: true })
  const refused = await stranger.call(signInRoutes.claimSetup, claimOf(old!, 'thief@hollow.example'))
  expect(refused.problem.code).toBe('workspaces.setup_link_invalid')
  expect((await stranger.call(signInRoutes.checkSetup, { body: { token: old! } })).body.valid).toBe(false)
  expect((await stranger.call(signInRoutes.checkSetup, { body: { token: token! } })).body.valid).toBe(true)

  const badZone = claimOf(token!, 'odette@hollow.example')
  badZone.body.timeZone = 'Mars/Olympus'
  expect((await stranger.call(signInRoutes.claimSetup, badZone)).problem.code).toBe('workspaces.unknown_time_zone')

  // Two at once: one wins.
  const [one, two] = [testCaller(desk.app), testCaller(desk.app)]
  const answers = await Promise.all([
    one.call(signInRoutes.claimSetup, claimOf(token!, 'Odette@Hollow.example')),
    two.call(signInRoutes.claimSetup, claimOf(token!, 'other@hollow.example')),
  ])
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
  const [winner, loser] = answers[0].status === 200 ? [one, answers[1]] : [two, answers[0]]
  expect(loser.problem.code).toBe('workspaces.already_claimed')

  const me = (await winner.call(meRoutes.getMe, {})).body
  expect(me.present).toMatchObject({ slug: 'hollow-air', role: 'owner', timeZone: 'Europe/Berlin' })
  expect(me.present?.permissions).toContain('workspace.delete')
  const hours = (await winner.call(serviceHoursRoutes.listServiceHours, {})).body.items
  expect(hours).toMatchObject([{ isDefault: true, timeZone: 'Europe/Berlin' }])

  expect(await createSetupLink(desk.db, desk.clock)).toBe(null)
  const again = await stranger.call(signInRoutes.claimSetup, claimOf(token!, 'late@hollow.example'))
  expect([again.status, again.problem.code]).toEqual([409, 'workspaces.already_claimed'])
})

test.for([
  ['Hollow Air GmbH', 'hollow-air-gmbh'],
  ['Ünïcödé & Søns', 'unicode-s-ns'],
  ['株式会社', 'workspace'],
  ['x', 'workspace'],
  ['-'.repeat(50), 'workspace'],
])('the name %s becomes %s in addresses', ([name, slug]) => {
  expect(slugOf(name!)).toBe(slug)
})
