// The domain as a running program has it, for this domain's own tests.
import { createHmac } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { testClock, type TestClock } from '#platform/clock'
import type { Database } from '#platform/db/database'
import type { SystemMail } from '#platform/mail'
import type { TestDatabase } from '#platform/testing/database'
import { startTestServer, testCaller, type TestCaller } from '#platform/testing/http'
import { peopleRoutes } from '../contract/people.ts'
import type { Role } from '../contract/permissions.ts'
import { signInRoutes } from '../contract/sign-in.ts'
import { openAuth, type Auth } from './auth/library.ts'
import { createPerson } from './auth/persons.ts'
import { createAuthorize } from './authorize.ts'
import { aMember } from './factories.ts'
import { workspacesPlugin } from './index.ts'

export const PASSWORD = 'correct horse battery'

export interface Desk extends AsyncDisposable {
  readonly app: FastifyInstance
  readonly db: Database
  readonly clock: TestClock
  readonly auth: Auth
  /** What the mail server was given; empty while `mail.works` is false. */
  readonly mail: { works: boolean; readonly sent: SystemMail[] }
}

export async function openDesk(
  { db, url }: Pick<TestDatabase, 'db' | 'url'>,
  publicUrl = 'http://localhost:3000',
  hasMail = true,
): Promise<Desk> {
  const clock = testClock('2026-11-20T09:00:00Z')
  const auth = openAuth({
    url,
    secret: 'a-secret-of-tests-0123456789-abcdefghijkl',
    publicUrl,
  })
  const mail: Desk['mail'] = { works: false, sent: [] }
  const sendMail = async (letter: SystemMail): Promise<void> => {
    if (!mail.works) throw new Error('no mail server answers')
    mail.sent.push(letter)
  }
  const app = await startTestServer({
    plugins: [workspacesPlugin({ db, clock, auth, sendMail: hasMail ? sendMail : null, publicUrl: () => publicUrl })],
    authorize: createAuthorize({ db, clock, auth, visitorOf: async () => null }),
    clock,
  })
  return {
    app,
    db,
    clock,
    auth,
    mail,
    [Symbol.asyncDispose]: async () => {
      await app.close()
      await auth[Symbol.asyncDispose]()
    },
  }
}

export interface SignedIn {
  readonly caller: TestCaller
  readonly memberId: string
  readonly userId: string
  readonly email: string
}

let addresses = 0
/** Another address for each caller, so that the caps of one test do not hit the next. */
export const nextAddress = (): string => `10.0.${Math.floor(++addresses / 250)}.${addresses % 250}`

/** A member with an account, signed in over HTTP. */
export async function signedIn(desk: Desk, workspaceId: string, role: Role, teamIds: string[] = []): Promise<SignedIn> {
  const email = `${role}-${crypto.randomUUID()}@hollow.example`
  const passwordHash = await desk.auth.hashPassword(PASSWORD)
  const person = await desk.db.system((tx) => createPerson(tx, desk.clock.now(), { email, name: role, passwordHash }))
  const member = await aMember(desk.db, workspaceId, role, { email, userId: person.id, name: role, teamIds })
  const caller = testCaller(desk.app, { address: nextAddress() })
  const answer = await caller.call(signInRoutes.signIn, { body: { email, password: PASSWORD } })
  if (answer.status !== 200) throw new Error(`could not sign in: ${answer.status}`)
  return { caller, memberId: member.id, userId: person.id, email }
}

/** Invites and takes the token out of the link. */
export async function invite(caller: TestCaller, email: string, role: 'admin' | 'lead' | 'agent' | 'viewer' = 'agent') {
  const { body } = await caller.call(peopleRoutes.inviteMember, { body: { email, role } })
  return { invitation: body.invitation, token: body.link!.split('#')[1]! }
}

/** The code that an authenticator shows at a moment (RFC 6238); the library goes by the machine’s own clock. */
export function codeOf(uri: string, now: Date): string {
  const secret = fromBase32(new URL(uri).searchParams.get('secret')!)
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(now.getTime() / 30_000)))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const offset = digest.at(-1)! & 15
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  let bits = ''
  for (const letter of text.replace(/=+$/, ''))
    bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
