// Every question that the screens of triage ask, under the keys that its events name as stale.
import { infiniteQueryOptions, queryOptions, type InfiniteData } from '@tanstack/react-query'
import type { Page } from '#platform/contract/kernel'
import type { measuredLabels, MessageAssessment, ReviewItem } from '../contract.ts'
import { assessments, choices, learning, policies, proposals, reviews, topics } from './calls.ts'

export type Pages<T> = InfiniteData<Page<T>, string | null>
export type MeasuredLabel = (typeof measuredLabels)[number]

/** What is said of a conversation's messages, the newest first. */
export const assessmentsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['assessments', id],
    queryFn: ({ pageParam, signal }): Promise<Page<MessageAssessment>> =>
      assessments.listAssessments({ params: { id }, query: pageParam ? { after: pageParam } : {} }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })

export const reviewQuery = infiniteQueryOptions({
  queryKey: ['review'],
  queryFn: ({ pageParam, signal }): Promise<Page<ReviewItem>> =>
    reviews.listReview({ query: pageParam ? { after: pageParam } : {} }, { signal }),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next }) => next,
})

export const figuresQuery = (label: MeasuredLabel) =>
  queryOptions({
    queryKey: ['figures', label],
    queryFn: ({ signal }) => learning.getModelFigures({ query: { label } }, { signal }),
  })

export const layersQuery = queryOptions({
  queryKey: ['layers'],
  queryFn: ({ signal }) => learning.listLayers({}, { signal }),
})

export const topicsQuery = queryOptions({
  queryKey: ['topics'],
  queryFn: async ({ signal }) => (await topics.listTopics({}, { signal })).items,
})

export const examplesQuery = (key: string) =>
  queryOptions({
    queryKey: ['topics', key, 'examples'],
    queryFn: async ({ signal }) => (await topics.listTopicExamples({ params: { key } }, { signal })).items,
  })

export const priorityQuery = (id: string) =>
  queryOptions({
    queryKey: ['priority', id],
    queryFn: ({ signal }) => policies.getPriority({ params: { id } }, { signal }),
  })

export const policyQuery = queryOptions({
  queryKey: ['policy'],
  queryFn: ({ signal }) => policies.getPolicy({}, { signal }),
})

export const policiesQuery = queryOptions({
  queryKey: ['policies'],
  queryFn: async ({ signal }) => (await policies.listPolicies({}, { signal })).items,
})

export const proposalsQuery = (conversation: string) =>
  queryOptions({
    queryKey: ['proposals', conversation],
    queryFn: async ({ signal }) => (await proposals.listProposals({ query: { conversation } }, { signal })).items,
  })

export const settingsQuery = queryOptions({
  queryKey: ['triage-settings'],
  queryFn: ({ signal }) => choices.getTriageSettings({}, { signal }),
})

export const usesQuery = queryOptions({
  queryKey: ['triage-settings', 'uses'],
  queryFn: async ({ signal }) => (await choices.listLargeModelUses({ query: { limit: 20 } }, { signal })).items,
})
