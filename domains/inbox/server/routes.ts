import type { KnownConnection, KnownConnections } from '#connections/server'
import type { Actor } from '#platform/actor'
import { implement } from '#platform/contract/implement'
import { Problem } from '#platform/contract/problem'
import type { Database, Tx } from '#platform/db/database'
import { keepFile } from '#platform/files/keep'
import { contentDisposition, servingHeaders } from '#platform/files/serving'
import type { FileStore } from '#platform/files/store'
import type { ReadLog } from '#platform/read-log'
import { conversationRoutes, labelRoutes, messageRoutes, originalRoutes, reorganisingRoutes } from '../contract.ts'
import { toAttachment } from './attachment-rows.ts'
import { findAttachment } from './attachments.ts'
import {
  assignConversation,
  getConversation,
  markRead,
  reopenConversation,
  resolveConversation,
  snoozeConversation,
  waitConversation,
} from './conversations.ts'
import { getDraft, saveDraft } from './drafts.ts'
import { overrideGate } from './gates.ts'
import { archiveLabel, changeLabel, createLabel, labelConversation, listLabels } from './labels.ts'
import { countConversations, listConversations } from './lists.ts'
import { getMessages, listMessages, writeNote } from './messages.ts'
import { getOpening, saveOpening } from './openings.ts'
import { findHtml, headerLines, htmlDocument, readRaw } from './originals.ts'
import { showPresence } from './presence.ts'
import { partMatter } from './matters.ts'
import { moveMessage, splitMessage } from './reorganising.ts'
import { searchMessages } from './search-hits.ts'
import { decideUnknown, discardMessage, retryMessage } from './second-tries.ts'
import { blockSender } from './senders.ts'
import { sendMessage } from './sending.ts'
import { startConversation } from './starting.ts'
import { undoMessage } from './taking-back.ts'
import { listUnsettled } from './unsettled.ts'
import { addUpload } from './uploads.ts'
import { findConversation } from './visibility.ts'

export interface InboxDeps {
  readonly db: Database
  readonly known: KnownConnections
  readonly files: FileStore
  /** Hears who opened a conversation that holds something private. */
  readonly reads?: Pick<ReadLog, 'note'>
}

const conversationsPlugin = ({ db, known }: InboxDeps) => {
  const connectionOf = (actor: Actor, id: string): Promise<KnownConnection | null> => known.byId(actor.workspaceId, id)
  const show = async (actor: Actor, id: string) => {
    const { connectionId } = await db.read(actor, (tx) => findConversation(tx, actor, id))
    const connection = await connectionOf(actor, connectionId)
    return db.read(actor, (tx) => getConversation(tx, actor, id, connection))
  }
  /** Changes a conversation and answers with what it is now. */
  const changing = async (actor: Actor, id: string, work: (tx: Tx) => Promise<unknown>) => {
    await db.write(actor, work)
    return show(actor, id)
  }

  return implement(conversationRoutes)({
    listConversations: ({ query }, { actor }) => db.read(actor, (tx) => listConversations(tx, actor, query)),
    countConversations: (_, { actor }) => db.read(actor, (tx) => countConversations(tx, actor)),
    getConversation: ({ params: { id } }, { actor }) => show(actor, id),
    startConversation: async ({ body: { connectionId, ...body } }, { actor }) => {
      const connection = await connectionOf(actor, connectionId)
      if (!connection) throw new Problem(422, 'inbox.no_such_connection', 'That connection is not here.')
      return db.write(actor, (tx) => startConversation(tx, actor, connection, body))
    },
    assignConversation: ({ params: { id }, body }, { actor }) =>
      changing(actor, id, (tx) => assignConversation(tx, actor, { id, ...body })),
    resolveConversation: ({ params: { id }, body }, { actor }) =>
      changing(actor, id, (tx) => resolveConversation(tx, actor, { id, ...body })),
    reopenConversation: ({ params: { id }, body }, { actor }) =>
      changing(actor, id, (tx) => reopenConversation(tx, actor, { id, ...body })),
    waitConversation: ({ params: { id }, body }, { actor }) =>
      changing(actor, id, (tx) => waitConversation(tx, actor, { id, ...body })),
    snoozeConversation: ({ params: { id }, body: { until, version } }, { actor }) =>
      changing(actor, id, (tx) => snoozeConversation(tx, actor, { id, until: new Date(until), version })),
    labelConversation: ({ params: { id }, body }, { actor }) =>
      changing(actor, id, (tx) => labelConversation(tx, actor, { id, ...body })),
    markConversationRead: ({ params: { id }, body: { seq } }, { actor }) =>
      db.write(actor, (tx) => markRead(tx, actor, id, seq)),
    showPresence: ({ params: { id }, body: { doing } }, { actor }) => showPresence(db, actor, id, doing),
    overrideGate: ({ params: { id, gateId }, body: { reason } }, { actor }) =>
      changing(actor, id, (tx) => overrideGate(tx, actor, { conversationId: id, gateId, reason })),
  })
}

