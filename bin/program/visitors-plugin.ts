// What the widget calls. The web chat takes what it needs of other domains and of the house as functions.
import { onMemberTyping, showCustomerTyping } from '#inbox/server'
import { Problem } from '#platform/contract/problem'
import { keepFile } from '#platform/files/keep'
import { webchatPlugin } from '#webchat/server'
import { findServiceHours, isOpenAt, nextOpening } from '#workspaces/server'
import type { Parts } from './parts.ts'

export const visitorsPlugin = ({ db, clock, log, accept, known, tail, files }: Parts) =>
  webchatPlugin({
    db,
    clock,
    log,
    accept,
    connectionByKey: (key) => known.byKey(key),
    connectionById: (workspaceId, id) => known.byId(workspaceId, id),
    hoursOf: async (workspaceId, id) => {
      const hours = await db.read({ workspaceId }, (tx) => findServiceHours(tx, id))
      const now = clock.now()
      return hours && { openNow: isOpenAt(hours, now), nextOpening: nextOpening(hours, now) }
    },
    subscribe: (listener) => tail.subscribe(listener),
    storeUpload: async (stream, name, mediaType, { maxBytes }) => {
      const kept = await keepFile(files, stream, { name, mediaType }, maxBytes)
      if (kept.ok) return kept.file
      throw kept.reason === 'empty'
        ? new Problem(422, 'files.empty', 'That file is empty.')
        : new Problem(413, 'files.too_large', 'That file is too large.')
    },
    openFile: (sha256) => files.get(sha256),
    showTyping: ({ workspaceId, conversationId, typing }) => {
      showCustomerTyping(db, workspaceId, conversationId, typing).catch((error: unknown) =>
        log.warn({ err: error }, 'showing that a visitor types failed'),
      )
    },
    onTyping: (listener) => onMemberTyping(db, listener),
  })
