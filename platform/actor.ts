// Who acts, in which workspace, at which time of the program's clock, and what they may do. Made once per request or job
// by whoever proves it (a log-in, an API token, a visitor's token, the program itself) and handed down as a value.

export type ActorKind = 'member' | 'token' | 'visitor' | 'program'

export interface Actor {
  readonly workspaceId: string
  readonly kind: ActorKind
  /** Member, token or visitor id; null for the program. */
  readonly id: string | null
  /** The program's time of this act. */
  readonly at: Date
  readonly permissions: ReadonlySet<string>
  readonly teamIds: readonly string[]
}

/** The program acting by itself in a workspace: intake, jobs, the sender. It may do whatever its caller decided. */
export function programActor(workspaceId: string, at: Date): Actor {
  return { workspaceId, kind: 'program', id: null, at, permissions: new Set(['*']), teamIds: [] }
}

export function may(actor: Actor, permission: string): boolean {
  return actor.permissions.has('*') || actor.permissions.has(permission)
}

/** The member behind an actor, or null: tokens, visitors and the program are nobody's. */
export function memberOf(actor: Actor): string | null {
  return actor.kind === 'member' ? actor.id : null
}
