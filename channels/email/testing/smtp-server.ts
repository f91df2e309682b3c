// An SMTP server on the loopback that does as it is told, at the stage it is told, and writes down what it took. The protocol
// is played by hand, so that it can break every rule; it counts a mail as taken when it said 250 or may have said it.
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'

export type SmtpStage = 'greeting' | 'ehlo' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body'

/** What happens at a stage instead of going on. A text is the answer (`421 …` closes afterwards). */
export type SmtpMischief =
  | string
  /** Never answers. */
  | 'silent'
  /** Closes without an answer. */
  | 'hang up'
  /** Answers after so many milliseconds, as usual. */
  | { readonly lateMs: number }
  /** Gives its usual answer twice. */
  | 'twice'
  /** Takes the whole mail, keeps it, and closes without a word. */
  | 'keep and hang up'
  | 'keep in silence'
  /** Closes in the middle of the mail. */
  | { readonly cutAfter: number }
  /** Half an answer, then closes. */
  | 'half an answer'

export interface TakenMail {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: Buffer
  readonly secure: boolean
  readonly user: string | null
  /** Whether it was told that it is taken. */
  readonly thanked: boolean
}

/** One mail that somebody began, as it looked from here. Times of `performance.now()`. */
export interface SmtpTry {
  /** Whom it was for first; null when it did not come so far. */
  to: string | null
  readonly begunAt: number
  /** When its fate was answered, or the line was gone. */
  endedAt: number | null
}

export type SmtpTricks = Partial<Record<SmtpStage, SmtpMischief>>

export interface ScriptedSmtp {
  readonly port: number
  /** Mails that are in its keeping. */
  readonly taken: readonly TakenMail[]
  readonly tries: readonly SmtpTry[]
  /** Every command line, passwords too. */
  readonly lines: readonly string[]
  readonly connections: () => number
  /** Behaves so from now on, and forgets what was. `refuse` names recipients and what they are answered. */
  script(mischief?: SmtpTricks, refuse?: Readonly<Record<string, string>>): void
  /** From now on each mail has its own mood from its first recipient on; null: as scripted. */
  moods(next: ((to: string) => SmtpTricks) | null): void
  stop(): Promise<void>
}

export interface ScriptedSmtpOptions {
  readonly tls?: { readonly key: string; readonly cert: string }
  /** TLS from the first byte; else STARTTLS is offered when there is a certificate. */
  readonly implicitTls?: boolean
  readonly user?: string
  readonly password?: string
  readonly token?: string
  readonly pipelining?: boolean
}

interface Session {
  from: string | null
  to: string[]
  user: string | null
  body: Buffer[] | null
  bodyBytes: number
  login: 'user' | 'password' | null
  loginUser: string
  /** Of the mail that is under way, where mails have moods. */
  tricks: SmtpTricks | null
  attempt: SmtpTry | null
}

