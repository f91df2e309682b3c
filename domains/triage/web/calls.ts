import { apiClient } from '../../../platform/browser/api.ts'
import {
  assessmentRoutes,
  learningRoutes,
  policyRoutes,
  proposalRoutes,
  reviewRoutes,
  settingsRoutes,
  topicRoutes,
} from '../contract.ts'

export const assessments = apiClient(assessmentRoutes)
export const reviews = apiClient(reviewRoutes)
export const learning = apiClient(learningRoutes)
export const topics = apiClient(topicRoutes)
export const policies = apiClient(policyRoutes)
export const proposals = apiClient(proposalRoutes)
export const choices = apiClient(settingsRoutes)
