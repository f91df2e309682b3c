// A setting may name another connection of the workspace: one whose channel can do what the setting needs it for. The schema says
// so (`connectionThat`, a capability); the form offers those, and here is held that it is one.
import type { Connector } from '#channels/connector'
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { FindConnector } from './known.ts'
import type { Settings } from './settings.ts'
import type { ConnectionReads } from './tables.ts'

/** Throws 422 `connections.bad_settings`, which names the first setting that names no such connection. */
export async function requireNamed(
  tx: Tx<Pick<ConnectionReads, 'connections'>>,
  actor: Actor,
  connector: Connector,
  settings: Settings,
  findConnector: FindConnector,
): Promise<void> {
  const schema = connector.settings as { readonly properties?: Readonly<Record<string, { connectionThat?: string }>> }
  for (const [name, { connectionThat: ability }] of Object.entries(schema.properties ?? {})) {
    const id = settings[name]
    if (ability === undefined || typeof id !== 'string') continue
    const row = await tx
      .selectFrom('connections')
      .select('channel')
      .where('workspaceId', '=', actor.workspaceId)
      .where('id', '=', id)
      .where('state', '<>', 'removed')
      .executeTakeFirst()
    const abilities = (row && findConnector(row.channel)?.capabilities) as Readonly<Record<string, unknown>> | undefined
    if (abilities?.[ability] === true) continue
    throw new Problem(422, 'connections.bad_settings', `Some settings are not as ${connector.name} needs them.`, {
      fields: [{ path: `settings.${name}`, message: 'names no connection that can do this' }],
    })
  }
}
