// The airline's mailbox in the demo: mail straight to Rapport's own door, answers by the demo's mailbox server. Its port is another
// one at each start.
import { changeConnection, createConnection } from '#connections/server'
import { programActor } from '#platform/actor'
import type { ProgramParts } from '../program/program.ts'
import { places } from './cast.ts'

const NAME = 'Larkmoor mail'
const ADDRESS = 'care@larkmoor.example'
/** Soon enough to be seen by somebody who tries it. */
const CHAT_WAITS_SECONDS = 20

/** Connects it where it never was, lets the chat of the sample shop go on through it, and points it at `port`. */
export async function connectMail(
  { db, keyring, clock }: ProgramParts,
  workspaceId: string,
  port: number,
): Promise<void> {
  const actor = programActor(workspaceId, clock.now())
  const there = await find(db, workspaceId)
  await db.write(actor, async (tx) => {
    if (there?.state === 'removed') return
    if (there) return changeConnection(tx, actor, there.id, { settings: { smtpPort: port } }, { keyring })
    const { id } = await createConnection(
      tx,
      actor,
      {
        channel: 'email',
        name: NAME,
        isSample: true,
        settings: {
          address: ADDRESS,
          displayName: 'Larkmoor Air',
          receive: 'smtp',
          smtpHost: '127.0.0.1',
          smtpPort: port,
          smtpSecurity: 'none',
          smtpWithoutLogin: true,
          signature: '{agent}\nLarkmoor Air, up with the lark',
        },
      },
      { keyring },
    )
    const chat = await tx
      .selectFrom('connections')
      .select('id')
      .where('workspaceId', '=', workspaceId)
      .where('isSample', '=', true)
      .where('name', '=', places.chat.name)
      .where('state', '<>', 'removed')
      .executeTakeFirst()
    const settings = { continueBy: id, continueAfter: CHAT_WAITS_SECONDS }
    if (chat) await changeConnection(tx, actor, chat.id, { settings }, { keyring })
  })
}

/** Where customers write to; null once it was disconnected. */
export async function addressOfDesk({ db }: ProgramParts, workspaceId: string): Promise<string | null> {
  const row = await find(db, workspaceId)
  const address = row && row.state !== 'removed' ? (row.settings as { address?: unknown }).address : null
  return typeof address === 'string' ? address : null
}

const find = (db: ProgramParts['db'], workspaceId: string) =>
  db.read({ workspaceId }, (tx) =>
    tx
      .selectFrom('connections')
      .select(['id', 'state', 'settings'])
      .where('workspaceId', '=', workspaceId)
      .where('isSample', '=', true)
      .where('name', '=', NAME)
      .executeTakeFirst(),
  )
