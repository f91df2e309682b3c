import { useQuery } from '@tanstack/react-query'
import { useMay } from '../../../platform/browser/session.tsx'
import { connectionsQuery } from './queries.ts'

/** What comes below every answer of a connection, with `{agent}` where its writer is named; empty where there is none. */
export function useSignature(connectionId: string): string {
  const enabled = useMay()('connections.read')
  const { data } = useQuery({ ...connectionsQuery, enabled, staleTime: Infinity })
  return data?.find(({ id }) => id === connectionId)?.signature ?? ''
}
