import { apiClient } from '#platform/browser/api'
import { connectionRoutes } from '../contract.ts'
import { leaveRoutes } from '../contract/leave.ts'

export const connections = apiClient(connectionRoutes)
export const leave = apiClient(leaveRoutes)
