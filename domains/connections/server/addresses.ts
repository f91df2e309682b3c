// What is addressed how leads to which connection. An address is claimed once in the whole installation: whoever is second is
// told that it is taken, and not by whom.
import type { Connector } from '#channels/connector'
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Database, Tx } from '#platform/db/database'
import type { ConnectionTables } from './tables.ts'
import type { Settings } from './settings.ts'

type Tables = Pick<ConnectionTables, 'connectionAddresses'>

/** Makes the claims of a connection what its settings say. Throws 409 `connections.address_taken`, which names the address. */
export async function claimAddresses(
  tx: Tx<Tables>,
  actor: Actor,
  connectionId: string,
  connector: Connector,
  settings: Settings,
): Promise<void> {
  const wanted = [...new Set((connector.addressesOf?.(settings) ?? []).map((address) => address.toLowerCase()))].sort()
  await tx
    .deleteFrom('connectionAddresses')
    .where('workspaceId', '=', actor.workspaceId)
    .where('connectionId', '=', connectionId)
    .$if(wanted.length > 0, (query) => query.where('address', 'not in', wanted))
    .execute()
  if (wanted.length === 0) return
  const kept = await tx
    .selectFrom('connectionAddresses')
    .select('address')
    .where('workspaceId', '=', actor.workspaceId)
    .where('connectionId', '=', connectionId)
    .execute()
  const missing = wanted.filter((address) => !kept.some((one) => one.address === address))
  if (missing.length === 0) return
  const claimed = await tx
    .insertInto('connectionAddresses')
    .values(
      missing.map((address) => ({ channel: connector.id, address, workspaceId: actor.workspaceId, connectionId })),
    )
    .onConflict((conflict) => conflict.columns(['channel', 'address']).doNothing())
    .returning('address')
    .execute()
  const taken = missing.filter((address) => !claimed.some((one) => one.address === address))
  if (taken.length === 0) return
  throw new Problem(409, 'connections.address_taken', `${taken[0]!} is already in use by another connection.`, {
    details: { addresses: taken },
  })
}

/** Gives back what a removed connection had claimed. */
export async function freeAddresses(tx: Tx<Tables>, actor: Actor, connectionId: string): Promise<void> {
  await tx
    .deleteFrom('connectionAddresses')
    .where('workspaceId', '=', actor.workspaceId)
    .where('connectionId', '=', connectionId)
    .execute()
}

/** Who takes what is addressed so on a channel, in any workspace; paused ones too, since what is delivered is still stored. */
export function findByAddress(
  db: Database,
  channel: string,
  address: string,
): Promise<readonly { readonly workspaceId: string; readonly connectionId: string }[]> {
  return db.system((tx) =>
    tx
      .selectFrom('connectionAddresses')
      .select(['workspaceId', 'connectionId'])
      .where('channel', '=', channel)
      .where('address', '=', address.toLowerCase())
      .execute(),
  )
}
