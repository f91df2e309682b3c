import * as t from 'typebox'
import { Id, nullable, routes } from '#platform/contract/kernel'
import { Connection } from '../contract.ts'

const ChannelParams = t.Object({ channel: t.String({ maxLength: 40 }) })

/** Where people come back to from every platform, on this installation's own address. */
export const RETURN_PATH = '/connect/return'

export const leaveRoutes = routes({
  beginAuthorization: {
    method: 'POST',
    path: '/channels/:channel/authorize',
    summary: 'Ask a platform for leave: where to send the person; null where these settings need none',
    access: 'connections.manage',
    params: ChannelParams,
    body: t.Object({
      name: t.String({ minLength: 1, maxLength: 80 }),
      settings: t.Record(t.String(), t.Unknown()),
      teamId: t.Optional(nullable(Id)),
      serviceHoursId: t.Optional(nullable(Id)),
    }),
    reply: t.Object({ url: nullable(t.String()) }),
    problems: ['connections.no_such_channel', 'connections.bad_settings', 'connections.no_leave'],
    limit: { perMinute: 20 },
  },
  beginReauthorization: {
    method: 'POST',
    path: '/connections/:id/authorize',
    summary: 'Ask the platform of a connection for leave again; null where its settings need none',
    access: 'connections.manage',
    params: t.Object({ id: Id }),
    reply: t.Object({ url: nullable(t.String()) }),
    problems: ['connections.no_leave'],
    limit: { perMinute: 20 },
  },
  finishAuthorization: {
    method: 'POST',
    path: '/connections/authorized',
    summary: 'Hand over what the person came back with; makes the connection, or mends the one it was for',
    access: 'connections.manage',
    body: t.Object({ params: t.Record(t.String({ maxLength: 100 }), t.String({ maxLength: 8000 })) }),
    reply: t.Object({
      connection: Connection,
      secrets: t.Record(t.String(), t.String()),
      note: t.String(),
      /** Whether it was there before. */
      mended: t.Boolean(),
    }),
    problems: [
      'connections.unknown_state',
      'connections.no_leave',
      'connections.bad_settings',
      'connections.address_taken',
    ],
    limit: { perMinute: 20 },
  },
  readClientDocument: {
    method: 'GET',
    path: '/channels/:channel/client.json',
    summary: 'What a platform fetches to know this program (OAuth client metadata); the same to everybody',
    access: 'public',
    params: ChannelParams,
    reply: t.Record(t.String(), t.Unknown()),
  },
})
