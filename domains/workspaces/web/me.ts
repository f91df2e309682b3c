// Who is signed in, and the way to the door for who is not.
import { queryOptions, useQuery, type QueryClient } from '@tanstack/react-query'
import { redirect } from '@tanstack/react-router'
import type { Me, Permission } from '../contract.ts'
import { mine } from './calls.ts'
import { statusOf } from './deed.ts'

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => mine.getMe({}, { signal }),
  // Who is not signed in will not be so on the next try.
  retry: (failures, error) => statusOf(error) === null && failures < 2,
})

/** For `beforeLoad` of everything behind the door: keeps the way back in the address of the sign-in. */
export async function requireLogin({
  context: { queryClient },
  location,
}: {
  context: { queryClient: QueryClient }
  location: { href: string }
}): Promise<void> {
  try {
    await queryClient.ensureQueryData(meQuery)
  } catch (error) {
    if (statusOf(error) === 401) throw redirect({ to: '/sign-in', search: { next: location.href } })
    throw error
  }
}

/** The signed-in person. Only behind `requireLogin`, where it is known already. */
export function useMe(): Me {
  const { data } = useQuery(meQuery)
  if (!data) throw new Error('nobody is signed in here: is requireLogin missing on this route?')
  return data
}

export function usePresent(): NonNullable<Me['present']> {
  const { present } = useMe()
  if (!present) throw new Error('this screen needs a workspace')
  return present
}

/** Whether the signed-in member holds a permission in the present workspace. */
export function useMay(): (permission: Permission) => boolean {
  const held = useMe().present?.permissions ?? []
  return (permission) => held.includes(permission)
}
