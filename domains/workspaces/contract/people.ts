import * as t from 'typebox'
import { Id, IdParams, Moment, nullable, oneOf, routes } from '#platform/contract/kernel'
import { roleNames } from './permissions.ts'
import { Email, PersonName } from './sign-in.ts'

export const memberStates = ['active', 'suspended', 'removed'] as const
export const invitedRoles = ['admin', 'lead', 'agent', 'viewer'] as const

/** What every member may know of another: enough to assign, mention and show who wrote. */
export const Colleague = t.Object(
  { id: Id, name: t.String(), state: oneOf(memberStates), teamIds: t.Array(Id) },
  { $id: 'Colleague' },
)
export type Colleague = t.Static<typeof Colleague>

export const Member = t.Object(
  {
    id: Id,
    name: t.String(),
    email: t.String(),
    role: oneOf(roleNames),
    state: oneOf(memberStates),
    teamIds: t.Array(Id),
    createdAt: Moment,
  },
  { $id: 'Member' },
)
export type Member = t.Static<typeof Member>

export const Invitation = t.Object(
  {
    id: Id,
    email: t.String(),
    role: oneOf(roleNames),
    teamIds: t.Array(Id),
    invitedBy: nullable(t.String()),
    createdAt: Moment,
    expiresAt: Moment,
    isExpired: t.Boolean(),
  },
  { $id: 'Invitation' },
)
export type Invitation = t.Static<typeof Invitation>

/** The link is shown, once, where it could not be mailed. */
const Sent = t.Object({ invitation: Invitation, mailed: t.Boolean(), link: nullable(t.String()) })

const guards = ['workspaces.last_owner', 'workspaces.beyond_own', 'workspaces.not_yourself'] as const

export const peopleRoutes = routes({
  listColleagues: {
    method: 'GET',
    path: '/colleagues',
    summary: 'Names of all members of the workspace, former ones too',
    access: 'member',
    reply: t.Object({ items: t.Array(Colleague) }),
  },
  listMembers: {
    method: 'GET',
    path: '/members',
    summary: 'Members with e-mail, role and state',
    access: 'people.read',
    reply: t.Object({ items: t.Array(Member) }),
  },
  changeMember: {
    method: 'PATCH',
    path: '/members/:id',
    summary: 'Change the role or the name of a member',
    access: 'people.manage',
    params: IdParams,
    body: t.Object({ role: t.Optional(oneOf(roleNames)), name: t.Optional(PersonName) }),
    reply: Member,
    problems: guards,
  },
  suspendMember: {
    method: 'POST',
    path: '/members/:id/suspend',
    summary: 'Shut a member out until restored',
    access: 'people.manage',
    params: IdParams,
    reply: Member,
    problems: guards,
  },
  restoreMember: {
    method: 'POST',
    path: '/members/:id/restore',
    summary: 'Let a suspended or removed member in again',
    access: 'people.manage',
    params: IdParams,
    reply: Member,
    problems: guards,
  },
  removeMember: {
    method: 'DELETE',
    path: '/members/:id',
    summary: 'End a membership; what the member did stays under their name',
    access: 'people.manage',
    params: IdParams,
    problems: guards,
  },
  signOutMember: {
    method: 'POST',
    path: '/members/:id/sign-out',
    summary: 'End all log-ins of a member',
    access: 'people.manage',
    params: IdParams,
    problems: ['workspaces.beyond_own'],
  },
  listInvitations: {
    method: 'GET',
    path: '/invitations',
    summary: 'Invitations that nobody has taken yet',
    access: 'people.manage',
    reply: t.Object({ items: t.Array(Invitation) }),
  },
  inviteMember: {
    method: 'POST',
    path: '/invitations',
    summary: 'Invite somebody; by mail where mail is set up, else the link is in the answer',
    access: 'people.manage',
    body: t.Object({
      email: Email,
      role: oneOf(invitedRoles),
      teamIds: t.Optional(t.Array(Id, { maxItems: 50, uniqueItems: true })),
    }),
    reply: Sent,
    problems: ['workspaces.already_member', 'workspaces.already_invited', 'workspaces.beyond_own'],
    limit: { perMinute: 60 },
  },
  resendInvitation: {
    method: 'POST',
    path: '/invitations/:id/resend',
    summary: 'Send it again with a new link, valid for seven days; the old link stops to work',
    access: 'people.manage',
    params: IdParams,
    reply: Sent,
    limit: { perMinute: 60 },
  },
  revokeInvitation: {
    method: 'DELETE',
    path: '/invitations/:id',
    summary: 'Take an invitation back',
    access: 'people.manage',
    params: IdParams,
  },
})
