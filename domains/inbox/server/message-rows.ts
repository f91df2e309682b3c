// Messages that came in, as rows.
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { rowSource } from '#platform/db/row-source'
import { storeAttachments } from './attachments.ts'
import { storeBodies } from './bodies.ts'
import type { Parent } from './follows.ts'
import type { StoredMessage } from './inbound-items.ts'
import { occurredAt } from './occurred-at.ts'
import { storePosts } from './posts.ts'
import { indexWords } from './search.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { threadKeyOf } from './threads-beside.ts'
import type { Thread } from './threads.ts'

type Tables = InboxTables & InboxReads

const messageRows = rowSource<InboxTables['messages']>()({
  workspaceId: 'uuid',
  id: 'uuid',
  conversationId: 'uuid',
  episode: 'integer',
  context: 'boolean',
  threadKey: 'text',
  kind: 'text',
  visibility: 'text',
  parentId: 'uuid',
  parentRank: 'integer',
  placedBy: 'text',
  automatic: 'text',
  hasHtml: 'boolean',
  deliveryId: 'uuid',
  identityId: 'uuid',
  authorName: 'text',
  externalId: 'text',
  subject: 'text',
  body: 'text',
  personal: 'jsonb',
  data: 'jsonb',
  attachmentCount: 'integer',
  occurredAt: 'timestamptz',
  receivedAt: 'timestamptz',
  deletedAt: 'timestamptz',
  state: 'text',
  stateAt: 'timestamptz',
  isSample: 'boolean',
})

/** Inserts new messages in their order, with their files, bodies, posts and words; answers their places in the order by id. */
export async function insertMessages(
  tx: Tx<Tables>,
  actor: Actor,
  stored: readonly StoredMessage[],
  threads: ReadonlyMap<string, Thread>,
  parents: ReadonlyMap<string, Parent>,
): Promise<Map<string, number>> {
  if (stored.length === 0) return new Map()
  const given = messageRows(
    stored.map(({ messageId, conversationId, deletedAt, placedBy, item }) => {
      const { message, speaker, source, receivedAt, deliveryId, personal = [] } = item
      const at = occurredAt(message.at, receivedAt)
      return {
        workspaceId: actor.workspaceId,
        id: messageId,
        conversationId,
        episode: threads.get(conversationId)!.episode,
        context: message.context ?? false,
        threadKey: threadKeyOf(threads.get(conversationId)!, item),
        kind: message.ours ? 'out' : 'in',
        visibility: message.thread.visibility,
        parentId: parents.get(messageId)?.messageId ?? null,
        parentRank: parents.get(messageId)?.rank ?? null,
        placedBy,
        automatic: message.automatic ?? null,
        hasHtml: Boolean(message.html),
        deliveryId: deliveryId ?? null,
        identityId: speaker.identityId,
        authorName: message.author.name ?? message.author.handle ?? speaker.customerName,
        externalId: message.externalId,
        subject: message.subject ?? null,
        body: message.text,
        personal: deletedAt === null && personal.length > 0 ? JSON.stringify(personal) : null,
        data: JSON.stringify(message.data ?? {}),
        attachmentCount: message.media?.length ?? 0,
        occurredAt: at,
        receivedAt,
        deletedAt,
        state: message.ours ? 'sent' : null,
        stateAt: message.ours ? at : null,
        isSample: source.isSample ?? false,
      }
    }),
  )
  const rows = await tx.insertInto('messages').$call(given).returning(['id', 'seq']).execute()
  await storeAttachments(tx, actor, stored)
  await storeBodies(tx, actor, stored)
  await storePosts(tx, actor, stored)
  await indexWords(
    tx,
    actor,
    stored.flatMap(({ messageId, conversationId, deletedAt, item }) =>
      deletedAt
        ? []
        : {
            messageId,
            conversationId,
            occurredAt: occurredAt(item.message.at, item.receivedAt),
            words: [item.message.subject, item.message.text].filter(Boolean).join(' '),
          },
    ),
  )
  return new Map(rows.map(({ id, seq }) => [id, seq]))
}
