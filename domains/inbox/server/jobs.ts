import type { FileStore } from '#platform/files/store'
import type { GuardedFetch } from '#platform/http/guarded-fetch'
import type { Tasks } from '#platform/jobs'
import { FETCH_TASK } from './attachments.ts'
import { WAKE_TASK, wakeConversation } from './conversations.ts'
import { fetchAttachments } from './fetch-attachments.ts'
import { doModeration, MODERATE_TASK, type Moderating } from './moderating.ts'

export const inboxTasks = (
  deps: Moderating & { readonly files: FileStore; readonly guarded: GuardedFetch },
): Tasks => ({
  [WAKE_TASK]: (db, actor, payload) =>
    db.write(actor, (tx) => wakeConversation(tx, actor, String(payload['conversationId']))),
  [FETCH_TASK]: (_db, actor, payload) => fetchAttachments(deps, actor, payload['ids'] as string[]),
  [MODERATE_TASK]: (_db, actor, payload) => doModeration(deps, actor, String(payload['id'])),
})
