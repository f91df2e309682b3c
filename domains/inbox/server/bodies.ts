// What a message is beside its words: HTML, quoted text, whom it went to. Read with a thread, never with a list.
import { sql } from 'kysely'
import type { Addressee } from '#channels/connector'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { Addressees } from '../contract.ts'
import { addressOf, type StoredMessage } from './inbound-items.ts'
import type { InboxTables } from './tables.ts'

type Tables = Pick<InboxTables, 'messageBodies' | 'conversationAddresses'>

/** More addresses than anybody answers. */
const MOST_ADDRESSEES = 100

/** Stores bodies and remembers the addresses that took part. Two statements; none where there is nothing of either. */
export async function storeBodies(tx: Tx<Tables>, actor: Actor, stored: readonly StoredMessage[]): Promise<void> {
  const rows = stored
    .filter(({ item: { message }, deletedAt }) => !deletedAt && (message.html || message.quoted || message.addressees))
    .map(({ messageId, item: { message } }) => ({
      workspaceId: actor.workspaceId,
      messageId,
      html: message.html || null,
      quoted: message.quoted || null,
      addressees: message.addressees
        ? JSON.stringify({ to: listOf(message.addressees.to), cc: listOf(message.addressees.cc), bcc: [] })
        : null,
    }))
  if (rows.length > 0) await tx.insertInto('messageBodies').values(rows).execute()
  await rememberAddresses(
    tx,
    actor,
    stored.flatMap(({ conversationId, item: { message } }) => {
      if (!message.addressees) return []
      const { to, cc } = message.addressees
      const byUs = message.ours ?? false
      return [
        ...listOf([...to, ...cc]).map(({ address }) => ({ conversationId, address, byUs })),
        ...(byUs ? [] : [{ conversationId, address: addressOf(message), byUs: false }]),
      ]
    }),
  )
}

const listOf = (given: readonly Addressee[]): Addressees['to'] =>
  given.slice(0, MOST_ADDRESSEES).map(({ address, name }) => ({
    address: address.slice(0, 320),
    ...(name && { name: name.slice(0, 200) }),
  }))

/** Addresses that took part; what one of ours wrote to stays that. */
async function rememberAddresses(
  tx: Tx<Pick<Tables, 'conversationAddresses'>>,
  actor: Actor,
  given: readonly { readonly conversationId: string; readonly address: string; readonly byUs: boolean }[],
): Promise<void> {
  const rows = new Map<string, (typeof given)[number]>()
  for (const row of given) {
    const address = row.address.toLowerCase()
    const key = `${row.conversationId} ${address}`
    rows.set(key, { ...row, address, byUs: row.byUs || (rows.get(key)?.byUs ?? false) })
  }
  if (rows.size === 0) return
  const all = [...rows.values()]
  await sql`
    insert into conversation_addresses as a (workspace_id, conversation_id, address, by_us)
    select ${actor.workspaceId}::uuid, * from unnest(${all.map((row) => row.conversationId)}::uuid[], ${all.map((row) => row.address)}::text[],
      ${all.map((row) => row.byUs)}::boolean[])
    on conflict (workspace_id, conversation_id, address) do update set by_us = true where excluded.by_us and not a.by_us
  `.execute(tx)
}

/** Whom a message went to; null where nothing is kept of that. */
export async function addresseesOf(
  tx: Tx<Pick<Tables, 'messageBodies'>>,
  actor: Actor,
  messageId: string,
): Promise<Addressees | null> {
  const row = await tx
    .selectFrom('messageBodies')
    .select('addressees')
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', messageId)
    .executeTakeFirst()
  return (row?.addressees ?? null) as Addressees | null
}

/** Keeps whom a message of ours goes to; they take part once it leaves (leaving.ts). */
export async function storeEnvelope(
  tx: Tx<Pick<Tables, 'messageBodies'>>,
  actor: Actor,
  messageId: string,
  { to, cc, bcc }: Addressees,
): Promise<void> {
  await tx
    .insertInto('messageBodies')
    .values({ workspaceId: actor.workspaceId, messageId, addressees: JSON.stringify({ to, cc, bcc }) })
    .execute()
}

/** Takes what a message was beside its words away: it was deleted, or taken back. */
export async function forgetBody(
  tx: Tx<Pick<Tables, 'messageBodies'>>,
  actor: Actor,
  messageId: string,
): Promise<void> {
  await tx
    .deleteFrom('messageBodies')
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', messageId)
    .execute()
}
