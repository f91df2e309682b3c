import { randomUUIDv7 } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { useDatabase } from '#platform/testing/database'
import { aMember, aTeam } from '../../workspaces/server/factories.ts'
import { findAttachment } from './attachments.ts'
import { aConversation, anAnswer, anInbox, at, minute } from './factories.ts'
import { moderateMessage } from './moderating.ts'
import { readRaw } from './originals.ts'
import { splitMessage } from './reorganising.ts'
import { decideUnknown, discardMessage, retryMessage } from './second-tries.ts'
import { blockSender } from './senders.ts'
import { undoMessage } from './taking-back.ts'
import { findMessage } from './visibility.ts'

const database = useDatabase()

test('what stands in a conversation that you may not see is refused in the words for what does not exist', async () => {
  const inbox = await anInbox(database.db)
  const { id: teamId } = await aTeam(database.db, inbox.workspaceId)
  const { id, messageIds } = await aConversation(database.db, inbox, { teamId })
  const answer = await anAnswer(database.db, inbox, at(inbox.owner, minute(61)), id)
  const fileId = randomUUIDv7()
  await database.db.write(inbox, (tx) =>
    tx
      .insertInto('attachments')
      .values({
        workspaceId: inbox.workspaceId,
        id: fileId,
        conversationId: id,
        messageId: messageIds[0]!,
        name: 'tag.pdf',
        mediaType: 'application/pdf',
        kind: 'pdf',
        size: 1,
        sha256: '0'.repeat(64),
        state: 'stored',
        createdAt: minute(60),
      })
      .execute(),
  )
  const agent = at(await aMember(database.db, inbox.workspaceId, 'agent', { teamIds: [] }), minute(62))

  const ways: readonly [string, (tx: Tx, actor: Actor, id: string) => Promise<unknown>][] = [
    [messageIds[0]!, findMessage],
    [messageIds[0]!, readRaw],
    [messageIds[0]!, (tx, actor, messageId) => blockSender(tx, actor, { messageId })],
    [messageIds[0]!, (tx, actor, messageId) => splitMessage(tx, actor, async () => null, { messageId })],
    [
      messageIds[0]!,
      (tx, actor, messageId) => moderateMessage(tx, actor, inbox.connection, { messageId, action: 'hide', reason: '' }),
    ],
    [answer, undoMessage],
    [answer, discardMessage],
    [answer, retryMessage],
    [answer, (tx, actor, messageId) => decideUnknown(tx, actor, messageId, 'arrived')],
    [fileId, findAttachment],
  ]
  for (const [there, way] of ways) {
    const refusal = (asked: string) =>
      database.db
        .write(agent, (tx) => way(tx, agent, asked))
        .then(
          () => 'done',
          (error: Error) => error.message,
        )
    const nowhere = await refusal(randomUUIDv7())
    expect(nowhere).toMatch(/^There is no such (message|file) here\.$/)
    expect(await refusal(there)).toBe(nowhere)
  }
})
