// The mailbox of the demo: what a customer has at their provider. It takes mail over SMTP on loopback, hands its own over SMTP to
// Rapport's door, and keeps all of it as files; nothing is shared with the desk but what crossed the wire.
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import MailComposer from 'nodemailer/lib/mail-composer'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import type { Letter, LetterThread } from '../../portal/demo/mail-page.ts'

export interface NewLetter {
  readonly name: string
  readonly address: string
  readonly subject: string
  readonly text: string
  readonly file: { readonly name: string; readonly mediaType: string; readonly bytes: Buffer } | null
  /** What it answers; null begins a thread. */
  readonly thread: LetterThread | null
}

export interface Mailbox {
  readonly port: number
  /** Newest word first. */
  threads(): readonly LetterThread[]
  thread(key: string): LetterThread | undefined
  file(letterId: string, index: number): { readonly name: string; readonly bytes: Buffer } | undefined
  /** Hands a mail to the desk's door and keeps it. Answers the thread's key, or in words why it was not taken. */
  send(letter: NewLetter, desk: { readonly address: string; readonly port: number }): Promise<Sent>
  close(): Promise<void>
}

export type Sent = { readonly ok: true; readonly key: string } | { readonly ok: false; readonly reason: string }

const MOST_BYTES = 30 * 1024 * 1024
/** A demo left open must not fill its disk; beyond, the oldest are only forgotten, not deleted. */
const MOST_LETTERS = 500

interface Kept {
  readonly letter: Letter
  readonly threadKey: string
  readonly files: readonly Buffer[]
}

/** Opens the mailbox on a free port, with what it kept in `directory`. */
export async function openMailbox(directory: string): Promise<Mailbox> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const kept = new Map<string, Kept>()
  const take = async (raw: Buffer, ours: boolean): Promise<string> => {
    const mail = await PostalMime.parse(raw)
    const one = understand(mail, ours, (id) => kept.get(id)?.threadKey)
    if (!kept.has(one.letter.id)) kept.set(one.letter.id, one)
    const oldest = kept.keys().next().value
    if (kept.size > MOST_LETTERS && oldest !== undefined) kept.delete(oldest)
    return one.threadKey
  }
  const keep = async (raw: Buffer, ours: boolean): Promise<string> => {
    const name = `${String(Date.now()).padStart(15, '0')}-${randomUUID().slice(0, 8)}.${ours ? 'in' : 'out'}.eml`
    await writeFile(join(directory, name), raw, { mode: 0o600 })
    return take(raw, ours)
  }
  for (const name of (await readdir(directory)).filter((one) => one.endsWith('.eml')).sort())
    await take(await readFile(join(directory, name)), name.endsWith('.in.eml')).catch(() => {})

  const server = new SMTPServer({
    // A line that the desk keeps open for its next mail must not hold up the end of the demo.
    closeTimeout: 300,
    name: 'mailbox.example',
    banner: 'The mailbox of the demo',
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: MOST_BYTES,
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => void (stream.sizeExceeded || chunks.push(chunk)))
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(Object.assign(new Error('Too large'), { responseCode: 552 }))
        keep(Buffer.concat(chunks), true).then(
          () => done(),
          () => done(Object.assign(new Error('Not kept'), { responseCode: 451 })),
        )
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve, failed) => {
    server.server.once('error', failed)
    server.listen(0, '127.0.0.1', () => resolve())
  })

  const threads = (): LetterThread[] => {
    const byKey = new Map<string, Letter[]>()
    for (const { threadKey, letter } of kept.values()) {
      const letters = [...(byKey.get(threadKey) ?? []), letter]
      // Whoever spoke last stands last, and first on the page.
      byKey.delete(threadKey)
      byKey.set(threadKey, letters)
    }
    return [...byKey].map(([key, letters]) => ({ key, letters })).toReversed()
  }
  return {
    port: (server.server.address() as AddressInfo).port,
    threads,
    thread: (key) => threads().find((thread) => thread.key === key),
    file: (letterId, index) => {
      const found = kept.get(letterId)
      const name = found?.letter.files[index]?.name
      const bytes = found?.files[index]
      return name !== undefined && bytes ? { name, bytes } : undefined
    },
    async send(letter, desk) {
      const { raw, envelope } = await compose(letter, desk.address)
      const transport = createTransport({
        host: '127.0.0.1',
        port: desk.port,
        name: 'mailbox.example',
        // The door's certificate is of its own making.
        tls: { rejectUnauthorized: false },
      })
      try {
        await transport.sendMail({ envelope, raw })
      } catch (error) {
        return { ok: false, reason: (error as { response?: string }).response ?? (error as Error).message }
      } finally {
        transport.close()
      }
      return { ok: true, key: await keep(raw, false) }
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function compose({ name, address, subject, text, file, thread }: NewLetter, desk: string) {
  const last = thread?.letters.at(-1)
  const theirs = thread?.letters.findLast(({ ours }) => ours)
  const title = thread?.letters[0]?.subject ?? subject
  const to = theirs?.replyTo ?? theirs?.from ?? desk
  const raw = await new MailComposer({
    from: { name, address },
    to,
    subject: last && !/^re:/i.test(title) ? `Re: ${title}` : title,
    messageId: `<${randomUUID()}@mailbox.example>`,
    ...(last && {
      inReplyTo: `<${last.id}>`,
      references: thread!.letters.map(({ id }) => `<${id}>`).join(' '),
    }),
    text,
    attachments: file ? [{ filename: file.name, content: file.bytes, contentType: file.mediaType }] : [],
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build()
  return { raw, envelope: { from: address, to: [to] } }
}

function understand(mail: Email, ours: boolean, threadOf: (id: string) => string | undefined): Kept {
  const bare = (id: string) => id.replace(/[<>\s]/g, '')
  const id = bare(mail.messageId ?? '') || randomUUID()
  const follows = [mail.inReplyTo ?? '', ...(mail.references ?? '').split(/\s+/).toReversed()].map(bare)
  const known = follows.map(threadOf).find((key) => key !== undefined)
  const root = follows.findLast((one) => one !== '') ?? id
  const files = mail.attachments.map(({ content }) => Buffer.from(content as ArrayBuffer))
  const letter: Letter = {
    id,
    ours,
    from: mail.from?.address ?? '',
    name: mail.from?.name || (mail.from?.address ?? ''),
    to: mail.to?.[0]?.address ?? '',
    replyTo: mail.replyTo?.[0]?.address ?? null,
    subject: mail.subject ?? '',
    text: (mail.text ?? '').trim(),
    at: new Date(mail.date ?? Date.now()),
    files: mail.attachments.map(({ filename }, at) => ({ name: filename ?? 'file', bytes: files[at]!.length })),
  }
  return { letter, files, threadKey: known ?? createHash('sha256').update(root).digest('hex').slice(0, 16) }
}
