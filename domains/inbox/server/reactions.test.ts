import pino from 'pino'
import { expect, test } from 'vitest'
import { emitter } from '#platform/events/emit'
import { reactOnce } from '#platform/events/reactions'
import { useDatabase } from '#platform/testing/database'
import { testClock } from '#platform/clock'
import { workspacesEvents } from '#workspaces/contract'
import { aMember } from '../../workspaces/server/factories.ts'
import { aConversation, anInbox, conversationRow, DAY } from './factories.ts'
import { inboxReactions } from './reactions.ts'
import { resolveConversation } from './conversations.ts'

const database = useDatabase()
const log = pino({ level: 'silent' })

test('what waits for a member who is removed is everybody’s again, and what they resolved stays theirs', async () => {
  const { db } = database
  const inbox = await anInbox(db)
  const member = await aMember(db, inbox.workspaceId, 'agent')
  const stays = await aMember(db, inbox.workspaceId, 'agent')
  const waiting = await aConversation(db, inbox, { assigneeId: member.id })
  const resolved = await aConversation(db, inbox, { assigneeId: member.id })
  const others = await aConversation(db, inbox, { assigneeId: stays.id })
  await db.write(inbox.owner, (tx) => resolveConversation(tx, inbox.owner, { id: resolved.id }))

  const memberId = member.id!
  const emit = emitter(workspacesEvents)
  await db.write(inbox.owner, (tx) =>
    emit(tx, inbox.owner, 'workspaces.member_removed', { subjectId: memberId, data: { memberId, changed: [] } }),
  )
  // The first look makes the cursor; events settle once older transactions of other tests are over.
  const released = async () => {
    await reactOnce(db, testClock(DAY), log, inboxReactions)
    return (await conversationRow(db, inbox, waiting.id)).assigneeId
  }
  await expect.poll(released, { timeout: 60_000 }).toBeNull()
  expect((await conversationRow(db, inbox, resolved.id)).assigneeId).toBe(memberId)
  expect((await conversationRow(db, inbox, others.id)).assigneeId).toBe(stays.id)
})
