import * as t from 'typebox'
import { Id, Moment, nullable, oneOf, pageOf, paging, routes } from '#platform/contract/kernel'
import { Locale, TimeZone } from './sign-in.ts'

export const Workspace = t.Object(
  {
    id: Id,
    slug: t.String(),
    name: t.String(),
    timeZone: t.String(),
    locale: t.String(),
    colour: nullable(t.String()),
    isSample: t.Boolean(),
    outboundPausedReason: nullable(t.String()),
    createdAt: Moment,
  },
  { $id: 'Workspace' },
)
export type Workspace = t.Static<typeof Workspace>

export const AuditEntry = t.Object(
  {
    seq: t.Integer(),
    at: Moment,
    type: t.String(),
    actorKind: oneOf(['member', 'token', 'visitor', 'program']),
    actorId: nullable(Id),
    /** Name of the member or token; null for visitors and the program. */
    actorName: nullable(t.String()),
    subjectId: nullable(Id),
    data: t.Record(t.String(), t.Unknown()),
  },
  { $id: 'AuditEntry' },
)
export type AuditEntry = t.Static<typeof AuditEntry>

export const workspaceRoutes = routes({
  getWorkspace: {
    method: 'GET',
    path: '/workspace',
    summary: 'The present workspace and its settings',
    access: 'member',
    reply: Workspace,
  },
  changeWorkspace: {
    method: 'PATCH',
    path: '/workspace',
    summary: 'Change name, time zone, language or colour; what is left out stays',
    access: 'workspace.manage',
    body: t.Object({
      name: t.Optional(t.String({ minLength: 1, maxLength: 80, pattern: '\\S' })),
      timeZone: t.Optional(TimeZone),
      locale: t.Optional(Locale),
      colour: t.Optional(nullable(t.String({ pattern: '^#[0-9a-f]{6}$' }))),
    }),
    reply: Workspace,
    problems: ['workspaces.unknown_time_zone'],
  },
  confirmOutbound: {
    method: 'POST',
    path: '/workspace/outbound/confirm',
    summary: 'Let answers leave again after outbound was paused',
    access: 'workspace.manage',
    reply: Workspace,
  },
  listAudit: {
    method: 'GET',
    path: '/audit',
    summary: 'What happened in the workspace, newest first',
    access: 'audit.read',
    query: t.Object({
      ...paging,
      /** A type, or its first part: `workspaces.` for all of them. */
      type: t.Optional(t.String({ maxLength: 80, pattern: '^[a-z_.-]+$' })),
      subject: t.Optional(Id),
    }),
    reply: pageOf(AuditEntry),
  },
})
