import * as t from 'typebox'
import { routes } from '../contract/kernel.ts'

export const realtimeRoutes = routes({
  openStream: {
    method: 'GET',
    path: '/stream',
    summary: 'Everything that happens and that the caller may know, as server-sent events, from a position on',
    access: 'member',
    // A browser's event source can send no header, so the workspace may be named here.
    query: t.Object({
      after: t.Optional(t.String({ maxLength: 80 })),
      workspace: t.Optional(t.String({ maxLength: 40 })),
    }),
    raw: 'stream',
  },
})
