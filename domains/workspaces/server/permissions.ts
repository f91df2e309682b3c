// Roles and token scopes as sets of fine permissions. Pure: who holds which role is read elsewhere.
import { may, type Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import { permissionNames, permissionsByRole, type Permission, type Role } from '../contract/permissions.ts'

const ofRole: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  owner: new Set(permissionsByRole.owner),
  admin: new Set(permissionsByRole.admin),
  lead: new Set(permissionsByRole.lead),
  agent: new Set(permissionsByRole.agent),
  viewer: new Set(permissionsByRole.viewer),
}

const READS: ReadonlySet<Permission> = new Set(
  permissionNames.filter((name) => name.endsWith('.read') || name === 'inbox.see_all'),
)

export function permissionsOfRole(role: Role): ReadonlySet<Permission> {
  return ofRole[role]
}

/** What a token's scopes add up to. A name that is no longer known gives nothing. */
export function permissionsOfScopes(scopes: readonly string[]): ReadonlySet<Permission> {
  const known = new Set<string>(permissionNames)
  return new Set(
    scopes.flatMap((scope): Permission[] => {
      if (scope === 'admin') return [...ofRole.admin]
      if (scope === 'read') return [...READS]
      return known.has(scope) ? [scope as Permission] : []
    }),
  )
}

/** Refuses (403 `workspaces.beyond_own`) to hand out what the actor does not have. */
export function mustHaveAll(actor: Actor, permissions: Iterable<string>): void {
  const missing = [...permissions].filter((permission) => !may(actor, permission))
  if (missing.length > 0)
    throw new Problem(
      403,
      'workspaces.beyond_own',
      'Nobody can give, or take from others, what they do not have themselves.',
      {
        details: { missing },
      },
    )
}
