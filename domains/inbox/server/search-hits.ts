import { sql } from 'kysely'
import { memberOf, type Actor } from '#platform/actor'
import { decodeCursor, encodeCursor } from '#platform/contract/cursor'
import type { Page } from '#platform/contract/kernel'
import type { Tx } from '#platform/db/database'
import type { ConversationSummary } from '../contract.ts'
import { toSummary } from './conversation-rows.ts'
import { cover, spansOf } from './covering.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { seesAll, type ConversationRow } from './visibility.ts'

export interface MessageHit {
  readonly conversation: ConversationSummary
  readonly messageId: string
  readonly occurredAt: string
  readonly excerpt: string
}

const PAGE = 30

/** A hit; or, without a conversation, the message up to which was looked. */
type Row = Omit<ConversationRow, 'id'> & {
  readonly id: string | null
  readonly messageId: string
  readonly hitAt: Date
  readonly hitAtText: string
  readonly body: string
  readonly personal: unknown
  readonly readSeq: number | null
}

/**
 * Messages with these words, newest first. `"a phrase"`, `-without` and `or` work as people expect. One statement that looks at so
 * many messages and no more: a page may be short, even empty, and `next` still leads on; only without `next` is it the end.
 */
export async function searchMessages(
  tx: Tx<InboxTables & InboxReads>,
  actor: Actor,
  {
    q,
    after,
    limit = PAGE,
  }: { readonly q: string; readonly after?: string | undefined; readonly limit?: number | undefined },
): Promise<Page<MessageHit>> {
  const before = after === undefined ? null : decodeCursor(after, ['moment', 'id'])
  const { rows } = await sql<Row>`
    select c.*, h.message_id, h.occurred_at as hit_at, h.occurred_at::text as hit_at_text, left(m.body, 20000) as body, m.personal, r.read_seq
    from search_messages(${q.replaceAll('\u0000', ' ')}, ${seesAll(actor)}, ${memberOf(actor)}::uuid, ${[...actor.teamIds]}::uuid[], ${before?.[0] ?? null}::timestamptz, ${before?.[1] ?? null}::uuid, ${limit + 1}) h
    left join conversations c on c.workspace_id = ${actor.workspaceId}::uuid and c.id = h.conversation_id
    left join messages m on m.workspace_id = c.workspace_id and m.id = h.message_id
    left join conversation_reads r on r.workspace_id = c.workspace_id and r.member_id = ${memberOf(actor)}::uuid and r.conversation_id = c.id
    order by h.occurred_at desc, h.message_id desc
  `.execute(tx)
  const found = rows.filter((row): row is Row & { id: string } => row.id !== null)
  const page = found.slice(0, limit)
  // Behind a full page; else behind the one without a conversation, up to which it was looked.
  const last = found.length > limit ? page.at(-1) : rows.find(({ id }) => id === null)
  return {
    items: page.map((row) => ({
      conversation: toSummary(row, row.readSeq),
      messageId: row.messageId,
      occurredAt: row.hitAt.toISOString(),
      excerpt: excerptOf(cover(row.body, spansOf(row.personal)), q),
    })),
    next: last ? encodeCursor(last.hitAtText, last.messageId) : null,
  }
}

const AROUND = 70

/** The words around the first thing looked for, on one line. */
export function excerptOf(body: string, q: string): string {
  const line = body.replace(/\s+/g, ' ').trim()
  const folded = fold(line)
  const words = q.split(/[\s"]+/).filter((word) => word !== '' && !word.startsWith('-'))
  const at = Math.max(0, ...words.slice(0, 8).map((word) => folded.indexOf(fold(word))))
  const from = Math.max(0, at - AROUND)
  const text = line.slice(from, at + AROUND * 2)
  return `${from > 0 ? '…' : ''}${text}${from + text.length < line.length ? '…' : ''}`
}

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
