import type { DB } from '#platform/db/database'
import type { PlatformTables } from '#platform/db/tables'

export type WorkspacesTables = Pick<
  DB,
  | 'workspaces'
  | 'setupLinks'
  | 'signInTries'
  | 'members'
  | 'invitations'
  | 'teams'
  | 'teamMembers'
  | 'apiTokens'
  | 'serviceHours'
> &
  Pick<PlatformTables, 'events' | 'accessLog'>
