// `npm start -- --demo`: a workspace of its own with the sample in it, a customer's desk beside it, and a quiet trickle of news.
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { programActor } from '#platform/actor'
import type { Config } from '#platform/config'
import { createPerson, createWorkspace } from '#workspaces/server'
import type { ProgramParts } from '../program/program.ts'
import { AIRLINE, TIME_ZONE } from './cast.ts'
import { deskPlugin } from './desk.ts'
import { openForum } from './forum.ts'
import { pointAnswers } from './furnish.ts'
import { loadSample } from './load.ts'
import { connectMail } from './mail-connection.ts'
import { connectNetwork, goPrivate } from './network-connections.ts'
import { openReceiver } from './receiver.ts'
import { isLoaded, removeSample } from './state.ts'
import { startTrickle } from './trickle.ts'

const EMAIL = 'robin@larkmoor.example'
const SIGN_IN_FILE = 'demo-sign-in.txt'

export interface Demo {
  readonly extend: (parts: ProgramParts) => Promise<void>
  /** The settings of the program with a door for mail, on a free port of this machine where none was set. */
  readonly configure: (config: Config) => Config
  /** Lets connectors reach the demo's own receiver, mailbox and networks, and nothing else in the house. */
  readonly allowPrivate: (address: string, port: number) => boolean
  /** How to sign in, in words; once the program stands. */
  readonly welcome: (url: string) => Promise<string>
}

/** Prepares the demo; `extend`, `configure` and `allowPrivate` are for the program. */
export async function prepareDemo(dataDir: string, say: (line: string) => void): Promise<Demo> {
  const receiver = await openReceiver()
  // Every start reads this file, and only the demo needs libraries for mail, and small networks.
  const { openMailbox } = await import('./mailbox.ts')
  const { openMastodon } = await import('./demo-mastodon.ts')
  const { openBluesky } = await import('./demo-bluesky.ts')
  const mailbox = await openMailbox(join(dataDir, 'demo-mailbox'))
  const kept = join(dataDir, 'demo-networks')
  const { openPortraits } = await import('./portraits.ts')
  const portraits = await openPortraits()
  const networks = [
    { name: 'Mastodon', network: await openMastodon(kept, portraits) },
    { name: 'Bluesky', network: await openBluesky(kept, portraits) },
  ]
  const ports = [receiver.port, mailbox.port, portraits.port, ...networks.map(({ network }) => network.port)]
  return {
    configure: (config) => ({
      ...config,
      doors: { ...config.doors, smtp: config.doors['smtp'] ?? { port: 0, host: '127.0.0.1', tls: null } },
    }),
    allowPrivate: (address, port) => ports.includes(port) && (address === '127.0.0.1' || address === '::1'),
    extend: async (parts) => {
      parts.onEnd(receiver.close)
      parts.onEnd(mailbox.close)
      parts.onEnd(portraits.close)
      const { workspaceId, memberId } = await ensureWorkspace(parts, dataDir)
      await ensureSample(parts, workspaceId, memberId, say)
      const actor = programActor(workspaceId, parts.clock.now())
      await pointAnswers(parts.db, parts.keyring, actor, receiver.url)
      await connectMail(parts, workspaceId, mailbox.port)
      const forum = await openForum(parts, workspaceId)
      receiver.onAnswer(parts, workspaceId, (place, answer) => {
        if (place === 'forum') forum.hear(answer)
      })
      for (const { name, network } of networks) {
        parts.onEnd(network.close)
        const id = await connectNetwork(parts, workspaceId, network, `Larkmoor on ${name}`)
        if (id !== null) parts.onEnd(goPrivate(parts, workspaceId, id, network))
      }
      await parts.app.register(deskPlugin(parts, workspaceId, { forum, mailbox, networks }), { prefix: '/demo' })
      parts.onEnd(startTrickle(parts, workspaceId))
    },
    welcome: async (url) => {
      const kept = await readFile(join(dataDir, SIGN_IN_FILE), 'utf8').catch(() => null)
      const password = kept?.match(/^Password: (.+)$/m)?.[1]
      return [
        `  The desk        ${url}`,
        `  Sign in as      ${EMAIL}`,
        password
          ? `  Password        ${password}`
          : `  The password is lost: remove ${dataDir} and start again for a new demo.`,
        `  Customer's desk ${url}/demo`,
      ].join('\n')
    },
  }
}

async function ensureWorkspace({ db, auth, clock }: ProgramParts, dataDir: string) {
  const there = await db.system(async (tx) => {
    const { rows } = await sql<{ workspaceId: string; memberId: string }>`
      select w.id as workspace_id, m.id as member_id from workspaces w
      join members m on m.workspace_id = w.id and m.role = 'owner' where w.is_sample order by m.created_at limit 1`.execute(
      tx,
    )
    return rows[0]
  })
  if (there) return there
  const password = randomBytes(12).toString('base64url')
  const passwordHash = await auth.hashPassword(password)
  const now = clock.now()
  // Before the account: a password that nobody knows would be worse than a file about an account that is not there.
  await writeFile(join(dataDir, SIGN_IN_FILE), `E-mail: ${EMAIL}\nPassword: ${password}\n`, { mode: 0o600 })
  return db.system(async (tx) => {
    const person = await createPerson(tx, now, { email: EMAIL, name: 'Robin Halloway', passwordHash })
    return createWorkspace(tx, now, {
      name: AIRLINE,
      timeZone: TIME_ZONE,
      locale: 'en',
      isSample: true,
      owner: { userId: person.id, name: person.name, email: person.email },
    })
  })
}

/** Loads the sample where it is not; what broke off half-way is taken out first. */
async function ensureSample(
  parts: ProgramParts,
  workspaceId: string,
  memberId: string,
  say: (line: string) => void,
): Promise<void> {
  const actor = programActor(workspaceId, parts.clock.now())
  const [loaded, whole] = await parts.db.read(actor, async (tx) => {
    const done = await tx
      .selectFrom('events')
      .select('seq')
      .where('workspaceId', '=', workspaceId)
      .where('type', '=', 'workspaces.sample_loaded')
      .limit(1)
      .executeTakeFirst()
    return [await isLoaded(tx, workspaceId), done !== undefined]
  })
  if (loaded && whole) return
  if (loaded) await removeSample(parts.db, parts.files, actor)
  say(`Living through a month at ${AIRLINE} …`)
  const { conversations, messages } = await loadSample(parts, workspaceId, memberId)
  say(`${conversations} conversations with ${messages} messages.`)
}
