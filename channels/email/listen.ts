// The door that mail comes in by. It is no relay: without a connection for a recipient the sender is refused at once, and
// nobody logs in. 250 is said when every connection that a mail is for has it stored, and not before.
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { Listener, ListenHost, ListeningConnection, ListenOptions } from '../connector.ts'
import { checkSender } from './authenticate.ts'
import { makeCertificate } from './certificate.ts'
import type { DnsQuery } from './dns.ts'
import { replySecretsIn } from './former.ts'
import { LISTEN_LIMITS, type ListenLimits, openDoorkeeper } from './listen-limits.ts'
import { conversationNamed, headerFields } from './mail-headers.ts'
import { splitAddress } from './reply-address.ts'

export interface ListenDeps {
  readonly dns: DnsQuery
  readonly limits?: Partial<ListenLimits>
  /** How long the sender of a mail is looked into. */
  readonly checkMs?: number
}

/** Who a recipient is, kept from RCPT to the end of the mail. */
interface Recipient {
  readonly address: string
  readonly connections: readonly ListeningConnection[]
}

export async function listenForMail(options: ListenOptions, host: ListenHost, deps: ListenDeps): Promise<Listener> {
  const limits = { ...LISTEN_LIMITS, ...deps.limits }
  const keeper = openDoorkeeper(limits, host.now)
  const known = new Map<string, Recipient[]>()
  const admitted = new Map<string, string>()
  const strangers = new Map<string, number>()
  let held = 0
  const refuse = (reason: string, code: number, words: string): Error => {
    host.refused(reason)
    return Object.assign(new Error(words), { responseCode: code })
  }

  const server = new SMTPServer({
    name: options.name,
    banner: 'Rapport',
    ...(options.tls ?? makeCertificate(options.name, host.now())),
    minVersion: 'TLSv1.2',
    secure: false,
    // Mail from strangers: no logins, and nothing that tells who exists.
    disabledCommands: ['AUTH', 'VRFY', 'EXPN', 'XCLIENT', 'XFORWARD'],
    authOptional: true,
    maxAllowedUnauthenticatedCommands: false,
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    size: limits.mailBytes,
    rejectOversized: true,
    maxClients: limits.connections,
    maxRecipients: limits.recipients,
    maxCommandLength: 4096,
    socketTimeout: limits.silenceMs,
    closeTimeout: 5000,
    logger: false,

    onConnect(session, done) {
      const reason = keeper.entered(session.remoteAddress)
      if (reason !== null) return done(refuse(reason, 421, `4.7.0 ${options.name} ${reason}, come again later`))
      admitted.set(session.id, session.remoteAddress)
      done()
    },
    onClose(session) {
      const address = admitted.get(session.id)
      if (address !== undefined) keeper.left(address)
      admitted.delete(session.id)
      known.delete(session.id)
      strangers.delete(session.id)
    },
    onMailFrom(_address, session, done) {
      known.set(session.id, [])
      done()
    },
    onRcptTo({ address }, session, done) {
      void find(address, host).then(
        (connections) => {
          if (connections.length > 0) {
            known.get(session.id)?.push({ address, connections })
            return done()
          }
          const times = (strangers.get(session.id) ?? 0) + 1
          strangers.set(session.id, times)
          done(refuse('no such address', 550, 'There is no such address here'))
          if (times >= limits.strangers) hangUp(session)
        },
        () => done(refuse('not reachable', 451, 'Not now, please come again')),
      )
    },
    onData(stream, session, done) {
      const recipients = known.get(session.id) ?? []
      const timer = setTimeout(() => {
        host.refused('too slow')
        hangUp(session)
      }, limits.mailMs)
      void read(stream, session, recipients)
        .then(
          (words) => done(null, words),
          (error: Error) => done(error),
        )
        .finally(() => clearTimeout(timer))
    },
  })
  const hangUp = (session: SMTPServerSession): void => {
    for (const connection of server.connections) if (connection.id === session.id) connection.close()
  }

  async function read(stream: SMTPServerDataStream, session: SMTPServerSession, recipients: readonly Recipient[]) {
    const chunks: Buffer[] = []
    let own = 0
    let full = false
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        if (full || stream.sizeExceeded) {
          // Read to its end and thrown away, so that the sender hears why.
          held -= own
          own = 0
          chunks.length = 0
          continue
        }
        chunks.push(chunk)
        own += chunk.length
        held += chunk.length
        full = held > limits.heldBytes
      }
      if (stream.sizeExceeded) throw refuse('too large', 552, 'The mail is larger than what is taken here')
      if (full) throw refuse('too much at once', 452, '4.3.1 Too much mail at once, please come again')
      await hand(Buffer.concat(chunks), session, recipients)
      return 'Taken'
    } finally {
      held -= own
    }
  }

  async function hand(raw: Buffer, session: SMTPServerSession, recipients: readonly Recipient[]): Promise<void> {
    const { mailFrom } = session.envelope
    const sender = mailFrom === false ? '' : mailFrom.address
    const arrival = { ip: session.remoteAddress, helo: session.hostNameAppearsAs || '', sender, name: options.name }
    const check = JSON.stringify(await checkSender(raw, arrival, deps.dns, deps.checkMs))
    const fields = headerFields(raw)
    const byConnection = new Map<string, { connection: ListeningConnection; to: string[] }>()
    for (const { address, connections } of recipients) {
      for (const connection of connections) {
        const entry = byConnection.get(connection.id) ?? { connection, to: [] }
        entry.to.push(address)
        byConnection.set(connection.id, entry)
      }
    }
    const stored = await Promise.allSettled(
      [...byConnection.values()].map(async ({ connection, to }) => {
        const conversation = conversationNamed(to, fields, replySecretsIn(connection.credentials, host.now()))
        await host.accept(connection, {
          // Made by us alone: what a mail says of itself stays in its body.
          headers: {
            'x-rapport-folder': 'inbox',
            'x-rapport-envelope-from': sender,
            'x-rapport-envelope-to': JSON.stringify(to),
            'x-rapport-auth': check,
            ...(conversation !== null && { 'x-rapport-conversation': conversation }),
          },
          body: raw,
        })
      }),
    )
    // The sender comes again with the whole of it; whoever has it already knows it by its Message-ID.
    if (stored.length === 0 || stored.some(({ status }) => status === 'rejected'))
      throw refuse('not stored', 451, 'It could not be stored, please come again')
  }

  server.on('error', () => host.refused('broken line'))
  await new Promise<void>((listening, failed) => {
    server.server.once('error', failed)
    server.listen(options.port, options.host, () => {
      server.server.off('error', failed)
      listening()
    })
  })
  const place = server.server.address()
  return {
    port: typeof place === 'object' && place !== null ? place.port : options.port,
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}

/** The connections of an address as it stands, else of the address before its first plus. */
async function find(address: string, host: ListenHost): Promise<readonly ListeningConnection[]> {
  const whole = address.trim().toLowerCase()
  const exact = await host.find(whole)
  const { base, detail } = splitAddress(whole)
  return exact.length > 0 || detail === null ? exact : host.find(base)
}
