import { QueryClient } from '@tanstack/react-query'

/** Data is kept fresh by the event stream, so a query is not fetched again merely because somebody looks at it. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 60_000, refetchOnWindowFocus: false, retry: retryUnlessRefused },
      mutations: { retry: false },
    },
  })
}

/** What the server refused with a 4xx stays refused; a lost connection is tried twice more. */
function retryUnlessRefused(failures: number, error: unknown): boolean {
  const status = (error as { problem?: { status?: unknown } } | null)?.problem?.status
  return failures < 2 && !(typeof status === 'number' && status >= 400 && status < 500)
}