const UPLOAD_BYTES = messageRoutes.uploadAttachment.upload.maxBytes

const messagesPlugin = ({ db, known, files, reads }: InboxDeps) => {
  const showMessage = async (actor: Actor, id: string) => {
    const [message] = await db.read(actor, (tx) => getMessages(tx, actor, [id]))
    return message!
  }

  return implement(messageRoutes)({
    listMessages: async ({ params, query }, { actor, request }) => {
      const { connectionId } = await db.read(actor, (tx) => findConversation(tx, actor, params.id))
      const connection = await known.byId(actor.workspaceId, connectionId)
      const wanted = { conversationId: params.id, ...query }
      const page = await db.read(actor, (tx) => listMessages(tx, actor, wanted, connection))
      if (page.items.some(({ visibility }) => visibility === 'private'))
        reads?.note(actor, 'inbox.conversation_read', [params.id], request)
      return page
    },
    sendMessage: async ({ params: { id }, body }, { actor }) => {
      const { connectionId } = await db.read(actor, (tx) => findConversation(tx, actor, id))
      const connection = await known.byId(actor.workspaceId, connectionId)
      await db.write(actor, (tx) => sendMessage(tx, actor, connection, { conversationId: id, ...body }))
      return showMessage(actor, body.clientId)
    },
    writeNote: async ({ params: { id }, body }, { actor }) => {
      await db.write(actor, (tx) => writeNote(tx, actor, { conversationId: id, ...body }))
      return showMessage(actor, body.clientId)
    },
    undoMessage: ({ params: { id } }, { actor }) => db.write(actor, (tx) => undoMessage(tx, actor, id)),
    retryMessage: async ({ params: { id } }, { actor }) => {
      await db.write(actor, (tx) => retryMessage(tx, actor, id))
      return showMessage(actor, id)
    },
    decideUnknown: async ({ params: { id }, body: { decision } }, { actor }) => {
      await db.write(actor, (tx) => decideUnknown(tx, actor, id, decision))
      return showMessage(actor, id)
    },
    discardMessage: ({ params: { id }, body }, { actor }) =>
      db.write(actor, (tx) => discardMessage(tx, actor, id, body)),
    listUnsettled: ({ query }, { actor }) => db.read(actor, (tx) => listUnsettled(tx, actor, query)),
    getDraft: async ({ params: { id } }, { actor }) => ({
      draft: await db.read(actor, (tx) => getDraft(tx, actor, id)),
    }),
    saveDraft: async ({ params: { id }, body }, { actor }) => ({
      draft: await db.write(actor, (tx) => saveDraft(tx, actor, { conversationId: id, ...body })),
    }),
    getOpeningDraft: async (_, { actor }) => ({ draft: await db.read(actor, (tx) => getOpening(tx, actor)) }),
    saveOpeningDraft: async ({ body }, { actor }) => ({
      draft: await db.write(actor, (tx) => saveOpening(tx, actor, body)),
    }),
    uploadAttachment: async (_, { actor, upload }) => {
      const { name, mediaType, stream } = await upload()
      const kept = await keepFile(files, stream, { name, mediaType }, UPLOAD_BYTES)
      if (!kept.ok) {
        throw kept.reason === 'empty'
          ? new Problem(422, 'files.empty', 'This file is empty.')
          : new Problem(413, 'files.too_large', `This file is larger than ${UPLOAD_BYTES / 1024 / 1024} MB.`)
      }
      return toAttachment(await db.write(actor, (tx) => addUpload(tx, actor, kept.file)))
    },
    readAttachment: async ({ params: { id } }, { actor, reply }) => {
      const row = await db.read(actor, (tx) => findAttachment(tx, actor, id))
      const bytes = await files.get(row.sha256)
      if (!bytes) throw new Problem(404, 'files.gone', 'The file itself is not in the store any more.')
      return reply.headers(servingHeaders({ ...row, type: row.mediaType, reencoded: row.kind === 'image' })).send(bytes)
    },
    searchMessages: ({ query }, { actor }) => db.read(actor, (tx) => searchMessages(tx, actor, query)),
  })
}

