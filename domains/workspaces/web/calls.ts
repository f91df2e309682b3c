import { client } from '#platform/contract/client'
import {
  meRoutes,
  peopleRoutes,
  serviceHoursRoutes,
  signInRoutes,
  teamRoutes,
  tokenRoutes,
  workspaceRoutes,
} from '../contract.ts'

const base = { base: '/api' }

export const signIns = client(signInRoutes, base)
export const mine = client(meRoutes, base)
export const people = client(peopleRoutes, base)
export const teams = client(teamRoutes, base)
export const hours = client(serviceHoursRoutes, base)
export const tokens = client(tokenRoutes, base)
export const workspace = client(workspaceRoutes, base)

/** For screens of other domains, which set the first hours too. */
export const saveHours = hours.changeServiceHours
