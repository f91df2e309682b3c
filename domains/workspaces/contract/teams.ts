import * as t from 'typebox'
import { Id, IdParams, routes } from '#platform/contract/kernel'

export const Team = t.Object({ id: Id, name: t.String(), memberIds: t.Array(Id) }, { $id: 'Team' })
export type Team = t.Static<typeof Team>
const TeamName = t.String({ minLength: 1, maxLength: 60, pattern: '\\S' })
const MemberIds = t.Array(Id, { maxItems: 500, uniqueItems: true })

export const teamRoutes = routes({
  listTeams: {
    method: 'GET',
    path: '/teams',
    summary: 'Teams of the workspace, by name',
    access: 'member',
    reply: t.Object({ items: t.Array(Team) }),
  },
  createTeam: {
    method: 'POST',
    path: '/teams',
    summary: 'Make a team',
    access: 'teams.manage',
    body: t.Object({ name: TeamName, memberIds: t.Optional(MemberIds) }),
    reply: Team,
    problems: ['workspaces.team_exists'],
  },
  changeTeam: {
    method: 'PATCH',
    path: '/teams/:id',
    summary: 'Rename a team, or say who is in it',
    access: 'teams.manage',
    params: IdParams,
    body: t.Object({ name: t.Optional(TeamName), memberIds: t.Optional(MemberIds) }),
    reply: Team,
    problems: ['workspaces.team_exists'],
  },
  archiveTeam: {
    method: 'DELETE',
    path: '/teams/:id',
    summary: 'Retire a team; its members leave it',
    access: 'teams.manage',
    params: IdParams,
  },
})