const originalsPlugin = ({ db, files }: InboxDeps) =>
  implement(originalRoutes)({
    readHtml: async ({ params: { id }, query: { images = 'blocked' } }, { actor, reply }) => {
      const stored = await db.read(actor, (tx) => findHtml(tx, actor, id))
      const { html, headers } = await htmlDocument(files, stored, images)
      return reply.headers(headers).send(html)
    },
    readRaw: async ({ params: { id } }, { actor, reply }) => {
      const { body, isMail } = await db.write(actor, (tx) => readRaw(tx, actor, id))
      return reply
        .headers({
          'content-type': isMail ? 'message/rfc822' : 'text/plain; charset=utf-8',
          'content-disposition': contentDisposition('attachment', `${id}.${isMail ? 'eml' : 'txt'}`),
          'content-security-policy': "sandbox; default-src 'none'",
        })
        .send(body)
    },
    listHeaders: async ({ params: { id } }, { actor }) => ({
      items: headerLines(await db.write(actor, (tx) => readRaw(tx, actor, id))),
    }),
  })

const reorganisingPlugin = ({ db, known }: InboxDeps) => {
  const connectionsOf = (actor: Actor) => (id: string) => known.byId(actor.workspaceId, id)

  return implement(reorganisingRoutes)({
    moveMessage: async ({ params: { id }, body: { conversationId } }, { actor }) => {
      await db.write(actor, (tx) => moveMessage(tx, actor, connectionsOf(actor), { messageId: id, conversationId }))
      const [message] = await db.read(actor, (tx) => getMessages(tx, actor, [id]))
      return message!
    },
    splitMessage: async ({ params: { id }, body: { following } }, { actor }) => ({
      conversationId: await db.write(actor, (tx) =>
        splitMessage(tx, actor, connectionsOf(actor), { messageId: id, following }),
      ),
    }),
    partMatter: ({ params: { id }, body: { conversationId } }, { actor }) =>
      db.write(actor, (tx) => partMatter(tx, actor, [id, conversationId])),
    blockSender: ({ params: { id }, body: { reason } }, { actor }) =>
      db.write(actor, (tx) => blockSender(tx, actor, { messageId: id, reason })),
  })
}

const labelsPlugin = ({ db }: InboxDeps) =>
  implement(labelRoutes)({
    listLabels: async (_, { actor }) => ({ items: await db.read(actor, (tx) => listLabels(tx, actor)) }),
    createLabel: ({ body }, { actor }) => db.write(actor, (tx) => createLabel(tx, actor, body)),
    changeLabel: ({ params: { id }, body }, { actor }) => db.write(actor, (tx) => changeLabel(tx, actor, id, body)),
    archiveLabel: ({ params: { id } }, { actor }) => db.write(actor, (tx) => archiveLabel(tx, actor, id)),
  })

/** All routes of the domain that need the same; those of networks need a network as well. */
export const inboxPlugins = [
  conversationsPlugin,
  messagesPlugin,
  originalsPlugin,
  reorganisingPlugin,
  labelsPlugin,
] as const