export async function startScriptedSmtp(options: ScriptedSmtpOptions = {}): Promise<ScriptedSmtp> {
  const taken: TakenMail[] = []
  const lines: string[] = []
  const sockets = new Set<Socket>()
  const tries: SmtpTry[] = []
  let mischief: SmtpTricks = {}
  let mood: ((to: string) => SmtpTricks) | null = null
  let refuse: Readonly<Record<string, string>> = {}
  let accepted = 0

  const secureContext = options.tls && createSecureContext(options.tls)
  const server = createServer((plain) => {
    accepted++
    sockets.add(plain)
    plain.on('close', () => sockets.delete(plain)).on('error', () => {})
    const first = options.implicitTls ? wrap(plain) : plain
    talk(first, options.implicitTls === true, true)
  })
  const wrap = (socket: Socket): TLSSocket =>
    new TLSSocket(socket, { isServer: true, secureContext: secureContext! }).on('error', () => {}) as TLSSocket

  function talk(socket: Socket, secure: boolean, greet: boolean): void {
    const session: Session = {
      from: null,
      to: [],
      user: null,
      body: null,
      bodyBytes: 0,
      login: null,
      loginUser: '',
      tricks: null,
      attempt: null,
    }
    const tricks = (): SmtpTricks => session.tricks ?? mischief
    const ended = (): void => {
      if (session.attempt) session.attempt.endedAt ??= performance.now()
      session.attempt = null
    }
    socket.on('close', ended)
    let waiting = Buffer.alloc(0)
    let stuck = false
    const say = (text: string) => void (socket.writable && socket.write(`${text}\r\n`))

    /** Does the mischief of a stage; answers as usual where there is none. */
    const answer = (stage: SmtpStage, usual: string, after: () => void = () => {}): void => {
      const trick = tricks()[stage]
      if (trick === undefined) return say(usual)
      if (trick === 'silent' || trick === 'keep in silence') return void (stuck = true)
      if (trick === 'hang up' || trick === 'keep and hang up') return void socket.destroy()
      if (trick === 'half an answer') return void socket.end(usual.slice(0, 2))
      if (trick === 'twice') return say(`${usual}\r\n${usual}`)
      if (typeof trick === 'object')
        return 'lateMs' in trick ? void setTimeout(() => (say(usual), after()), trick.lateMs) : say(usual)
      say(trick)
      if (trick.startsWith('421')) socket.end()
    }
    const fails = (stage: SmtpStage): boolean => {
      const trick = tricks()[stage]
      return typeof trick === 'string' && !['twice', 'half an answer'].includes(trick) && !trick.startsWith('keep')
    }

    const endOfBody = (raw: Buffer): void => {
      session.body = null
      const { from, to, user } = session
      const thanked = !['keep and hang up', 'keep in silence', 'half an answer'].includes(String(tricks().body))
      if (!fails('body')) taken.push({ from: from ?? '', to: [...to], raw, secure, user, thanked })
      session.from = null
      session.to = []
      answer('body', '250 2.0.0 Taken', ended)
      if (typeof tricks().body !== 'object') ended()
    }

    const command = (text: string): void => {
      lines.push(text)
      if (session.login !== null) return login(text)
      const verb = text.slice(0, 4).toUpperCase()
      if (verb === 'EHLO' || verb === 'HELO') {
        const extensions = ['SIZE 52428800', '8BITMIME', 'ENHANCEDSTATUSCODES', 'SMTPUTF8']
        if (options.pipelining) extensions.push('PIPELINING')
        if (secureContext && !secure) extensions.push('STARTTLS')
        if (options.user !== undefined) extensions.push(options.token ? 'AUTH XOAUTH2' : 'AUTH PLAIN LOGIN')
        const all = ['scripted.example', ...extensions]
        return answer('ehlo', all.map((one, at) => `250${at === all.length - 1 ? ' ' : '-'}${one}`).join('\r\n'))
      }
      if (text.toUpperCase() === 'STARTTLS' && secureContext && !secure) {
        say('220 2.0.0 Go ahead')
        socket.removeAllListeners('data')
        return talk(wrap(socket), true, false)
      }
      if (verb === 'AUTH') {
        const [, method, given] = text.split(' ')
        if (method?.toUpperCase() === 'XOAUTH2') {
          const ok =
            Buffer.from(given ?? '', 'base64').toString() ===
            `user=${options.user}\x01auth=Bearer ${options.token}\x01\x01`
          return ok ? welcome() : say('535 5.7.8 Token refused')
        }
        if (method?.toUpperCase() === 'PLAIN') {
          const [, user, password] = Buffer.from(given ?? '', 'base64')
            .toString()
            .split('\0')
          return user === options.user && password === options.password ? welcome() : say('535 5.7.8 Wrong password')
        }
        session.login = 'user'
        return say('334 VXNlcm5hbWU6')
      }
      if (verb === 'MAIL') {
        if (options.user !== undefined && session.user === null) return say('530 5.7.0 Log in first')
        if (fails('mail')) return answer('mail', '')
        session.from = /<([^>]*)>/.exec(text)?.[1] ?? ''
        session.tricks = null
        ended()
        session.attempt = { to: null, begunAt: performance.now(), endedAt: null }
        tries.push(session.attempt)
        return answer('mail', '250 2.1.0 Ok')
      }
      if (verb === 'RCPT') {
        if (session.from === null) return say('503 5.5.1 MAIL first')
        const to = /<([^>]*)>/.exec(text)?.[1] ?? ''
        session.tricks ??= mood?.(to) ?? null
        if (session.attempt) session.attempt.to ??= to
        if (refuse[to] !== undefined) return say(refuse[to])
        if (!fails('rcpt')) session.to.push(to)
        return answer('rcpt', '250 2.1.5 Ok')
      }
      if (verb === 'DATA') {
        if (session.to.length === 0) return say('554 5.5.1 No valid recipients')
        if (!fails('data')) {
          session.body = []
          session.bodyBytes = 0
        }
        return answer('data', '354 Go on')
      }
      if (verb === 'RSET' || verb === 'NOOP') {
        session.from = null
        session.to = []
        return say('250 2.0.0 Ok')
      }
      if (verb === 'QUIT') return void socket.end('221 2.0.0 Bye\r\n')
      say('502 5.5.2 What?')
    }
    const welcome = (): void => {
      if (!fails('auth')) session.user = options.user ?? null
      answer('auth', '235 2.7.0 Welcome')
    }
    const login = (text: string): void => {
      const value = Buffer.from(text, 'base64').toString()
      if (session.login === 'user') {
        session.loginUser = value
        session.login = 'password'
        return say('334 UGFzc3dvcmQ6')
      }
      session.login = null
      return session.loginUser === options.user && value === options.password
        ? welcome()
        : say('535 5.7.8 Wrong password')
    }

    const read = (): void => {
      while (!stuck && !socket.destroyed) {
        if (session.body !== null) {
          const end = waiting.indexOf('\r\n.\r\n')
          const { body } = tricks()
          const cut = typeof body === 'object' && 'cutAfter' in body ? body.cutAfter : Infinity
          if (waiting.length > cut) return void socket.destroy()
          if (end < 0) return
          const raw = waiting.subarray(0, end + 2)
          waiting = waiting.subarray(end + 5)
          endOfBody(Buffer.from(raw.toString('latin1').replace(/^\./gm, ''), 'latin1'))
          continue
        }
        const end = waiting.indexOf('\r\n')
        if (end < 0) return
        const text = waiting.subarray(0, end).toString('utf8')
        waiting = waiting.subarray(end + 2)
        command(text)
      }
    }
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk])
      read()
    })
    if (greet) answer('greeting', '220 scripted.example ESMTP')
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    port: (server.address() as AddressInfo).port,
    taken,
    tries,
    lines,
    connections: () => accepted,
    moods(next) {
      mood = next
    },
    script(tricks = {}, refusals = {}) {
      mischief = tricks
      refuse = refusals
      taken.length = 0
      lines.length = 0
      tries.length = 0
      accepted = 0
    },
    stop() {
      const closed = new Promise<void>((done) => server.close(() => done()))
      for (const socket of sockets) socket.destroy()
      return closed
    },
  }
}
