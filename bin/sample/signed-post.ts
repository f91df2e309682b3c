// Sends a message into the desk as a system of the customer's own does: signed, over the public address of its connection.
import { createHmac, randomUUID } from 'node:crypto'
import type { ProgramParts } from '../program/program.ts'
import { places, type PlaceKey } from './cast.ts'

/** Posts `payload` to the connection of a place. Throws when it was not accepted. */
export async function postSigned(
  { app, db, known, clock }: Pick<ProgramParts, 'app' | 'db' | 'known' | 'clock'>,
  workspaceId: string,
  place: PlaceKey,
  payload: Readonly<Record<string, unknown>>,
): Promise<void> {
  const row = await db.read({ workspaceId }, (tx) =>
    tx
      .selectFrom('connections')
      .select(['id', 'publicKey'])
      .where('isSample', '=', true)
      .where('name', '=', places[place].name)
      .where('state', '<>', 'removed')
      .executeTakeFirst(),
  )
  const secret = row && (await known.byId(workspaceId, row.id))?.credentials['signingSecret']
  if (!row || !secret) throw new Error(`${places[place].name} is not connected any more`)
  const body = JSON.stringify({ version: 1, ...payload })
  const id = `demo_${randomUUID()}`
  const timestamp = Math.floor(clock.now().getTime() / 1000)
  // Standard Webhooks, as docs/guides/integrator.md shows it.
  const key = Buffer.from(secret.split(' ')[0]!.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  const reply = await app.inject({
    method: 'POST',
    url: `/in/${row.publicKey}`,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${signature}`,
    },
    payload: body,
  })
  if (reply.statusCode >= 300) throw new Error(`the desk did not take it (${reply.statusCode})`)
}
