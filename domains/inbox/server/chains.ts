// A long answer that leaves as several, each below the one before. Where a part does not arrive the rest is held, so that nothing
// stands in public without what it goes on from; a person decides whether the part is tried again or the rest given up.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import type { KnownConnection } from '#connections/server'
import type { Actor } from '#platform/actor'
import { limitsBehind, overLimit, type TextLimit } from '#platform/contract/length'
import { openedWith } from '#platform/contract/opening'
import { Problem } from '#platform/contract/problem'
import { splitText } from '#platform/contract/split-text'
import type { Tx } from '#platform/db/database'
import { forgetPost } from './posts.ts'
import { forgetWords } from './search.ts'
import type { InboxTables } from './tables.ts'

type Tables = Pick<
  InboxTables,
  'messages' | 'outbound' | 'messageSearch' | 'messagePosts' | 'messageDeeds' | 'conversations'
>

/** More is an article, and nobody reads it so. */
export const MOST_PARTS = 25
const HELD = 'The part before it has not arrived.'

export interface Part {
  readonly id: string
  readonly body: string
  readonly index: number
}

export interface Whole {
  readonly clientId: string
  readonly body: string
  readonly chain?: boolean | undefined
  /** What the platform puts in front. */
  readonly opening: string
  readonly warning: string | null
}

/** The parts as which a text leaves: one, or a chain where its writer wants that and the channel has it. Throws 422 `inbox.too_long`. */
export function partsOf(
  { connector }: KnownConnection,
  given: readonly TextLimit[],
  { clientId, body, chain, opening, warning }: Whole,
): readonly Part[] {
  const limits = limitsBehind(given, warning)
  const over = overLimit(limits, openedWith(opening, body))
  if (!over) return [{ id: clientId, body, index: 0 }]
  const { max: limit, length, unit } = over
  const refuse = (words: string): never => {
    throw new Problem(422, 'inbox.too_long', words, { details: { limit, length, unit } })
  }
  if (!chain || !connector.capabilities.chains) refuse(`This is ${length} long; ${connector.name} takes ${limit}.`)
  const parts = splitText(body, limits, { opening })
  if (parts.length > MOST_PARTS) refuse(`This would be ${parts.length} posts; ${MOST_PARTS} are the most.`)
  return parts.map((text, index) => ({ id: index === 0 ? clientId : randomUUIDv7(), body: text, index }))
}

export interface ChainPlace {
  readonly chainId: string | null
  readonly chainIndex: number | null
}

/** All parts of the chain of a message in their order; itself alone where it is of none. */
export async function chainOf(
  tx: Tx<Tables>,
  actor: Actor,
  message: ChainPlace & { readonly id: string },
): Promise<readonly string[]> {
  if (message.chainId === null) return [message.id]
  const rows = await tx
    .selectFrom('messages')
    .select('id')
    .where('workspaceId', '=', actor.workspaceId)
    .where('chainId', '=', message.chainId)
    .orderBy('chainIndex')
    .execute()
  return rows.map(({ id }) => id)
}

/** What the rest of a chain does now that something became of a part: it waits for a person, or the next one goes. */
export async function afterPart(tx: Tx<Tables>, actor: Actor, messageId: string, arrived: boolean): Promise<void> {
  await sql`
    with part as (
      select chain_id, chain_index from messages
      where workspace_id = ${actor.workspaceId}::uuid and id = ${messageId}::uuid and chain_id is not null
    ), rest as (
      update outbound o set state = 'queued', next_at = ${arrived ? sql`${actor.at}::timestamptz` : sql`'infinity'`}
      from part p join messages m on m.workspace_id = ${actor.workspaceId}::uuid and m.chain_id = p.chain_id
        and m.chain_index > p.chain_index and (${!arrived} or m.chain_index = p.chain_index + 1)
      where o.workspace_id = m.workspace_id and o.message_id = m.id and o.state in ('held', 'queued')
        and (o.next_at = 'infinity') = ${arrived}
      returning o.message_id
    )
    update messages m set state = 'queued', state_reason = ${arrived ? null : HELD} from rest r
    where m.workspace_id = ${actor.workspaceId}::uuid and m.id = r.message_id
  `.execute(tx)
}

/** Lets what comes after a part that is given up go all the same, below what stands before it. Answers how many. */
export async function goOnWithout(
  tx: Tx<Tables>,
  actor: Actor,
  message: ChainPlace & { readonly id: string; readonly parentId: string | null },
): Promise<number> {
  if (message.chainId === null) return 0
  await tx
    .updateTable('messages')
    .set({ parentId: message.parentId })
    .where('workspaceId', '=', actor.workspaceId)
    .where('chainId', '=', message.chainId)
    .where('parentId', '=', message.id)
    .execute()
  const { rows } = await sql`
    with rest as (
      update outbound o set state = 'queued', next_at = ${actor.at} from messages m
      where m.workspace_id = ${actor.workspaceId}::uuid and m.chain_id = ${message.chainId}::uuid and m.chain_index > ${message.chainIndex}
        and o.workspace_id = m.workspace_id and o.message_id = m.id and o.state in ('held', 'queued')
      returning o.message_id
    )
    update messages m set state = 'queued', state_reason = null, state_at = ${actor.at} from rest r
    where m.workspace_id = ${actor.workspaceId}::uuid and m.id = r.message_id returning m.id
  `.execute(tx)
  return rows.length
}

/** Gives up what comes after a part and has not left. Answers how many. */
export async function giveUpRest(
  tx: Tx<Tables>,
  actor: Actor,
  message: ChainPlace & { readonly id: string; readonly conversationId: string },
): Promise<number> {
  if (message.chainId === null) return 0
  const { rows } = await sql<{ id: string }>`
    with rest as (
      update outbound o set state = 'settled' from messages m
      where m.workspace_id = ${actor.workspaceId}::uuid and m.chain_id = ${message.chainId}::uuid and m.chain_index > ${message.chainIndex}
        and o.workspace_id = m.workspace_id and o.message_id = m.id and o.state in ('held', 'queued')
      returning o.message_id
    )
    update messages m set state = 'cancelled', state_reason = null, state_at = ${actor.at} from rest r
    where m.workspace_id = ${actor.workspaceId}::uuid and m.id = r.message_id returning m.id
  `.execute(tx)
  await forgetParts(
    tx,
    actor,
    message.conversationId,
    rows.map(({ id }) => id),
  )
  return rows.length
}

/** Takes what parts left behind away, and off the count of their conversation. */
export async function forgetParts(
  tx: Tx<Tables>,
  actor: Actor,
  conversationId: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  for (const id of ids) {
    await forgetWords(tx, actor, id)
    await forgetPost(tx, actor, id)
  }
  await tx
    .updateTable('conversations')
    .set((eb) => ({ messageCount: eb('messageCount', '-', ids.length) }))
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', conversationId)
    .execute()
}
