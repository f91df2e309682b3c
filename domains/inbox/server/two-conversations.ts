import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { InboxReads, InboxTables } from './tables.ts'
import { findConversation, type ConversationRow } from './visibility.ts'

/**
 * The one that an address names and another that the caller named, locked in one order whoever asks. Throws 404 `not_found` for
 * the first, 422 `inbox.no_such_conversation` for the other.
 */
export async function lockBoth(
  tx: Tx<InboxTables & InboxReads>,
  actor: Actor,
  firstId: string,
  otherId: string,
): Promise<[ConversationRow, ConversationRow]> {
  const rows = new Map<string, ConversationRow>()
  for (const id of [firstId, otherId].sort()) {
    const row = await findConversation(tx, actor, id, true).catch((error: unknown) => {
      if (!(error instanceof Problem) || id === firstId) throw error
      throw new Problem(422, 'inbox.no_such_conversation', 'That conversation is not here.')
    })
    rows.set(id, row)
  }
  return [rows.get(firstId)!, rows.get(otherId)!]
}
