import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { apiClient } from '../../../platform/browser/api.ts'
import { customerRoutes } from '../contract.ts'

export const customersApi = apiClient(customerRoutes)

export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer', id],
    queryFn: ({ signal }) => customersApi.getCustomer({ params: { id } }, { signal }),
  })

/** Lets somebody through again. */
export const unblockCustomer = (id: string) => customersApi.unblockCustomer({ params: { id } })

export const customerNotesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['customer-notes', id],
    queryFn: ({ pageParam, signal }) =>
      customersApi.listCustomerNotes({ params: { id }, query: pageParam ? { after: pageParam } : {} }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })

/** People whose name, handle, address or number fits. The first ones only: for finding, not for reading through. */
export const customersSearchQuery = (q: string) =>
  queryOptions({
    queryKey: ['customers', 'search', q],
    queryFn: async ({ signal }) => (await customersApi.searchCustomers({ query: { q, limit: 6 } }, { signal })).items,
    enabled: q !== '',
  })
