// What a loaded sample can't show: somebody worked in it meanwhile, and the own desk holds some of the same files.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { logAccess } from '#platform/access-log'
import { useDatabase } from '#platform/testing/database'
import { aConversation, anInbox, minute, type MadeInbox } from '../../domains/inbox/server/factories.ts'
import { aWorkspace } from '../../domains/workspaces/server/factories.ts'

const database = useDatabase()
const hashOf = (letter: string): string => letter.repeat(64)

async function picture(inbox: MadeInbox, conversationId: string, sha256: string): Promise<void> {
  await database.db.write(inbox, async (tx) => {
    const { identityId } = await tx
      .selectFrom('messages')
      .select('identityId')
      .where('conversationId', '=', conversationId)
      .executeTakeFirstOrThrow()
    await tx
      .insertInto('identityPictures')
      .values({
        workspaceId: inbox.workspaceId,
        identityId: identityId!,
        sourceUrl: 'https://pictures.example/a',
        sha256,
        fetchedAt: minute(60),
      })
      .execute()
  })
}

async function file(inbox: MadeInbox, conversationId: string, messageId: string, sha256: string): Promise<void> {
  await database.db.write(inbox, (tx) =>
    tx
      .insertInto('attachments')
      .values({
        workspaceId: inbox.workspaceId,
        id: randomUUIDv7(),
        conversationId,
        messageId,
        name: 'tag.png',
        mediaType: 'image/png',
        kind: 'image',
        size: 1,
        sha256,
        state: 'stored',
        createdAt: minute(60),
      })
      .execute(),
  )
}

test('a removed sample answers for every file that only it held, pictures of people among them, and for none that others hold', async () => {
  const workspace = await aWorkspace(database.db)
  const [sample, own] = [await anInbox(database.db, { workspace }), await anInbox(database.db, { workspace })]
  const [theirs, ours] = [await aConversation(database.db, sample), await aConversation(database.db, own)]
  await database.db.write(sample, (tx) =>
    tx.updateTable('connections').set({ isSample: true }).where('id', '=', sample.connection.id).execute(),
  )
  await picture(sample, theirs.id, hashOf('a'))
  await file(sample, theirs.id, theirs.messageIds[0]!, hashOf('b'))
  await picture(own, ours.id, hashOf('b'))
  await file(own, ours.id, ours.messageIds[0]!, hashOf('c'))
  const reader = { actorKind: 'member', actorId: workspace.owner.id } as const
  const read = { ...reader, workspaceId: sample.workspaceId, action: 'inbox.raw_read', at: minute(61) }
  await database.db.write(sample, (tx) =>
    logAccess(tx, [
      { ...read, subjectId: theirs.messageIds[0]! },
      { ...read, subjectId: ours.messageIds[0]! },
    ]),
  )

  const { rows } = await database.db.write(sample, (tx) =>
    sql<{ hashes: string[] }>`select remove_sample(${sample.workspaceId}::uuid) as hashes`.execute(tx),
  )
  expect(rows[0]!.hashes).toEqual([hashOf('a')])
  const left = await database.db.read(sample, async (tx) => ({
    conversations: await tx.selectFrom('conversations').select('id').execute(),
    reads: await tx.selectFrom('accessLog').select('subjectId').execute(),
  }))
  expect(left).toEqual({ conversations: [{ id: ours.id }], reads: [{ subjectId: ours.messageIds[0] }] })
})
