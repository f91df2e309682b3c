// The names of what may be allowed. Which role may do what stands in server/permissions.ts; browsers learn it by `getMe`.

export const permissionNames = [
  'inbox.read',
  'inbox.see_all',
  'inbox.reply',
  'inbox.note',
  'inbox.assign',
  'inbox.resolve',
  'inbox.label',
  'inbox.manage_labels',
  'inbox.override_gate',
  'inbox.decide_unknown',
  'triage.correct',
  'triage.reveal',
  'triage.manage',
  'customers.read',
  'customers.edit',
  'customers.block',
  'connections.read',
  'connections.manage',
  'workspace.manage',
  'workspace.delete',
  'people.read',
  'people.manage',
  'teams.manage',
  'hours.manage',
  'tokens.manage',
  'audit.read',
  'sample.manage',
] as const
export type Permission = (typeof permissionNames)[number]

/** From the one who may everything to the one who only looks. */
export const roleNames = ['owner', 'admin', 'lead', 'agent', 'viewer'] as const
export type Role = (typeof roleNames)[number]

const viewer: readonly Permission[] = ['inbox.read', 'customers.read', 'connections.read']
const agent: readonly Permission[] = [
  ...viewer,
  'inbox.reply',
  'inbox.note',
  'inbox.assign',
  'inbox.resolve',
  'inbox.label',
  'triage.correct',
  'triage.reveal',
  'customers.edit',
]
const lead: readonly Permission[] = [
  ...agent,
  'inbox.see_all',
  'inbox.manage_labels',
  'inbox.override_gate',
  'inbox.decide_unknown',
  'triage.manage',
  'customers.block',
  'people.read',
]

/** What each role may do. The server decides by it, and people can look it up. */
export const permissionsByRole: Readonly<Record<Role, readonly Permission[]>> = {
  owner: permissionNames,
  admin: permissionNames.filter((name) => name !== 'workspace.delete'),
  lead,
  agent,
  viewer,
}

/** What an API token may be given: everything an admin may, everything that only reads, or permissions by name. */
export const tokenScopes = ['admin', 'read', ...permissionNames] as const
export type TokenScope = (typeof tokenScopes)[number]
