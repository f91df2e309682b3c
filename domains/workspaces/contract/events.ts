import * as t from 'typebox'
import { Id, Moment, events, nullable } from '#platform/contract/kernel'

/** Who may know: holders of a permission, or one member; with both null, every member. */
export const WorkspacesVisibility = t.Object({ permission: nullable(t.String()), memberId: nullable(Id) })
export type WorkspacesVisibility = t.Static<typeof WorkspacesVisibility>

const OfMember = t.Object({ memberId: Id, changed: t.Array(t.String()) })
const OfInvitation = t.Object({ invitationId: Id })
const people = [['members'], ['colleagues'], ['audit']] as const
const self = [...people, ['me']] as const
/** What a loaded or removed sample changes without saying so row by row. */
const sample = [
  ...self,
  ...[
    ['teams'],
    ['service-hours'],
    ['labels'],
    ['sample'],
    ['conversations'],
    ['counts'],
    ['conversation'],
    ['messages'],
  ],
  ...[['unsettled'], ['connections'], ['connection'], ['quarantine'], ['customers'], ['customer'], ['customer-tags']],
] as const

export const workspacesEvents = events({
  'workspaces.created': { summary: 'The workspace was made', data: t.Object({}), stale: [['me'], ['workspace']] },
  'workspaces.settings_changed': {
    summary: 'Settings of the workspace changed',
    data: t.Object({ changed: t.Array(t.String()) }),
    stale: [['me'], ['workspace'], ['audit']],
  },
  'workspaces.sample_loaded': {
    summary: 'The sample was brought into the workspace; everything shown may have grown',
    data: t.Object({}),
    stale: sample,
  },
  'workspaces.sample_removed': {
    summary: 'The sample was taken out again, whole',
    data: t.Object({}),
    stale: sample,
  },
  'workspaces.restored': {
    summary: 'A backup was restored: answers wait until a person lets them leave',
    data: t.Object({ takenAt: Moment }),
    stale: [['me'], ['workspace'], ['audit']],
  },
  'workspaces.outbound_confirmed': {
    summary: 'A person let answers leave again',
    data: t.Object({}),
    stale: [['me'], ['workspace'], ['audit']],
  },
  'workspaces.member_invited': {
    summary: 'Somebody was invited',
    data: OfInvitation,
    stale: [['invitations'], ['audit']],
  },
  'workspaces.invitation_resent': {
    summary: 'An invitation got a new link',
    data: OfInvitation,
    stale: [['invitations'], ['audit']],
  },
  'workspaces.invitation_revoked': {
    summary: 'An invitation was taken back',
    data: OfInvitation,
    stale: [['invitations'], ['audit']],
  },
  'workspaces.member_joined': {
    summary: 'A member joined',
    data: t.Object({ memberId: Id, invitationId: nullable(Id) }),
    stale: [...self, ['invitations'], ['teams']],
  },
  'workspaces.member_changed': { summary: 'Name or role of a member changed', data: OfMember, stale: self },
  'workspaces.member_suspended': { summary: 'A member was shut out', data: OfMember, stale: self },
  'workspaces.member_restored': { summary: 'A member was let in again', data: OfMember, stale: self },
  'workspaces.member_removed': { summary: 'A membership ended', data: OfMember, stale: [...self, ['teams']] },
  'workspaces.preferences_changed': {
    summary: 'A member changed their own preferences',
    data: t.Object({ memberId: Id }),
    stale: [['me']],
  },
  'workspaces.team_created': {
    summary: 'A team was made',
    data: t.Object({ teamId: Id }),
    stale: [['teams'], ['colleagues'], ['members'], ['me'], ['audit']],
  },
  'workspaces.team_changed': {
    summary: 'A team was renamed or has other members',
    data: t.Object({ teamId: Id, changed: t.Array(t.String()) }),
    stale: [['teams'], ['colleagues'], ['members'], ['me'], ['audit']],
  },
  'workspaces.team_archived': {
    summary: 'A team was retired',
    data: t.Object({ teamId: Id }),
    stale: [['teams'], ['colleagues'], ['members'], ['me'], ['audit']],
  },
  'workspaces.hours_changed': {
    summary: 'Service hours were made, changed or removed',
    data: t.Object({ hoursId: Id, changed: t.Array(t.String()) }),
    stale: [['service-hours'], ['audit']],
  },
  'workspaces.token_created': {
    summary: 'An API token was made',
    data: t.Object({ tokenId: Id }),
    stale: [['tokens'], ['audit']],
  },
  'workspaces.token_revoked': {
    summary: 'An API token was revoked',
    data: t.Object({ tokenId: Id }),
    stale: [['tokens'], ['audit']],
  },
  'workspaces.logins_revoked': {
    summary: 'Log-ins of a member ended; their streams close',
    data: t.Object({ memberId: Id }),
    stale: [['logins'], ['audit']],
  },
  'workspaces.password_changed': {
    summary: 'A member changed their password',
    data: t.Object({ memberId: Id }),
    stale: [['logins'], ['audit']],
  },
  'workspaces.reset_link_made': {
    summary: 'A link was made by which a member can set a new password',
    data: t.Object({ memberId: Id }),
    stale: [['audit']],
  },
  'workspaces.password_reset': {
    summary: 'A member set a new password by a reset link; their log-ins ended',
    data: t.Object({ memberId: Id }),
    stale: [['logins'], ['audit']],
  },
  'workspaces.second_factor_changed': {
    summary: 'A member switched their second factor on or off, or made new backup codes',
    data: t.Object({ memberId: Id, changed: t.Array(t.String()) }),
    stale: [['me'], ['audit']],
  },
})
