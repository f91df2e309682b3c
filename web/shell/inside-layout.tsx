import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { Inbox, LogOut, UserRound, WifiOff } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { conversationRoutes, inboxEvents } from '#inbox/contract'
import { connectionEvents } from '#connections/contract'
import { customerEvents } from '#customers/contract'
import { triageEvents } from '#triage/contract'
import { signInRoutes, workspacesEvents, type Me } from '#workspaces/contract'
import { ConnectionNotice } from '../../domains/connections/web/connection-notice.tsx'
import { meQuery } from '../../domains/workspaces/web/me.ts'
import { apiClient, problemOf, signInAddress } from '../../platform/browser/api.ts'
import { openRealtime, type Realtime } from '../../platform/browser/realtime.ts'
import {
  RealtimeProvider,
  SessionProvider,
  useLineState,
  useMay,
  type Session,
} from '../../platform/browser/session.tsx'
import type { HeardEvent } from '../../platform/browser/stale-keys.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { Menu } from '../ui/menu.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { TopSearch } from '../ui/top-search.tsx'
import { useAdminPlaces } from './admin-places.ts'
import { Frame } from './frame.tsx'
import type { NavItem } from './rail.tsx'

const signInApi = apiClient(signInRoutes)
const conversationsApi = apiClient(conversationRoutes)

/** Every event that a screen may show something of. */
const eventTables = [inboxEvents, customerEvents, workspacesEvents, connectionEvents, triageEvents]

/** The frame round every screen of somebody who is signed in: who they are, the line to the server, the places. */
export function InsideLayout() {
  const { t } = useLingui()
  const { data: me, error, refetch } = useQuery(meQuery)
  if (me?.present) return <Inside present={me.present} />
  if (me) {
    return (
      <EmptyState title={t`You are in no workspace`}>
        <Trans>Ask whoever runs this installation for an invitation.</Trans>
      </EmptyState>
    )
  }
  if (!error || problemOf(error).status === 401) return <SkeletonRows rows={4} />
  return (
    <EmptyState
      title={t`Rapport could not be reached`}
      action={
        <Button look="primary" onClick={() => void refetch()}>
          <Trans>Try again</Trans>
        </Button>
      }
    >
      {problemOf(error).message}
    </EmptyState>
  )
}

type Present = NonNullable<Me['present']>

function Inside({ present }: { present: Present }) {
  const session = useMemo<Session>(
    () => ({
      memberId: present.memberId,
      memberName: present.memberName,
      workspaceId: present.workspaceId,
      workspaceName: present.name,
      timeZone: present.timeZone,
      teamIds: present.teamIds,
      permissions: new Set(present.permissions),
    }),
    [present],
  )
  const { realtime, ready } = useRealtime(session)
  return (
    <SessionProvider value={session}>
      <RealtimeProvider value={realtime}>
        <SignedInFrame present={present}>{ready ? <Outlet /> : <SkeletonRows />}</SignedInFrame>
      </RealtimeProvider>
    </SessionProvider>
  )
}

/** How long screens wait for the line before they fetch without it; what was fetched then is fetched again. */
const PATIENCE_MS = 1500

/** Opens the one line of this browser. Screens wait for it a moment, so that nothing happens unheard after they fetched. */
function useRealtime({ workspaceId, memberId }: Session): { realtime: Realtime | null; ready: boolean } {
  const queryClient = useQueryClient()
  const [realtime, setRealtime] = useState<Realtime | null>(null)
  const [ready, setReady] = useState(false)
  useEffect(() => {
    const line = openRealtime({
      queryClient,
      tables: eventTables,
      owner: `${workspaceId}.${memberId}`,
      concerns: (event) => concerns(event, memberId),
    })
    // oxlint-disable-next-line react/set-state-in-effect -- the line is a resource: opened and closed here, used below
    setRealtime(line)
    const patience = setTimeout(() => setReady(true), PATIENCE_MS)
    void line.ready.then(() => setReady(true))
    return () => {
      clearTimeout(patience)
      line.close()
      setRealtime(null)
    }
  }, [queryClient, workspaceId, memberId])
  return { realtime, ready }
}

/** What others have read and begun to write changes nothing on this screen. */
const concerns = ({ type, data }: HeardEvent, memberId: string): boolean =>
  (type !== 'inbox.read' && type !== 'inbox.draft_saved') || data['memberId'] === memberId

function SignedInFrame({ present, children }: { present: Present; children: React.ReactNode }) {
  return (
    <Frame
      owner={present.memberId}
      name={present.name}
      items={usePlaces()}
      footItems={useAdminPlaces()}
      foot={<WhoIsHere present={present} />}
      search={<Search />}
      actions={
        <>
          <ConnectionNotice />
          <LineNotice />
        </>
      }
    >
      {children}
    </Frame>
  )
}

/** The places that exist, for those who may go there. */
function usePlaces(): NavItem[] {
  const { t } = useLingui()
  const may = useMay()
  const reads = may('inbox.read')
  const { data: counts } = useQuery({
    queryKey: ['counts'],
    queryFn: ({ signal }) => conversationsApi.countConversations({}, { signal }),
    enabled: reads,
  })
  const mine = counts?.mine ?? 0
  return only([
    reads && {
      id: 'inbox',
      label: t`Inbox`,
      icon: Inbox,
      to: '/inbox/{-$conversationId}',
      keys: 'g i',
      count:
        mine > 0
          ? {
              value: mine,
              label: t`${plural(mine, { one: '# open conversation is', other: '# open conversations are' })} yours`,
            }
          : undefined,
    },
  ])
}

const only = (places: readonly (NavItem | false)[]): NavItem[] => places.filter((place) => place !== false)

function Search() {
  const { t } = useLingui()
  const navigate = useNavigate()
  const value = useRouterState({
    select: ({ location }) => (location.pathname === '/search' ? (location.search as { q?: string }).q : ''),
  })
  return (
    <TopSearch
      placeholder={t`Search messages and people`}
      value={value ?? ''}
      onSearch={(q) => void navigate({ to: '/search', search: { q } })}
    />
  )
}

/** Says so while the line is down: what is shown may be behind. */
function LineNotice() {
  if (useLineState() !== 'lost') return null
  return (
    <span role="status" className="flex shrink-0 items-center gap-1.5 text-small text-waiting">
      <Icon of={WifiOff} />
      <span className="max-tablet:sr-only">
        <Trans>Not connected, trying again</Trans>
      </span>
    </span>
  )
}

function WhoIsHere({ present }: { present: Present }) {
  const { t } = useLingui()
  const navigate = useNavigate()
  const name = present.memberName
  const leave = async () => {
    await signInApi.signOut({}).catch(() => undefined)
    location.assign(signInAddress({ pathname: '/', search: '', hash: '' }))
  }
  return (
    <Menu
      groups={[
        {
          label: name,
          items: [
            { label: t`Your profile`, icon: UserRound, onSelect: () => void navigate({ to: '/profile' }) },
            { label: t`Sign out`, icon: LogOut, onSelect: () => void leave() },
          ],
        },
      ]}
      trigger={
        <button
          type="button"
          className="flex h-control w-full min-w-0 items-center gap-2 rounded-control px-1 text-start hover:bg-hover"
        >
          <Avatar name={name} colourKey={present.memberId} size="small" decorative />
          <span className="min-w-0 truncate">{name}</span>
        </button>
      }
    />
  )
}
