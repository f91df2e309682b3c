// What the list shows of a thread's last words, found again from the thread after something in it changed or went.
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { cover, spansOf } from './covering.ts'
import type { InboxTables } from './tables.ts'

const PREVIEW_LENGTH = 160

/** First words of a text, on one line. */
export function previewOf(text: string, attachments = 0): string {
  const line = text.slice(0, 600).toWellFormed().replaceAll('\u0000', '').replace(/\s+/g, ' ').trim()
  if (line === '' && attachments > 0) return attachments === 1 ? '1 file' : `${attachments} files`
  return line.length <= PREVIEW_LENGTH ? line : `${[...line].slice(0, PREVIEW_LENGTH - 1).join('')}…`
}

/** Writes the preview anew; nothing that was edited, deleted or taken back stays readable in a list. */
export async function refreshPreview(
  tx: Tx<Pick<InboxTables, 'conversations' | 'messages'>>,
  actor: Actor,
  conversationId: string,
): Promise<void> {
  const last = await tx
    .selectFrom('messages')
    .select(['kind', 'body', 'personal', 'attachmentCount'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', conversationId)
    .where('kind', '<>', 'system')
    .where('context', '=', false)
    .where((where) => where.or([where('state', 'is', null), where('state', '<>', 'cancelled')]))
    .orderBy('occurredAt', 'desc')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  await tx
    .updateTable('conversations')
    .set((eb) => ({
      preview: last ? previewOf(cover(last.body, spansOf(last.personal)), last.attachmentCount) : '',
      previewKind: last?.kind ?? 'in',
      version: eb('version', '+', 1),
    }))
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', conversationId)
    .execute()
}
