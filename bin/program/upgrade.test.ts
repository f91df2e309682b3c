// An installation of each earlier release, from the backup that it made of itself, comes to life under today's program.
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connectionRoutes } from '#connections/contract'
import { conversationRoutes, messageRoutes } from '#inbox/contract'
import { readConfig } from '#platform/config'
import { client } from '#platform/contract/client'
import { readMigrations } from '#platform/db/migrate'
import { workspaceRoutes } from '#workspaces/contract'
import { startProgram, type Program } from './program.ts'
import type { Kept } from './upgrade-note.ts'

const testdata = fileURLToPath(new URL('../testdata', import.meta.url))
const rapport = fileURLToPath(new URL('../rapport.ts', import.meta.url))
const releases = (await readdir(testdata)).flatMap((name) => /^backup-(.+)\.rapport$/.exec(name)?.[1] ?? [])
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapport-upgrade-'))
  await chmod(folder, 0o711)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function signIn(program: Program, { email, password }: { email: string; password: string }): Promise<string> {
  const reply = await fetch(`${program.url}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  expect([email, reply.status]).toEqual([email, 200])
  return reply.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
}

test('there is a release to upgrade from', () => expect(releases).toContain('0.1.0'))

test.each(releases)(
  'the installation of release %s goes on: same conversations, same people, nothing sent by itself',
  async (release) => {
    const kept = JSON.parse(await readFile(join(testdata, `backup-${release}.json`), 'utf8')) as Kept
    const dataDir = join(folder, 'data')
    await promisify(execFile)(
      process.execPath,
      [rapport, 'restore', join(testdata, `backup-${release}.rapport`), '--into', dataDir],
      {
        env: { PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir },
      },
    )
    await using program = await startProgram({
      config: readConfig({ DATA_DIR: dataDir, PORT: '0' }),
      log: pino({ level: 'silent' }),
      version: 'test',
    })
    const owner = new pg.Client({ connectionString: program.ownerUrl })
    await owner.connect()
    const { rows: applied } = await owner.query('select name from migrations order by name').finally(() => owner.end())
    expect(applied.map(({ name }) => name)).toEqual((await readMigrations()).map(({ name }) => name))

    for (const member of kept.members) {
      const cookie = await signIn(program, member)
      const options = { base: `${program.url}/api`, headers: () => ({ cookie }) }
      const [conversations, messages] = [client(conversationRoutes, options), client(messageRoutes, options)]
      for (const { id, messages: lines, ...was } of kept.conversations) {
        expect(await conversations.getConversation({ params: { id } })).toMatchObject(was)
        const { items } = await messages.listMessages({ params: { id }, query: {} })
        const now = items
          .toReversed()
          .map((one) => [one.kind, one.body, ...one.attachments.map(({ name }) => name)].join(' · '))
        expect(now.slice(0, lines.length)).toEqual(lines)
        // What was on its way is in doubt now.
        const doubtful = items.filter((one) => one.state === 'unknown').map((one) => one.id)
        expect(doubtful).toEqual(items.filter((one) => one.id === kept.underWay).map((one) => one.id))
      }
      const file = await fetch(`${program.url}/api/attachments/${kept.attachment.id}/file`, { headers: { cookie } })
      expect((await file.bytes()).length).toBe(kept.attachment.size)
      const workspace = await client(workspaceRoutes, options).getWorkspace({})
      expect(workspace.outboundPausedReason).toMatch(/^Restored from the backup of/)
    }

    // What was sealed opens with the key that came along: the signed connection still knows its secret.
    const cookie = await signIn(program, kept.members[0]!)
    const connections = client(connectionRoutes, { base: `${program.url}/api`, headers: () => ({ cookie }) })
    const { items } = await connections.listConnections({})
    expect(
      items.map(({ channel, name }) => ({ channel, name })).toSorted((a, b) => a.name.localeCompare(b.name)),
    ).toEqual(kept.connections)
    for (const { id } of items)
      expect(await connections.testConnection({ params: { id } })).toMatchObject({ ok: expect.any(Boolean) })
  },
)
