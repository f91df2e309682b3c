import * as t from 'typebox'
import { routes } from '../contract/kernel.ts'

export const realtimeRoutes = routes({
  openStream: {
    method: 'GET',
    path: '/stream',
    summary: 'Everything that happens and that the caller may know, as server-sent events, from a position on',
    access: 'member',
    query: t.Object({ after: t.Optional(t.String({ maxLength: 80 })) }),
    raw: 'stream',
  },
})
