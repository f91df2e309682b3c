import type { KnownConnections } from '#connections/server'
import type { Clock } from '#platform/clock'
import { implement } from '#platform/contract/implement'
import type { Database } from '#platform/db/database'
import type { Network } from '#platform/http/network'
import { networkRoutes } from '../contract.ts'
import { getConversation } from './conversations.ts'
import { inviteToPrivate } from './inviting.ts'
import { moderateMessage } from './moderating.ts'
import { describeUpload } from './uploads.ts'
import { findConversation, findMessage } from './visibility.ts'

export interface NetworkDeps {
  readonly db: Database
  readonly known: KnownConnections
  readonly network: Network
  readonly clock: Clock
}

export const networksPlugin = (deps: NetworkDeps) => {
  const { db, known } = deps
  return implement(networkRoutes)({
    inviteToPrivate: async ({ params: { id }, body: { messageId } }, { actor }) => {
      const { connectionId } = await db.read(actor, (tx) => findConversation(tx, actor, id))
      const connection = await known.byId(actor.workspaceId, connectionId)
      const threadId = await inviteToPrivate(deps, actor, connection, { conversationId: id, messageId })
      const { threads } = await db.read(actor, (tx) => getConversation(tx, actor, id, connection))
      return { thread: threads.find((thread) => thread.id === threadId)! }
    },
    moderateMessage: async ({ params: { id }, body }, { actor }) => {
      const { connectionId } = await db.read(actor, (tx) => findMessage(tx, actor, id))
      const connection = await known.byId(actor.workspaceId, connectionId)
      return db.write(actor, (tx) => moderateMessage(tx, actor, connection, { messageId: id, ...body }))
    },
    describeAttachment: ({ params: { id }, body: { alt } }, { actor }) =>
      db.write(actor, (tx) => describeUpload(tx, actor, id, alt)),
  })
}
