// What the journeys by mail stand on: a customer's provider that takes every mail, a customer who sends to Rapport's door, and
// mailboxes that are connected to both.
import nodemailer, { type Transporter } from 'nodemailer'
import { SMTPServer } from 'smtp-server'
import { connectionRoutes } from '#connections/contract'
import type { SignedIn } from './harness.ts'

export interface Provider {
  readonly port: number
  /** Settings of a mailbox that sends by it, without a login. */
  readonly out: Readonly<Record<string, unknown>>
  readonly stop: () => Promise<void>
}

export interface ProviderOptions {
  /** Told each mail, whole; 250 is said when it is done with it. */
  readonly onMail: (raw: Buffer) => unknown
  /** Whoever logs in has to know it; who does not log in is let through all the same. */
  readonly password?: string
}

/** A server that takes every mail, on a port of its own. */
export async function startProvider({ onMail, password }: ProviderOptions): Promise<Provider> {
  const server = new SMTPServer({
    closeTimeout: 300,
    authOptional: true,
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    ...(password === undefined && { disabledCommands: ['AUTH'] }),
    onAuth: (given, _session, done) =>
      given.password === password ? done(null, { user: given.username }) : done(new Error('Invalid user or password')),
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk))
      stream.on('end', () => {
        Promise.resolve(onMail(Buffer.concat(chunks))).then(() => done(), done)
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as { port: number }
  return {
    port,
    out: { smtpHost: '127.0.0.1', smtpPort: port, smtpSecurity: 'none', smtpWithoutLogin: true },
    stop: () => new Promise((resolve) => server.close(resolve)),
  }
}

/** The variables of a Rapport that takes mail at this port and speaks with servers on this machine. */
export const doorEnv = (port: number): Record<string, string> => ({
  SMTP_IN_PORT: String(port),
  ALLOW_PRIVATE_HOSTS: '127.0.0.1',
})

/** A customer's program, which sends to the door. */
export const customerOf = (door: number): Transporter =>
  nodemailer.createTransport({ host: '127.0.0.1', port: door, tls: { rejectUnauthorized: false } })

/** Connects a mailbox to which mail comes by the door. */
export async function connectMailbox(
  owner: SignedIn,
  provider: Provider,
  { name, ...settings }: { readonly name: string; readonly address: string; readonly [setting: string]: unknown },
): Promise<string> {
  const { connection } = await owner.api(connectionRoutes).createConnection({
    body: { channel: 'email', name, settings: { displayName: 'Acme', receive: 'smtp', ...provider.out, ...settings } },
  })
  return connection.id
}
