// The running program, and everybody who may call it: each role, programs, visitors, somebody who left, nobody.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { readConfig } from '#platform/config'
import { createLog } from '#platform/log'
import { cloneDatabase } from '#platform/testing/database'
import type { Caller } from '../authorisation-matrix.ts'
import { startProgram, type Program } from '../program.ts'
import { makeElsewhere } from './elsewhere.ts'

export interface World {
  readonly program: Program
  readonly headers: Readonly<Record<Caller, Readonly<Record<string, string>>>>
  /** The public key of the workspace's chat, which every widget route names. */
  readonly chatKey: string
  /** Ids of things in another workspace, by the noun in front of them in a path. */
  readonly foreign: Readonly<Record<string, string>>
  readonly end: () => Promise<void>
}

export async function makeWorld(): Promise<World> {
  const database = await cloneDatabase(inject('ownerUrl'))
  const dataDir = await mkdtemp(join(tmpdir(), 'rapport-matrix-'))
  await chmod(dataDir, 0o755)
  const config = readConfig({ DATABASE_URL: database.ownerUrl, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent' })
  const program = await startProgram({ config, log: createLog(config), version: 'test', limiter: { take: () => 0 } })
  const post = poster(program.url)

  const token = new URL(program.setupLink!).hash.slice(1)
  const claim = {
    name: 'Olga Owner',
    email: 'olga@example.org',
    password: 'a long enough password',
    workspaceName: 'Here',
    timeZone: 'UTC',
    locale: 'en',
  }
  const owner = { cookie: (await post('/api/setup', { token, ...claim })).cookie }
  const headers: Record<string, Record<string, string>> = { owner, nobody: {} }
  for (const role of ['admin', 'lead', 'agent', 'viewer'] as const) headers[role] = await join_(post, owner, role)
  headers['outsider'] = await join_(post, owner, 'agent', 'outsider@example.org')
  await leave(program.url, headers['outsider'])
  for (const [caller, scopes] of [
    ['adminToken', ['admin']],
    ['readToken', ['read']],
  ] as const) {
    const { value } = (await post<{ value: string }>('/api/tokens', { name: caller, scopes }, owner)).body
    headers[caller] = { authorization: `Bearer ${value}` }
  }
  const chat = (await post<Connected>('/api/connections', { channel: 'webchat', name: 'Chat' }, owner)).body.connection
  const visit = (await post<{ token: string }>(`/widget/v1/visits?key=${chat.publicKey}`, { locale: 'en' })).body
  headers['visitor'] = { authorization: `Bearer ${visit.token}` }
  // Whoever may load the sample hears that it is there: a whole month takes half a minute, and is tested elsewhere.
  const sample = (await post<Connected>('/api/connections', { channel: 'webchat', name: 'Sample' }, owner)).body
    .connection
  await program.db.system((tx) =>
    tx.updateTable('connections').set({ isSample: true }).where('id', '=', sample.id).execute(),
  )
  const foreign = await makeElsewhere(program.db)
  return {
    program,
    headers: headers as World['headers'],
    chatKey: chat.publicKey,
    foreign,
    end: async () => {
      await program[Symbol.asyncDispose]()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

interface Connected {
  readonly connection: { readonly id: string; readonly publicKey: string }
}

/** `Body`: what the caller knows to be answered. */
type Post = <Body = unknown>(
  path: string,
  body: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<{ body: Body; cookie: string }>

const poster =
  (url: string): Post =>
  async <Body>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`)
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    return { body: (text === '' ? null : JSON.parse(text)) as Body, cookie }
  }

async function join_(
  post: Post,
  owner: Record<string, string>,
  role: string,
  email = `${role}@example.org`,
): Promise<Record<string, string>> {
  const { link } = (await post<{ link: string }>('/api/invitations', { email, role }, owner)).body
  if (!(await fetch(new URL('/healthz', link))).ok) throw new Error(`the link ${link} leads nowhere`)
  const { cookie } = await post('/api/invitations/accept', {
    token: new URL(link).hash.slice(1),
    name: `The ${role}`,
    password: 'a long enough password',
  })
  return { cookie }
}

async function leave(url: string, headers: Record<string, string>): Promise<void> {
  const response = await fetch(`${url}/api/me/leave`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{}',
  })
  if (!response.ok) throw new Error(`leaving answered ${response.status}`)
}
