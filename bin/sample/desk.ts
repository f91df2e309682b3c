// The customer's side of the demo, served beside the desk under /demo: a sample shop with the chat, the forum, a mailbox, and two open networks.
import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '#platform/contract/problem'
import { deskPage } from '../../portal/demo/desk-page.ts'
import { forumPage, postsOf, threadPage } from '../../portal/demo/forum-page.ts'
import { shopPage } from '../../portal/demo/shop-page.ts'
import type { ProgramParts } from '../program/program.ts'
import { places } from './cast.ts'
import type { DemoNetwork } from './demo-network.ts'
import type { Forum } from './forum.ts'
import { guestOf, keepGuest } from './guest.ts'
import { mailPages } from './mail-desk.ts'
import type { Mailbox } from './mailbox.ts'
import { networkPages } from './network-desk.ts'

const assets = {
  'demo.css': 'text/css',
  'forum-live.js': 'text/javascript',
  'mail-live.js': 'text/javascript',
} as const

export interface DeskPlaces {
  readonly forum: Forum
  readonly mailbox: Mailbox
  /** With the name that people know each by. */
  readonly networks: readonly { readonly name: string; readonly network: DemoNetwork }[]
}

/** To be registered under `/demo`, in the demo alone. */
export const deskPlugin =
  (parts: ProgramParts, workspaceId: string, { forum, mailbox, networks }: DeskPlaces) =>
  async (app: FastifyInstance): Promise<void> => {
    const show = (reply: FastifyReply, page: string, status = 200) =>
      reply.code(status).type('text/html; charset=utf-8').send(page)
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 64 * 1024 },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))),
    )
    for (const [name, type] of Object.entries(assets)) {
      const text = await readFile(new URL(`../../portal/demo/${name}`, import.meta.url), 'utf8')
      app.get(`/${name}`, (_request, reply) => reply.type(`${type}; charset=utf-8`).send(text))
    }
    app.get('/', (_request, reply) => show(reply, deskPage()))
    app.get('/shop', async (_request, reply) => show(reply, shopPage(await chatKey(parts, workspaceId))))
    mailPages(app, parts, workspaceId, mailbox)
    for (const { name, network } of networks) networkPages(app, network, name)
    app.get('/forum', (_request, reply) => show(reply, forumPage(forum.threads())))
    app.post('/forum', async (request, reply) => {
      const post = readPost(request.body)
      if (typeof post === 'string') return show(reply, forumPage(forum.threads(), post), 422)
      return posted(reply, await forum.post({ key: null, ...post }), post.name)
    })
    app.get('/forum/:key', (request, reply) => {
      const thread = threadOf(forum, request)
      return show(reply, threadPage(thread, guestOf(request)))
    })
    app.get('/forum/:key/posts', (request, reply) => show(reply, postsOf(threadOf(forum, request)).toString()))
    app.post('/forum/:key', async (request, reply) => {
      const { key, subject } = threadOf(forum, request)
      const post = readPost({ subject, ...(request.body as object) })
      if (typeof post === 'string')
        return show(reply, threadPage(threadOf(forum, request), guestOf(request), post), 422)
      return posted(reply, await forum.post({ key, ...post }), post.name)
    })
  }

function threadOf(forum: Forum, request: FastifyRequest) {
  const { key } = request.params as { key: string }
  const thread = forum.thread(key)
  if (!thread) throw new Problem(404, 'not_found', 'There is no such thread.')
  return thread
}

/** A post as somebody typed it, or what is missing, in words. */
function readPost(body: unknown): { name: string; subject: string; text: string } | string {
  const given = (body ?? {}) as Record<string, unknown>
  const field = (name: string, most: number): string =>
    typeof given[name] === 'string' ? given[name].toWellFormed().replaceAll('\u0000', '').trim().slice(0, most) : ''
  const post = { name: field('name', 60), subject: field('subject', 140), text: field('text', 4000) }
  if (post.name === '') return 'Please give a name; any will do.'
  if (post.subject === '') return 'Please give the thread a title.'
  return post.text === '' ? 'Please write something first.' : post
}

function posted(reply: FastifyReply, key: string, name: string) {
  return keepGuest(reply, name).redirect(`/demo/forum/${encodeURIComponent(key)}`, 303)
}

async function chatKey({ db }: ProgramParts, workspaceId: string): Promise<string | null> {
  const row = await db.read({ workspaceId }, (tx) =>
    tx
      .selectFrom('connections')
      .select('publicKey')
      .where('isSample', '=', true)
      .where('name', '=', places.chat.name)
      .where('state', '=', 'active')
      .executeTakeFirst(),
  )
  return row?.publicKey ?? null
}
