import { implement } from '#platform/contract/implement'
import type { Database } from '#platform/db/database'
import { accessRoutes } from '../../contract/access.ts'
import { serviceHoursRoutes } from '../../contract/service-hours.ts'
import { teamRoutes } from '../../contract/teams.ts'
import { tokenRoutes } from '../../contract/tokens.ts'
import { workspaceRoutes } from '../../contract/workspace.ts'
import { listAccess } from '../access-list.ts'
import { listAudit } from '../audit.ts'
import { changeServiceHours, createServiceHours, listServiceHours, removeServiceHours } from '../service-hours.ts'
import { archiveTeam, changeTeam, createTeam, listTeams } from '../teams.ts'
import { createToken, listTokens, revokeToken } from '../tokens.ts'
import { changeWorkspace, confirmOutbound, getWorkspace } from '../workspaces.ts'

export interface WorkspaceDeps {
  readonly db: Database
}

export const workspacePlugin = ({ db }: WorkspaceDeps) =>
  implement(workspaceRoutes)({
    getWorkspace: (_input, { actor }) => db.read(actor, (tx) => getWorkspace(tx, actor)),
    changeWorkspace: ({ body }, { actor }) => db.write(actor, (tx) => changeWorkspace(tx, actor, body)),
    confirmOutbound: (_input, { actor }) => db.write(actor, (tx) => confirmOutbound(tx, actor)),
    listAudit: ({ query }, { actor }) => db.read(actor, (tx) => listAudit(tx, query)),
  })

export const accessPlugin = ({ db }: WorkspaceDeps) =>
  implement(accessRoutes)({
    listAccess: ({ query }, { actor }) => db.read(actor, (tx) => listAccess(tx, query)),
  })

export const teamPlugin = ({ db }: WorkspaceDeps) =>
  implement(teamRoutes)({
    listTeams: async (_input, { actor }) => ({ items: await db.read(actor, listTeams) }),
    createTeam: ({ body }, { actor }) => db.write(actor, (tx) => createTeam(tx, actor, body)),
    changeTeam: ({ params, body }, { actor }) => db.write(actor, (tx) => changeTeam(tx, actor, { ...params, ...body })),
    archiveTeam: ({ params }, { actor }) => db.write(actor, (tx) => archiveTeam(tx, actor, params.id)),
  })

export const serviceHoursPlugin = ({ db }: WorkspaceDeps) =>
  implement(serviceHoursRoutes)({
    listServiceHours: async (_input, { actor }) => ({ items: await db.read(actor, listServiceHours) }),
    createServiceHours: ({ body }, { actor }) => db.write(actor, (tx) => createServiceHours(tx, actor, body)),
    changeServiceHours: ({ params, body }, { actor }) =>
      db.write(actor, (tx) => changeServiceHours(tx, actor, { ...params, ...body })),
    removeServiceHours: ({ params }, { actor }) => db.write(actor, (tx) => removeServiceHours(tx, actor, params.id)),
  })

export const tokenPlugin = ({ db }: WorkspaceDeps) =>
  implement(tokenRoutes)({
    listTokens: async (_input, { actor }) => ({ items: await db.read(actor, listTokens) }),
    createToken: ({ body }, { actor }) => db.write(actor, (tx) => createToken(tx, actor, body)),
    revokeToken: ({ params }, { actor }) => db.write(actor, (tx) => revokeToken(tx, actor, params.id)),
  })
