import { apiClient } from '#platform/browser/api'
import { connectionRoutes } from '../contract.ts'

export const connections = apiClient(connectionRoutes)
