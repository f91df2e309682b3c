// The web app and the widget as files: hashed ones kept for ever, the rest asked for each time. Any other address that a
// browser opens is a screen of the web app.
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '#platform/contract/problem'

export interface PagesOptions {
  readonly webDirectory: string
  readonly widgetDirectory: string
}

const HASHED = /-[\w-]{8}\.(?:js|css|woff2?|svg|png)(?:\.(?:br|gz))?$/

export async function servePages(app: FastifyInstance, { webDirectory, widgetDirectory }: PagesOptions): Promise<void> {
  await app.register(fastifyStatic, {
    root: webDirectory,
    wildcard: false,
    preCompressed: true,
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) =>
      void reply.header('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
  })
  if (existsSync(widgetDirectory)) {
    await app.register(fastifyStatic, {
      root: widgetDirectory,
      prefix: '/widget/v1/',
      decorateReply: false,
      wildcard: false,
      preCompressed: true,
      index: false,
      cacheControl: false,
      setHeaders: (reply, path) => {
        // Loaded by pages of others, without cookies.
        reply.header('access-control-allow-origin', '*')
        reply.header('cross-origin-resource-policy', 'cross-origin')
        reply.header('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'public, max-age=300')
      },
    })
  }
  const index = join(webDirectory, 'index.html')
  app.setNotFoundHandler(async (request, reply) => {
    const isScreen =
      request.method === 'GET' &&
      !/^\/(api|in|widget|files)\//.test(request.url) &&
      (request.headers.accept ?? '').includes('text/html')
    if (isScreen && existsSync(index))
      return reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-cache')
        .send(await readFile(index))
    return reply.code(404).send(new Problem(404, 'not_found', 'There is nothing at this address.').toReply())
  })
}
