// What other domains and the program may call.
import type { FastifyInstance } from 'fastify'
import type { Auth } from './auth/library.ts'
import { mePlugin } from './routes/me.ts'
import { passwordResetPlugin } from './routes/password-reset.ts'
import { peoplePlugin, type PeopleDeps } from './routes/people.ts'
import { signInPlugin } from './routes/sign-in.ts'
import { accessPlugin, serviceHoursPlugin, teamPlugin, tokenPlugin, workspacePlugin } from './routes/workspace.ts'

export interface WorkspacesDeps extends PeopleDeps {
  readonly auth: Auth
}

/** All routes of the domain; to be registered under `/api`. */
export const workspacesPlugin =
  (deps: WorkspacesDeps) =>
  async (app: FastifyInstance): Promise<void> => {
    for (const plugin of [
      signInPlugin,
      passwordResetPlugin,
      mePlugin,
      peoplePlugin,
      workspacePlugin,
      accessPlugin,
      teamPlugin,
      serviceHoursPlugin,
      tokenPlugin,
    ])
      await plugin(deps)(app)
  }

export { openAuth, type Auth, type AuthOptions, type Caller, type Login } from './auth/library.ts'
export { createPerson, findPerson, sweepLogins } from './auth/persons.ts'
export { createAuthorize, callerOf, loginKeyOf, membershipsOf, sessionOf, type AuthorizeDeps } from './authorize.ts'
export { followAuthority, forgetAuthority } from './authority.ts'
export { makeResetLinkByHand } from './password-reset.ts'
export { createSetupLink, isClaimed } from './setup.ts'
export { createWorkspace, getWorkspace, type NewWorkspace } from './workspaces.ts'
export { findMember, memberNames, requireMember } from './members.ts'
export { findTeam, requireMembers, requireTeams } from './teams.ts'
export { findServiceHours, listServiceHours } from './service-hours.ts'
export { createToken, type NewToken } from './tokens.ts'
export { mustHaveAll, permissionsOfRole, permissionsOfScopes } from './permissions.ts'
export { canSeeWorkspacesEvent } from './visibility.ts'
export {
  afterOpenMinutes,
  isOpenAt,
  minutesOpenBetween,
  nextClosing,
  nextOpening,
  type Hours,
} from '../contract/hours.ts'
