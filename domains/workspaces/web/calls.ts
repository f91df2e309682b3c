import { apiClient } from '#platform/browser/api'
import { client } from '#platform/contract/client'
import {
  accessRoutes,
  meRoutes,
  passwordResetRoutes,
  peopleRoutes,
  sampleRoutes,
  serviceHoursRoutes,
  signInRoutes,
  teamRoutes,
  tokenRoutes,
  workspaceRoutes,
} from '../contract.ts'

/** A 401 of these is an answer (a wrong password, a wrong code), not the end of a log-in. */
export const signIns = client(signInRoutes, { base: '/api' })
export const resets = client(passwordResetRoutes, { base: '/api' })
export const mine = apiClient(meRoutes)
export const people = apiClient(peopleRoutes)
export const teams = apiClient(teamRoutes)
export const hours = apiClient(serviceHoursRoutes)
export const samples = apiClient(sampleRoutes)
export const tokens = apiClient(tokenRoutes)
export const accesses = apiClient(accessRoutes)
export const workspace = apiClient(workspaceRoutes)

/** For screens of other domains, which set the first hours too. */
export const saveHours = hours.changeServiceHours
