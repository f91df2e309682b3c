// Who is signed in, for every screen inside the frame. The shell fills it once; screens only ask.
import { createContext, useContext, useEffect, useSyncExternalStore } from 'react'
import type { HeardEvent } from './stale-keys.ts'
import type { LineState, Realtime } from './realtime.ts'

export interface Session {
  readonly memberId: string
  readonly memberName: string
  readonly workspaceId: string
  readonly workspaceName: string
  readonly timeZone: string
  readonly teamIds: readonly string[]
  readonly permissions: ReadonlySet<string>
}

const SessionContext = createContext<Session | null>(null)
const RealtimeContext = createContext<Realtime | null>(null)

export const SessionProvider = SessionContext.Provider
export const RealtimeProvider = RealtimeContext.Provider

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('useSession belongs inside the frame of somebody signed in')
  return session
}

/** `const may = useMay()`, then `may('inbox.reply')`. The server asks again; this only decides what is offered. */
export function useMay(): (permission: string) => boolean {
  const { permissions } = useSession()
  return (permission) => permissions.has(permission)
}

/** Hears what is told and forgotten. The listener should be stable. */
export function useFleeting(listener: (event: HeardEvent) => void): void {
  const realtime = useContext(RealtimeContext)
  useEffect(() => realtime?.onFleeting(listener), [realtime, listener])
}

/** Whether the line to the server stands. */
export function useLineState(): LineState {
  const realtime = useContext(RealtimeContext)
  return useSyncExternalStore(
    (listener) => realtime?.onState(listener) ?? (() => {}),
    () => realtime?.state() ?? 'opening',
  )
}
