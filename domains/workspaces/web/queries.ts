// What the screens of this domain ask for. Keys are those that the events name as stale.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { accesses, hours, people, samples, signIns, teams, tokens, workspace } from './calls.ts'

/** What holds for the whole installation, before anybody is signed in. */
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => signIns.getSetup({}, { signal }),
  staleTime: Infinity,
})
export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: async ({ signal }) => (await people.listMembers({}, { signal })).items,
})
export const colleaguesQuery = queryOptions({
  queryKey: ['colleagues'],
  queryFn: async ({ signal }) => (await people.listColleagues({}, { signal })).items,
})
export const invitationsQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: async ({ signal }) => (await people.listInvitations({}, { signal })).items,
})
export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: async ({ signal }) => (await teams.listTeams({}, { signal })).items,
})
export const hoursQuery = queryOptions({
  queryKey: ['service-hours'],
  queryFn: async ({ signal }) => (await hours.listServiceHours({}, { signal })).items,
})
export const workspaceQuery = queryOptions({
  queryKey: ['workspace'],
  queryFn: ({ signal }) => workspace.getWorkspace({}, { signal }),
})
export const sampleQuery = queryOptions({
  queryKey: ['sample'],
  queryFn: ({ signal }) => samples.getSample({}, { signal }),
  // While it is brought in or taken out, the bar moves.
  refetchInterval: ({ state: { data } }) => (data?.state === 'loading' || data?.state === 'removing' ? 700 : false),
})
export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async ({ signal }) => (await tokens.listTokens({}, { signal })).items,
})
export const loginsQuery = queryOptions({
  queryKey: ['logins'],
  queryFn: async ({ signal }) => (await signIns.listLogins({}, { signal })).items,
})
export const auditQuery = (filter: { type?: string | undefined; subject?: string | undefined }) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      workspace.listAudit(
        {
          query: {
            limit: 50,
            ...(pageParam && { after: pageParam }),
            ...(filter.type && { type: filter.type }),
            ...(filter.subject && { subject: filter.subject }),
          },
        },
        { signal },
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  })

export const accessQuery = (kind: 'reads' | 'sign-ins') =>
  infiniteQueryOptions({
    queryKey: ['access', kind],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      accesses.listAccess({ query: { limit: 50, kind, ...(pageParam && { after: pageParam }) } }, { signal }),
    getNextPageParam: ({ next }) => next ?? undefined,
  })
