// Who read private content, and from where people signed in. Apart from the audit log, because addresses are personal data.
import * as t from 'typebox'
import { Id, Moment, nullable, oneOf, pageOf, paging, routes } from '#platform/contract/kernel'

export const AccessEntry = t.Object(
  {
    seq: t.Integer(),
    at: Moment,
    /** `inbox.conversation_read`, `connections.delivery_read`, `workspaces.signed_in` … */
    action: t.String(),
    actorKind: oneOf(['member', 'token', 'visitor', 'program']),
    actorId: nullable(Id),
    actorName: nullable(t.String()),
    subjectId: nullable(Id),
    address: nullable(t.String()),
    device: nullable(t.String()),
  },
  { $id: 'AccessEntry' },
)
export type AccessEntry = t.Static<typeof AccessEntry>

export const accessRoutes = routes({
  listAccess: {
    method: 'GET',
    path: '/access-log',
    summary: 'Who read private content, and who signed in from where, newest first',
    access: 'audit.read',
    query: t.Object({
      ...paging,
      kind: t.Optional(oneOf(['reads', 'sign-ins'])),
      subject: t.Optional(Id),
    }),
    reply: pageOf(AccessEntry),
  },
})
