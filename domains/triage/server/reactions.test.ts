// What triage does when the inbox speaks, with the inbox's own deeds.
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { assignConversation, resolveConversation, waitConversation } from '#inbox/server'
import { conversationRoutes } from '#inbox/contract'
import { useDatabase } from '#platform/testing/database'
import type { StoredEvent } from '#platform/events/read'
import { triageReactions } from './reactions.ts'
import { HURT, openDesk, type TriageDesk } from './testing.ts'
import { openAssessor, type Assessor } from './worker/assessor.ts'

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

/** What the reaction would do about the newest event of this name. */
async function react(type: string): Promise<void> {
  const reaction = triageReactions({ known: desk.inbox.known }).find(({ name }) => name === 'triage.reprioritise')!
  expect(reaction.on).toContain(type)
  await database.db.write(desk.actor, async (tx) => {
    const event = await tx
      .selectFrom('events')
      .selectAll()
      .where('type', '=', type)
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow()
    await reaction.run(tx, desk.actor, [event as unknown as StoredEvent])
  })
}

test('an answered conversation loses what was pressing, a resolved one every reason, and an open one has them again', async () => {
  const { db } = database
  const { id } = await desk.assessed(HURT)
  const shown = async () => {
    const { priorityReasons, priorityAt } = await desk.conversation(id)
    return { codes: priorityReasons.map(({ code }) => code), priorityAt }
  }
  const first = await shown()
  expect(first.codes).toContain('severity')
  expect(first.codes).toContain('sentiment')
  expect(first.codes).toContain('urgency')

  await db.write(desk.actor, (tx) => waitConversation(tx, desk.actor, { id }))
  await react('inbox.conversation_waiting')
  const answered = await shown()
  expect(answered.codes).toContain('severity')
  expect(answered.codes).not.toContain('urgency')
  expect(answered.codes).not.toContain('sentiment')
  expect(answered.priorityAt > first.priorityAt).toBe(true)

  await db.write(desk.actor, (tx) => assignConversation(tx, desk.actor, { id, assigneeId: desk.actor.id }))
  await react('inbox.conversation_assigned')
  expect((await shown()).codes).toEqual(answered.codes)

  await db.write(desk.actor, (tx) => resolveConversation(tx, desk.actor, { id }))
  await react('inbox.conversation_resolved')
  expect((await shown()).codes).toEqual([])

  await desk.caller.call(conversationRoutes.reopenConversation, { params: { id }, body: {} })
  await react('inbox.conversation_reopened')
  expect((await shown()).codes).toEqual(first.codes)
})
