// A line to the mailbox of a connection: opened to the address that the program allows, never written over.
import { isIP } from 'node:net'
import type { ImapFlow } from 'imapflow'
import { NotFetched, type PlatformContext } from '../connector.ts'
import { accessFor, forgetAccess } from './oauth.ts'
import type { Mailbox } from './settings.ts'
import { line } from './smtp-pool.ts'

/** Says besides which setting to look at. */
export class ImapTrouble extends NotFetched {
  readonly field: string

  constructor(kind: 'later' | 'reauthorize', words: string, field: string) {
    super(kind, words)
    this.field = field
  }
}

/** A single mail is fetched whole up to here. */
export const MOST_MAIL_BYTES = 50 * 1024 * 1024
const MOST_LITERAL = MOST_MAIL_BYTES + 1024 * 1024

/** Works with an open mailbox and hangs up afterwards, also when `signal` says so. Throws NotFetched, in plain words. */
export async function withImap<T>(
  mailbox: Mailbox,
  context: PlatformContext,
  work: (client: ImapFlow) => Promise<T>,
): Promise<T> {
  const client = await connect(mailbox, context)
  const hangUp = (): void => client.close()
  context.signal.addEventListener('abort', hangUp, { once: true })
  try {
    if (context.signal.aborted) throw new Error('Stopped')
    // A command that the library forgot when the line broke must not wait for its time to run out.
    const { promise: broken, reject } = Promise.withResolvers<never>()
    broken.catch(() => {})
    client.once('close', () => reject(new Error('The server hung up')))
    if (!client.usable) reject(new Error('The server hung up'))
    const value = await Promise.race([work(client), broken])
    await Promise.race([client.logout(), new Promise((gone) => setTimeout(gone, 2000).unref())]).catch(() => {})
    return value
  } catch (error) {
    throw troubleOf(error)
  } finally {
    context.signal.removeEventListener('abort', hangUp)
    client.close()
  }
}

async function connect(mailbox: Mailbox, context: PlatformContext): Promise<ImapFlow> {
  const server = mailbox.imap
  if (!server) throw new ImapTrouble('reauthorize', 'This connection has no IMAP server to read from', 'imapHost')
  const found = await context.resolve(server.host, server.port)
  if (!found.ok) throw new ImapTrouble('later', found.reason, 'imapHost')
  const named = isIP(server.host) === 0
  // Loaded when there is a mailbox to read: thirty megabytes that most programs never need.
  const imap = await import('imapflow')
  const client = new imap.ImapFlow({
    host: found.address,
    port: server.port,
    secure: server.security === 'tls',
    doSTARTTLS: server.security === 'starttls' ? true : server.security === 'none' ? false : undefined,
    ...(named && { servername: server.host }),
    tls: { ...(named && { servername: server.host }), minVersion: 'TLSv1.2' },
    auth: await authOf(mailbox, context),
    logger: false,
    clientInfo: { name: 'Rapport' },
    disableAutoIdle: true,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 90_000,
    maxIdleTime: 60_000,
    maxLiteralSize: MOST_LITERAL,
    maxResponseSize: MOST_LITERAL * 2,
    maxLineLength: 16 * 1024 * 1024,
  })
  // Whoever waits for a command hears of it there; without a listener it would end the program.
  client.on('error', () => {})
  const hangUp = (): void => client.close()
  context.signal.addEventListener('abort', hangUp, { once: true })
  try {
    await client.connect()
    return client
  } catch (error) {
    client.close()
    throw troubleOf(error)
  } finally {
    context.signal.removeEventListener('abort', hangUp)
  }
}

async function authOf(mailbox: Mailbox, context: PlatformContext) {
  const { user, password } = mailbox.imap!
  if (mailbox.signIn === 'password') {
    if (password === null) throw new ImapTrouble('reauthorize', 'The IMAP server needs a password', 'imapPassword')
    return { user, pass: password }
  }
  if (!mailbox.oauth)
    throw new ImapTrouble('reauthorize', 'Access by OAuth needs a client id and a refresh token', 'oauthRefreshToken')
  const access = await accessFor(mailbox.oauth, context)
  if (!access.ok) throw new ImapTrouble(access.broken ? 'reauthorize' : 'later', access.reason, 'oauthRefreshToken')
  return { user, accessToken: access.token }
}

/** What went wrong, for the person who owns the mailbox. */
export function troubleOf(error: unknown): ImapTrouble {
  if (error instanceof ImapTrouble) return error
  const { code, authenticationFailed, responseText, response, serverResponseCode, message } = error as {
    code?: string
    authenticationFailed?: boolean
    responseText?: string
    response?: unknown
    serverResponseCode?: string
    message?: string
  }
  const words = line(
    responseText ?? (typeof response === 'string' ? response : undefined) ?? message ?? 'unknown failure',
  )
  if (authenticationFailed && serverResponseCode !== 'UNAVAILABLE') {
    forgetAccess()
    return new ImapTrouble('reauthorize', `The IMAP server refused the login: ${words}`, 'imapPassword')
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code ?? ''))
    return new ImapTrouble('reauthorize', `The connection could not be encrypted safely: ${words}`, 'imapSecurity')
  const field = /SSL|TLS|wrong version/i.test(`${code} ${words}`) ? 'imapSecurity' : 'imapHost'
  return new ImapTrouble('later', `The mailbox could not be read: ${words}`, field)
}
