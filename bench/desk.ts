// A desk as its users have one: claimed by its link, with connections, teams and people who are signed in.
import { createHmac, randomUUID, randomUUIDv7 } from 'node:crypto'
import pg from 'pg'
import { derive } from '#platform/crypto'
import { openKeyring } from '#platform/keyring'
import { rootIn } from '../bin/program/database.ts'
import { callJson } from './load.ts'
import { SECRET_KEY, type BenchDatabase, type Served } from './world.ts'

export interface Desk {
  readonly workspaceId: string
  /** Headers of the owner's browser. */
  readonly owner: Record<string, string>
}

/** Claims a fresh installation over HTTP, as its first person does. */
export async function claim(served: Pick<Served, 'url' | 'setupLink'>): Promise<Desk> {
  const token = served.setupLink?.split('#')[1]
  if (token === undefined) throw new Error('this installation has been claimed already')
  const { value, headers } = await callJson<{ workspaceId: string }>(served.url, {
    method: 'POST',
    path: '/api/setup',
    body: {
      token,
      name: 'Odette Owner',
      email: 'odette@hollow.example',
      password: 'correct horse battery',
      workspaceName: 'Hollow Air',
      timeZone: 'UTC',
      locale: 'en',
    },
  })
  const cookie = headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  return { workspaceId: value.workspaceId, owner: { cookie } }
}

export interface ApiConnection {
  readonly id: string
  /** Where it takes deliveries. */
  readonly path: string
  readonly key: Buffer
}

/** Connects a system of the `api` channel. */
export async function connectApi(
  served: Pick<Served, 'url'>,
  desk: Pick<Desk, 'owner'>,
  name: string,
  given: { readonly teamId?: string; readonly settings?: Record<string, unknown> } = {},
): Promise<ApiConnection> {
  const { value } = await callJson<{
    connection: { id: string; publicKey: string }
    secrets: Record<string, string>
  }>(served.url, {
    method: 'POST',
    path: '/api/connections',
    headers: desk.owner,
    body: { channel: 'api', name, ...given },
  })
  const { id, publicKey } = value.connection
  return { id, path: `/in/${publicKey}`, key: Buffer.from(value.secrets['signingSecret']!.slice(6), 'base64') }
}

export interface Person {
  readonly memberId: string
  readonly headers: Record<string, string>
}

/** Members by the hundred, each signed in: rows as signing in leaves them, with cookies signed by the program's own key. */
export async function signedIn(
  database: BenchDatabase,
  workspaceId: string,
  wanted: readonly { readonly role: string; readonly teamIds?: readonly string[] }[],
): Promise<Person[]> {
  const secret = await signInSecret(database.url)
  const now = new Date()
  const rows = wanted.map(({ role, teamIds = [] }, index) => ({
    user: randomUUID(),
    member: randomUUIDv7(),
    token: randomUUID().replaceAll('-', ''),
    name: `Agent ${index}`,
    email: `agent-${index}-${randomUUID().slice(0, 8)}@hollow.example`,
    role,
    teamIds,
  }))
  const column = <K extends keyof (typeof rows)[number]>(name: K) => rows.map((row) => row[name])
  await database.owner.query(
    `insert into auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
     select id, name, email, true, $4, $4 from unnest($1::text[], $2::text[], $3::text[]) as n (id, name, email)`,
    [column('user'), column('name'), column('email'), now],
  )
  await database.owner.query(
    `insert into auth.session (id, "expiresAt", token, "createdAt", "updatedAt", "userId", "lastSeenAt")
     select gen_random_uuid()::text, $3::timestamptz + interval '7 days', token, $3, $3, id, $3
     from unnest($1::text[], $2::text[]) as n (id, token)`,
    [column('user'), column('token'), now],
  )
  await database.owner.query(
    `insert into members (workspace_id, id, user_id, name, email, role, state, created_at)
     select $1, id, user_id, name, email, role, 'active', $7
     from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[]) as n (id, user_id, name, email, role)`,
    [workspaceId, column('member'), column('user'), column('name'), column('email'), column('role'), now],
  )
  const inTeams = rows.flatMap(({ member, teamIds }) => teamIds.map((team) => [member, team] as const))
  await database.owner.query(
    `insert into team_members (workspace_id, team_id, member_id)
     select $1, team, member from unnest($2::uuid[], $3::uuid[]) as n (member, team)`,
    [workspaceId, inTeams.map(([member]) => member), inTeams.map(([, team]) => team)],
  )
  return rows.map(({ member, token }) => ({ memberId: member, headers: { cookie: loginCookie(token, secret) } }))
}

/** A new log-in for members that are there already. */
export async function signInAgain(database: BenchDatabase, memberIds: readonly string[]): Promise<Person[]> {
  const secret = await signInSecret(database.url)
  const now = new Date()
  const tokens = memberIds.map(() => randomUUID().replaceAll('-', ''))
  await database.owner.query(
    `insert into auth.session (id, "expiresAt", token, "createdAt", "updatedAt", "userId", "lastSeenAt")
     select gen_random_uuid()::text, $3::timestamptz + interval '7 days', token, $3, $3, m.user_id, $3
     from unnest($1::uuid[], $2::text[]) as n (id, token) join members m using (id)`,
    [memberIds, tokens, now],
  )
  return memberIds.map((memberId, index) => ({ memberId, headers: { cookie: loginCookie(tokens[index]!, secret) } }))
}

/** Teams by name; answers their ids in order. */
export async function makeTeams(database: BenchDatabase, workspaceId: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUIDv7())
  await database.owner.query(
    `insert into teams (workspace_id, id, name, created_at)
     select $1, id, 'Team ' || n, $3 from unnest($2::uuid[]) with ordinality as t (id, n)`,
    [workspaceId, ids, new Date()],
  )
  return ids
}

const loginCookie = (token: string, secret: string): string =>
  `rapport_login=${encodeURIComponent(`${token}.${createHmac('sha256', secret).update(token).digest('base64')}`)}`

/** Found as the program finds it: from the key and the root in the database. */
async function signInSecret(ownerUrl: string): Promise<string> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  try {
    const keyring = await openKeyring({ secretKey: SECRET_KEY, directory: '/nonexistent', rootStore: rootIn(owner) })
    return derive(keyring, 'sign-in', 32).toString('base64url')
  } finally {
    await owner.end()
  }
}

/** An address for each caller: caps count by address. */
export const fromAddress = (index: number): Record<string, string> => ({
  'x-forwarded-for': `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
})
