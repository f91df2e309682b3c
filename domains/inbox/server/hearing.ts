// What a message does to its conversation: whether somebody has to look at it, and whether somebody waits for an answer. And the
// end of loops: two programs that answer each other are heard ten times in ten minutes and then no more.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { InboundItem } from './inbound-items.ts'
import { isName, type Place } from './placing.ts'
import type { InboxTables } from './tables.ts'

/** So many messages of programs in one conversation, by one author within the window, are heard. */
const MOST_AUTOMATIC = 10
const WINDOW_MS = 10 * 60_000

export interface Effect {
  /** It is in the open list from now on, and a new episode if it was resolved. */
  readonly opens: boolean
  /** Somebody waits for us since then. */
  readonly waits: boolean
}

/**
 * An answering machine tells nothing that has to be done: it opens nothing that is closed, snoozed or waiting. What comes over a
 * mailing list may be a question, so it opens, and nobody waits. A delivery report is about an answer that did not arrive: it
 * opens, and the customer waits. One that says that all went well, or that concerns nothing of ours, is nobody's work at all.
 */
export function effectOf(
  { message, speaker }: Pick<InboundItem, 'message' | 'speaker'>,
  { joins, quiet }: { readonly joins: boolean; readonly quiet: boolean },
): Effect {
  if (message.ours || message.context || isSettled({ message, speaker }) || quiet) return { opens: false, waits: false }
  if (message.automatic === 'reply') return { opens: !joins, waits: false }
  return { opens: true, waits: message.automatic !== 'list' }
}

/** What nobody has to look at even where it begins a conversation of its own. */
const isSettled = ({ message, speaker }: Pick<InboundItem, 'message' | 'speaker'>): boolean =>
  speaker.blocked || message.automatic === 'receipt'

/**
 * What makes nothing unread and no noise: that all went well, and reports on what is not ours (bounces of mail that somebody
 * sent in our name). Kept, closed, and found by whoever looks for it.
 */
export const isNews = ({ item, placedBy }: Pick<Place, 'item' | 'placedBy'>): boolean =>
  item.message.automatic !== 'receipt' &&
  !(item.message.automatic === 'report' && (placedBy === 'new' || placedBy === 'stranger'))

/** Whether a conversation that begins with this is over before anybody looked at it. */
export const beginsClosed = (place: Pick<Place, 'item' | 'placedBy'>): boolean =>
  isSettled(place.item) || !isNews(place) || place.item.message.context === true

export interface Loops {
  /** Ids of the messages that are too many. */
  readonly quiet: ReadonlySet<string>
  /** The first of each conversation: where it is said that the rest is kept quiet. */
  readonly cut: ReadonlySet<string>
}

/** Finds what programs wrote too often. One statement, and none where no program wrote. */
export async function findLoops(
  tx: Tx<Pick<InboxTables, 'messages'>>,
  actor: Actor,
  places: readonly Place[],
): Promise<Loops> {
  const quiet = new Set<string>()
  const cut = new Set<string>()
  for (const place of places) if (!isNews(place)) quiet.add(place.messageId)
  const automatic = places.filter(
    ({ item, messageId }) => item.message.automatic !== undefined && !item.message.ours && !quiet.has(messageId),
  )
  if (automatic.length === 0) return { quiet, cut }
  const known = automatic.filter(({ handle }) => !isName(handle))
  const { rows } = await sql<{ conversationId: string; identityId: string; count: number }>`
    select m.conversation_id, m.identity_id, count(*)::int as count
    from (select distinct * from unnest(${known.map(({ handle }) => handle)}::uuid[],
      ${known.map(({ item }) => item.speaker.identityId)}::uuid[]) as g (conversation_id, identity_id)) w
    join messages m on m.workspace_id = ${actor.workspaceId}::uuid and m.conversation_id = w.conversation_id
      and m.identity_id = w.identity_id and m.automatic is not null
      and m.received_at > ${new Date(actor.at.getTime() - WINDOW_MS)}
    group by m.conversation_id, m.identity_id
  `.execute(tx)
  const counts = new Map(rows.map((row) => [`${row.conversationId} ${row.identityId}`, row.count]))
  for (const { handle, item, messageId } of automatic) {
    // Many at once that were received over days (a mailbox that is read for the first time) are no loop.
    if (actor.at.getTime() - item.receivedAt.getTime() > WINDOW_MS) continue
    const key = `${handle} ${item.speaker.identityId}`
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (count > MOST_AUTOMATIC) quiet.add(messageId)
    if (count === MOST_AUTOMATIC + 1) cut.add(messageId)
  }
  return { quiet, cut }
}
