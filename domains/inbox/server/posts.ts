// What open networks say of a message beside its words: where it stands, what it is hidden behind, cards, polls. A row only where
// there is something to say, so that mail and chat cost nothing.
import { sql } from 'kysely'
import type { Embed, InboundEdit, InboundMessage, Poll } from '#channels/connector'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { StoredMessage } from './inbound-items.ts'
import type { InboxTables } from './tables.ts'

type Tables = Pick<InboxTables, 'messagePosts'>

const MOST_URL = 2000
const MOST_WARNING = 1000
const MOST_EMBEDS = 10
const MOST_EMBED_TEXT = 2000
const MOST_OPTIONS = 50

/** Stores what there is to say. One statement; none where no message of the batch is a post. */
export async function storePosts(tx: Tx<Tables>, actor: Actor, stored: readonly StoredMessage[]): Promise<void> {
  const rows = stored.flatMap(({ messageId, deletedAt, item: { message, receivedAt } }) => {
    if (deletedAt) return []
    const { embeds = [], engagement } = message
    const url = webUrl(message.url)
    if (url === null && !message.warning && embeds.length === 0 && !message.poll && !engagement) return []
    return {
      workspaceId: actor.workspaceId,
      messageId,
      url,
      warning: message.warning?.slice(0, MOST_WARNING) || null,
      embeds: JSON.stringify(embedsOf(embeds)),
      poll: pollOf(message.poll),
      counts: JSON.stringify(countsOf(engagement)),
      countsAt: engagement ? receivedAt : null,
    }
  })
  if (rows.length > 0) await tx.insertInto('messagePosts').values(rows).execute()
}

/** An edit tells the warning as it is now; a poll that it does not name stays as it was. */
export async function editPost(tx: Tx<Tables>, actor: Actor, messageId: string, event: InboundEdit): Promise<void> {
  const warning = event.warning?.slice(0, MOST_WARNING) || null
  const poll = pollOf(event.poll)
  if (warning === null && poll === null) {
    await tx
      .updateTable('messagePosts')
      .set({ warning: null })
      .where('workspaceId', '=', actor.workspaceId)
      .where('messageId', '=', messageId)
      .where('warning', 'is not', null)
      .execute()
    return
  }
  await sql`
    insert into message_posts as p (workspace_id, message_id, warning, poll)
    values (${actor.workspaceId}::uuid, ${messageId}::uuid, ${warning}, ${poll}::jsonb)
    on conflict (workspace_id, message_id) do update set warning = excluded.warning, poll = coalesce(excluded.poll, p.poll)
  `.execute(tx)
}

/** Keeps where a message of ours can be seen. */
export async function keepUrl(tx: Tx<Tables>, actor: Actor, messageId: string, given: string | undefined) {
  const url = webUrl(given)
  if (url === null) return
  await sql`
    insert into message_posts (workspace_id, message_id, url) values (${actor.workspaceId}::uuid, ${messageId}::uuid, ${url})
    on conflict (workspace_id, message_id) do update set url = excluded.url
  `.execute(tx)
}

/** Keeps what a message of ours is hidden behind, and what its writer wrote where it leaves in parts. */
export async function storeOwnPost(
  tx: Tx<Tables>,
  actor: Actor,
  messageId: string,
  { warning, chainText }: { readonly warning: string | null; readonly chainText?: string | null },
): Promise<void> {
  if (warning === null && !chainText) return
  await tx
    .insertInto('messagePosts')
    .values({ workspaceId: actor.workspaceId, messageId, warning, chainText: chainText ?? null })
    .execute()
}

/** Takes all of it away, with who liked it: the message was deleted, or taken back. */
export async function forgetPost(
  tx: Tx<Pick<InboxTables, 'messagePosts' | 'messageDeeds'>>,
  actor: Actor,
  messageId: string,
): Promise<void> {
  for (const table of ['messagePosts', 'messageDeeds'] as const)
    await tx.deleteFrom(table).where('workspaceId', '=', actor.workspaceId).where('messageId', '=', messageId).execute()
}

/** Addresses are opened by members: nothing but the web. */
export function webUrl(given: string | undefined): string | null {
  const url = given === undefined || given.length > MOST_URL ? null : URL.parse(given)
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href.slice(0, MOST_URL) : null
}

function embedsOf(embeds: readonly Embed[]): Embed[] {
  return embeds.slice(0, MOST_EMBEDS).flatMap(({ kind, url: given, title, text, author }) => {
    const url = webUrl(given)
    if (url === null) return []
    return [
      {
        kind,
        url,
        ...(title && { title: title.slice(0, 300) }),
        ...(text && { text: text.slice(0, MOST_EMBED_TEXT) }),
        ...(author && { author: author.slice(0, 200) }),
      },
    ]
  })
}

function pollOf(poll: Poll | undefined): string | null {
  if (!poll) return null
  const options = poll.options
    .slice(0, MOST_OPTIONS)
    .map(({ text, votes }) => ({ text: text.slice(0, 500), ...(wholeOf(votes) !== null && { votes: wholeOf(votes) }) }))
  // What waited for its message was kept as JSON, and its moments are text by then.
  const closes = poll.closesAt ? new Date(poll.closesAt) : null
  const closesAt = closes && !Number.isNaN(closes.getTime()) ? closes.toISOString() : null
  return JSON.stringify({ options, closesAt, multiple: poll.multiple })
}

const wholeOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.min(Math.round(value), 2 ** 53 - 1) : null

/** Counts as they are kept: whole, and none that is no number. */
export function countsOf(engagement: InboundMessage['engagement']): Record<string, number> {
  return Object.fromEntries(
    (['likes', 'reposts', 'quotes', 'replies', 'views'] as const).flatMap((name) => {
      const count = wholeOf(engagement?.[name])
      return count === null ? [] : [[name, count]]
    }),
  )
}
