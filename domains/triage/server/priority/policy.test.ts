import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { conversationRoutes } from '#inbox/contract'
import { useDatabase } from '#platform/testing/database'
import { at, minute } from '../../../inbox/server/factories.ts'
import { personalDataKinds, policyRoutes, settingsRoutes } from '../../contract.ts'
import { refreshConversations } from '../storing/refresh.ts'
import { CALM, HURT, openDesk, type TriageDesk } from '../testing.ts'
import { openAssessor, type Assessor } from '../worker/assessor.ts'
import { defaultPolicy } from './default-policy.ts'
import { readPublicPolicy } from './policies.ts'
import { reorderAll, takeSteps } from './reorder.ts'

const database = useDatabase()
let assessor: Assessor
let desk: TriageDesk
beforeAll(() => {
  assessor = openAssessor({ log: pino({ level: 'silent' }) })
})
afterAll(() => assessor?.[Symbol.asyncDispose]())
beforeEach(async () => {
  desk = await openDesk(database.db, assessor)
})

describe('the policy', () => {
  const flat = { ...defaultPolicy, severity: { ...defaultPolicy.severity, on: false } }

  test('is previewed, published once a version, puts the list into its order, and is public from then on', async () => {
    const { db } = database
    const calm = await desk.assessed(CALM)
    const grave = await desk.assessed(HURT)
    const order = async () =>
      (await desk.caller.call(conversationRoutes.listConversations, { query: { sort: 'priority' } })).body.items.map(
        ({ id }) => id,
      )
    await db.write(desk.actor, (tx) =>
      tx
        .updateTable('conversations')
        .set({ waitingSince: minute(50) })
        .where('id', '=', grave.id)
        .execute(),
    )
    expect(await order()).toEqual([grave.id, calm.id])
    expect((await desk.caller.call(policyRoutes.getPolicy, {})).body).toMatchObject({
      current: { version: 0 },
      publicPath: null,
    })

    const policy = { ...flat, urgency: { ...flat.urgency, on: false }, sentiment: { ...flat.sentiment, on: false } }
    const preview = (await desk.caller.call(policyRoutes.previewPolicy, { body: { policy } })).body
    expect(preview).toMatchObject({ looked: 2, up: 1, down: 1 })
    expect(preview.moves.find(({ conversationId }) => conversationId === calm.id)).toMatchObject({
      before: 2,
      after: 1,
    })
    expect(await order()).toEqual([grave.id, calm.id])

    const published = await desk.caller.call(policyRoutes.publishPolicy, {
      body: { policy, note: 'all alike', version: 0 },
    })
    expect(published.body).toMatchObject({ version: 1, note: 'all alike' })
    const late = await desk.caller.call(policyRoutes.publishPolicy, { body: { policy, note: '', version: 0 } })
    expect(late.problem).toMatchObject({ code: 'triage.changed_meanwhile', status: 409 })
    await reorderAll(db, desk.actor, desk.inbox.known)
    expect((await desk.conversation(grave.id)).priorityReasons).toEqual([])
    const { publicPath } = (await desk.caller.call(policyRoutes.getPolicy, {})).body
    const slug = publicPath!.replace('/priority/', '')
    expect((await readPublicPolicy(db, slug))!.current).toMatchObject({ version: 1, policy })
    expect(await readPublicPolicy(db, 'nobody')).toBeNull()
    expect((await desk.caller.call(policyRoutes.listPolicies, {})).body.items).toHaveLength(1)
  })

  test('says every reason with its share, and how far a writer reaches only where the workspace shows it', async () => {
    const { id } = await desk.assessed(HURT)
    await database.db.write(desk.inbox, (tx) => tx.updateTable('identities').set({ reach: 12_400 }).execute())
    const shown = (await desk.caller.call(policyRoutes.getPriority, { params: { id } })).body
    expect(shown.reasons[0]).toMatchObject({ code: 'severity' })
    expect(shown.reasons.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
    expect(shown.minutes).toBe(shown.reasons.reduce((sum, { minutes }) => sum + minutes, 0))
    expect(Date.parse(shown.waitingFrom) - Date.parse(shown.priorityAt)).toBe(shown.minutes * 60_000)
    expect(shown.influence).toMatchObject({ reach: 12_400, counted: false })
    expect(shown.influence!.sentence).toContain('counts nothing')
    await desk.caller.call(settingsRoutes.changeTriageSettings, { body: { dailyTokens: 7 } })
    expect((await desk.caller.call(policyRoutes.getPriority, { params: { id } })).body.influence).not.toBeNull()
    await desk.caller.call(settingsRoutes.changeTriageSettings, { body: { showInfluence: false } })
    expect((await desk.caller.call(policyRoutes.getPriority, { params: { id } })).body.influence).toBeNull()
  })

  test('applies steps at their moment: a promise that ends moves the conversation, once', async () => {
    const { db } = database
    const { id } = await desk.assessed(CALM)
    await db.write(desk.inbox, async (tx) => {
      await tx
        .updateTable('conversations')
        .set({ dueAt: minute(240) })
        .where('id', '=', id)
        .execute()
      await refreshConversations(tx, desk.actor, desk.inbox.known, [id])
    })
    const before = await desk.conversation(id)
    expect(before.priorityReasons.map(({ code }) => code)).not.toContain('promise')
    const { nextStepAt } = (await desk.caller.call(policyRoutes.getPriority, { params: { id } })).body
    expect(nextStepAt).toBe(minute(180).toISOString())
    await takeSteps(db, at(desk.actor, minute(179)), desk.inbox.known)
    expect((await desk.conversation(id)).priorityAt).toBe(before.priorityAt)
    await takeSteps(db, at(desk.actor, minute(180)), desk.inbox.known)
    await takeSteps(db, at(desk.actor, minute(181)), desk.inbox.known)
    expect((await desk.conversation(id)).priorityReasons[0]).toMatchObject({ code: 'promise', minutes: 120 })
    await takeSteps(db, at(desk.actor, minute(240)), desk.inbox.known)
    const after = await desk.conversation(id)
    expect(after.priorityReasons[0]).toMatchObject({ code: 'promise', minutes: 480 })
    expect(Date.parse(before.priorityAt) - Date.parse(after.priorityAt)).toBe(480 * 60_000)
  })
})

test('a large model can not be switched on where the installation names none', async () => {
  const answer = await desk.caller.call(settingsRoutes.changeTriageSettings, { body: { largeModel: true } })
  expect(answer.problem.code).toBe('triage.no_large_model')
  const { body } = await desk.caller.call(settingsRoutes.getTriageSettings, {})
  expect(body).toEqual({
    settings: { showInfluence: true, largeModel: false, dailyTokens: 100_000, covered: [...personalDataKinds] },
    largeModel: null,
    usedToday: 0,
  })
})
