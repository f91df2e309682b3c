// What the public can open without signing in.
import { readFile } from 'node:fs/promises'
import * as t from 'typebox'
import { implement } from '#platform/contract/implement'
import { routes } from '#platform/contract/kernel'
import { Problem } from '#platform/contract/problem'
import type { Database } from '#platform/db/database'
import { policyTranslator, readPublicPolicy } from '#triage/server'
import { priorityPage } from './priority-page.ts'

export const portalRoutes = routes({
  readPriorityPage: {
    method: 'GET',
    path: '/priority/:slug',
    summary: 'How a workspace puts messages in order, for everybody; there once it published its policy',
    access: 'public',
    params: t.Object({ slug: t.String({ minLength: 1, maxLength: 100 }) }),
    raw: 'html',
  },
  readPortalStyle: {
    method: 'GET',
    path: '/portal/portal.css',
    summary: 'How public pages look',
    access: 'public',
    raw: 'text',
  },
})

export const portalPlugin = ({ db }: { readonly db: Database }) =>
  implement(portalRoutes)({
    readPriorityPage: async ({ params: { slug } }, { reply, request }) => {
      const found = await readPublicPolicy(db, slug)
      if (!found) throw new Problem(404, 'not_found', 'There is no such page.')
      return reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'public, max-age=60')
        .header('vary', 'accept-language')
        .send(priorityPage(found, policyTranslator(request.headers['accept-language'])))
    },
    readPortalStyle: async (_, { reply }) =>
      reply
        .type('text/css; charset=utf-8')
        .header('cache-control', 'public, max-age=3600')
        .send(await readFile(new URL('./portal.css', import.meta.url), 'utf8')),
  })
