// The pages of the demo's mailbox, under /demo/mail.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '#platform/contract/problem'
import {
  lettersOf,
  lettersPage,
  mailPage,
  threadRows,
  type Guest,
  type LetterThread,
} from '../../portal/demo/mail-page.ts'
import type { ProgramParts } from '../program/program.ts'
import { addressOfDesk } from './mail-connection.ts'
import type { Mailbox, NewLetter } from './mailbox.ts'

const GUEST_COOKIE = 'demo_mail'
const FILE_BYTES = 10 * 1024 * 1024
const someone: Guest = { name: 'Guest', address: 'guest@mailbox.example' }
const ADDRESS = /^[^\s@<>()[\]\\,;:"]{1,64}@[^\s@<>()[\]\\,;:"]{1,60}$/

type Posted = Omit<NewLetter, 'thread'>

/** To be registered inside the demo's own plugin. */
export function mailPages(app: FastifyInstance, parts: ProgramParts, workspaceId: string, mailbox: Mailbox): void {
  const show = (reply: FastifyReply, page: string, status = 200) =>
    reply.code(status).type('text/html; charset=utf-8').send(page)
  const threadOf = (request: FastifyRequest): LetterThread => {
    const thread = mailbox.thread((request.params as { key: string }).key)
    if (!thread) throw new Problem(404, 'not_found', 'There is no such mail.')
    return thread
  }
  /** Answers the thread's key, or in words what is wrong. */
  const send = async (letter: Posted, thread: LetterThread | null): Promise<{ key: string } | string> => {
    const address = await addressOfDesk(parts, workspaceId)
    const port = parts.doors().find(({ door }) => door === 'smtp')?.port
    if (address === null || port === undefined) return 'The desk takes no mail just now.'
    const wrong = wrongWith(letter, thread === null)
    if (wrong !== null) return wrong
    const sent = await mailbox.send({ ...letter, thread }, { address, port })
    return sent.ok ? { key: sent.key } : `The desk did not take it: ${sent.reason}`
  }
  const toThread = (reply: FastifyReply, key: string) => reply.redirect(`/demo/mail/${key}`, 303)

  app.get('/mail', async (request, reply) => {
    const to = await addressOfDesk(parts, workspaceId)
    return show(reply, mailPage(mailbox.threads(), guestOf(request), to))
  })
  app.get('/mail/list', (_request, reply) => show(reply, threadRows(mailbox.threads()).toString()))
  app.get('/mail/file', (request, reply) => {
    const { letter = '', index = '' } = request.query as { letter?: string; index?: string }
    const file = mailbox.file(letter, Number(index))
    if (!file) throw new Problem(404, 'not_found', 'There is no such file.')
    return reply
      .type('application/octet-stream')
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name.toWellFormed())}`)
      .send(file.bytes)
  })
  app.post('/mail', async (request, reply) => {
    const letter = await readLetter(request)
    const sent = await send(letter, null)
    if (typeof sent === 'string') {
      const to = await addressOfDesk(parts, workspaceId)
      return show(reply, mailPage(mailbox.threads(), letter, to, sent), 422)
    }
    const guest = encodeURIComponent(JSON.stringify([letter.name, letter.address]))
    reply.header('set-cookie', `${GUEST_COOKIE}=${guest}; Path=/demo; SameSite=Lax; HttpOnly`)
    return toThread(reply, sent.key)
  })
  app.get('/mail/:key', (request, reply) => show(reply, lettersPage(threadOf(request))))
  app.get('/mail/:key/letters', (request, reply) => show(reply, lettersOf(threadOf(request)).toString()))
  app.post('/mail/:key', async (request, reply) => {
    const thread = threadOf(request)
    const sent = await send({ ...(await readLetter(request)), ...writerOf(thread) }, thread)
    return typeof sent === 'string' ? show(reply, lettersPage(thread, sent), 422) : toThread(reply, sent.key)
  })
}

/** Whose thread it is: who wrote in it, or to whom the airline did. */
function writerOf({ letters }: LetterThread): Guest {
  const own = letters.findLast(({ ours }) => !ours)
  return own ? { name: own.name, address: own.from } : { name: '', address: letters[0]!.to }
}

async function readLetter(request: FastifyRequest): Promise<Posted> {
  const fields = new Map<string, string>()
  let file: NewLetter['file'] = null
  for await (const part of request.parts({ limits: { fileSize: FILE_BYTES, files: 1, fields: 8 } })) {
    if (part.type === 'field') fields.set(part.fieldname, String(part.value))
    else {
      const bytes = await part.toBuffer()
      if (part.filename && bytes.length > 0) file = { name: part.filename, mediaType: part.mimetype, bytes }
    }
  }
  const field = (name: string, most: number): string =>
    (fields.get(name) ?? '').toWellFormed().replaceAll('\u0000', '').trim().slice(0, most)
  return {
    name: field('name', 60),
    address: field('address', 120),
    subject: field('subject', 140),
    text: field('text', 8000),
    file,
  }
}

function wrongWith({ name, address, subject, text }: Posted, isFirst: boolean): string | null {
  if (isFirst && name === '') return 'Please give a name; any will do.'
  if (!ADDRESS.test(address)) return 'Please give an address such as guest@mailbox.example.'
  if (isFirst && subject === '') return 'Please give the mail a subject.'
  return text === '' ? 'Please write something first.' : null
}

function guestOf({ headers }: FastifyRequest): Guest {
  const found = new RegExp(`(?:^|; )${GUEST_COOKIE}=([^;]*)`).exec(headers.cookie ?? '')?.[1]
  try {
    const [name, address] = JSON.parse(decodeURIComponent(found ?? '')) as unknown[]
    return typeof name === 'string' && typeof address === 'string' ? { name, address } : someone
  } catch {
    return someone
  }
}
