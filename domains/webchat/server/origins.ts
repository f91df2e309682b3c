// Which pages may talk to a chat. Every request names its chat by key, the browser's question before the request too, so the
// answer is exact: this origin or none, and never with cookies.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { KnownConnection } from '#connections/server'
import { Problem } from '#platform/contract/problem'

const chats = new WeakMap<FastifyRequest, KnownConnection>()

/** The chat that a request under /widget/v1 names. */
export function chatOf(request: FastifyRequest): KnownConnection {
  const chat = chats.get(request)
  if (!chat) throw new Error('the chat is known once `guardOrigins` has run')
  return chat
}

/** Finds the chat of every request of `app` and refuses pages that its owner did not allow. */
export function guardOrigins(
  app: FastifyInstance,
  connectionByKey: (key: string) => Promise<KnownConnection | null>,
): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('vary', 'Origin')
    reply.header('cross-origin-resource-policy', 'cross-origin')
    const { key } = request.query as { key?: unknown }
    const chat = typeof key === 'string' && /^[\w-]{8,100}$/.test(key) ? await connectionByKey(key) : null
    // A key of another channel is no chat, and nobody learns that it is a key at all.
    if (chat?.channel !== 'webchat')
      throw new Problem(
        404,
        'webchat.no_such_chat',
        'There is no chat with this key. Look at the script tag of the page.',
      )
    const { origin } = request.headers
    if (origin !== undefined && !allows(chat, origin)) {
      throw new Problem(
        403,
        'webchat.origin_refused',
        'This chat does not belong on this page. Its owner can allow the site in its settings.',
      )
    }
    if (origin !== undefined) allow(reply, chat, origin)
    chats.set(request, chat)
  })
  app.options('/*', (_request, reply) => {
    void reply
      .headers({
        'access-control-allow-methods': 'GET, POST, PUT, DELETE',
        'access-control-allow-headers': 'authorization, content-type',
        'access-control-max-age': '7200',
      })
      .code(204)
      .send()
  })
}

const originsOf = ({ settings }: KnownConnection): readonly string[] => {
  const { origins } = settings
  return Array.isArray(origins) && origins.length > 0 ? (origins as string[]) : ['*']
}

function allows(chat: KnownConnection, origin: string): boolean {
  return originsOf(chat).some((one) => one === '*' || one.toLowerCase() === origin)
}

function allow(reply: FastifyReply, chat: KnownConnection, origin: string): void {
  reply.header('access-control-allow-origin', originsOf(chat).includes('*') ? '*' : origin)
  reply.header('access-control-expose-headers', 'retry-after, content-disposition')
}
