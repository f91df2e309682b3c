// The airline's accounts on the demo's open networks: connected as anybody's would be, read back some days, and a complaint on each
// taken into a private line, so that a newcomer finds one there.
import { setTimeout as sleep } from 'node:timers/promises'
import { backfillConnection, changeConnection, createConnection } from '#connections/server'
import { inviteToPrivate } from '#inbox/server'
import { programActor, type Actor } from '#platform/actor'
import type { ProgramParts } from '../program/program.ts'
import type { DemoNetwork } from './demo-network.ts'
import { pastOf } from './network-posts.ts'

const BACK_MS = 4 * 86_400_000
const PATIENCE_MS = 120_000

/** Connects it where it never was, and points it at where it stands now. Null: somebody disconnected it. */
export async function connectNetwork(
  { db, keyring, clock }: ProgramParts,
  workspaceId: string,
  network: DemoNetwork,
  name: string,
): Promise<string | null> {
  const now = clock.now()
  const actor = programActor(workspaceId, now)
  const { channel, settings } = network
  return db.write(actor, async (tx) => {
    const there = await tx
      .selectFrom('connections')
      .select(['id', 'state'])
      .where('workspaceId', '=', workspaceId)
      .where('isSample', '=', true)
      .where('name', '=', name)
      .executeTakeFirst()
    if (there?.state === 'removed') return null
    if (there) {
      await changeConnection(tx, actor, there.id, { settings: { ...settings } }, { keyring })
      return there.id
    }
    const { id } = await createConnection(
      tx,
      actor,
      { channel, name, isSample: true, settings: { ...settings } },
      { keyring },
    )
    await backfillConnection(tx, actor, id, new Date(now.getTime() - BACK_MS))
    return id
  })
}

/** Once the complaint has come in, its author is asked into a private line and speaks there. Answers how to stop. */
export function goPrivate(
  parts: ProgramParts,
  workspaceId: string,
  connectionId: string,
  network: DemoNetwork,
): () => Promise<void> {
  const stop = new AbortController()
  const work = async (): Promise<void> => {
    for (const { posts, privately } of pastOf[network.channel]) {
      const [complaint] = posts
      if (!complaint || privately === undefined) continue
      const conversationId = await conversationOf(parts, workspaceId, connectionId, complaint.text, stop.signal)
      if (conversationId === null) return
      const connection = await parts.known.byId(workspaceId, connectionId)
      await inviteToPrivate(parts, await agent(parts, workspaceId), connection, { conversationId })
      network.whisper(complaint.by, privately)
    }
    network.settled()
  }
  const done = network.isSettled
    ? Promise.resolve()
    : work().catch((error: unknown) =>
        parts.log.warn({ err: error }, 'the demo’s past on a network was not told whole'),
      )
  return async () => {
    stop.abort()
    await done
  }
}

/** Whoever of the colleagues looks after public talk; the program itself where there are none. */
async function agent({ db, clock }: ProgramParts, workspaceId: string): Promise<Actor> {
  const at = clock.now()
  const member = await db.read({ workspaceId }, (tx) =>
    tx
      .selectFrom('members')
      .select('id')
      .where('workspaceId', '=', workspaceId)
      .where('userId', '=', `sample:${workspaceId}:nuria`)
      .executeTakeFirst(),
  )
  const actor = programActor(workspaceId, at)
  return member ? { ...actor, kind: 'member', id: member.id } : actor
}

async function conversationOf(
  { db }: ProgramParts,
  workspaceId: string,
  connectionId: string,
  text: string,
  signal: AbortSignal,
): Promise<string | null> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end && !signal.aborted;) {
    const row = await db.read({ workspaceId }, (tx) =>
      tx
        .selectFrom('messages as m')
        .innerJoin('conversations as c', (join) =>
          join.onRef('c.workspaceId', '=', 'm.workspaceId').onRef('c.id', '=', 'm.conversationId'),
        )
        .select('c.id')
        .where('m.workspaceId', '=', workspaceId)
        .where('c.connectionId', '=', connectionId)
        .where('m.body', 'like', `%${text.slice(0, 40)}%`)
        .executeTakeFirst(),
    )
    if (row) return row.id
    await sleep(500, undefined, { signal }).catch(() => {})
  }
  return null
}
