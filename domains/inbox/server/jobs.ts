import type { Database } from '#platform/db/database'
import type { FileStore } from '#platform/files/store'
import type { GuardedFetch } from '#platform/http/guarded-fetch'
import type { Tasks } from '#platform/jobs'
import { FETCH_TASK } from './attachments.ts'
import { WAKE_TASK, wakeConversation } from './conversations.ts'
import { fetchAttachments } from './fetch-attachments.ts'

export const inboxTasks = (deps: {
  readonly db: Database
  readonly files: FileStore
  readonly guarded: GuardedFetch
}): Tasks => ({
  [WAKE_TASK]: (db, actor, payload) =>
    db.write(actor, (tx) => wakeConversation(tx, actor, String(payload['conversationId']))),
  [FETCH_TASK]: (_db, actor, payload) => fetchAttachments(deps, actor, payload['ids'] as string[]),
})
