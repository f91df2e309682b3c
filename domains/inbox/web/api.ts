import { connectionRoutes } from '#connections/contract'
import { apiClient } from '../../../platform/browser/api.ts'
import { peopleRoutes, teamRoutes } from '#workspaces/contract'
import {
  conversationRoutes,
  labelRoutes,
  messageRoutes,
  networkRoutes,
  originalRoutes,
  reorganisingRoutes,
} from '../contract.ts'

export const conversationsApi = apiClient(conversationRoutes)
export const messagesApi = apiClient(messageRoutes)
export const labelsApi = apiClient(labelRoutes)
export const peopleApi = apiClient(peopleRoutes)
export const teamsApi = apiClient(teamRoutes)
export const channelsApi = apiClient(connectionRoutes)
export const networksApi = apiClient(networkRoutes)
export const originalsApi = apiClient(originalRoutes)
export const reorganisingApi = apiClient(reorganisingRoutes)
