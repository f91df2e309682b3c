import { useLingui } from '@lingui/react/macro'
import { Cable, Settings, Signpost, UserRound, Users } from 'lucide-react'
import { useConnectionCount } from '../../domains/connections/web/connection-notice.tsx'
import { useMay } from '../../platform/browser/session.tsx'
import type { NavItem } from './rail.tsx'

/** The quieter places at the foot of the rail, for those who may go there. */
export function useAdminPlaces(): NavItem[] {
  const { t } = useLingui()
  const may = useMay()
  const count = useConnectionCount() ?? undefined
  return [
    ...(may('inbox.read')
      ? [
          {
            id: 'triage',
            label: t`Triage`,
            icon: Signpost,
            to: may('triage.correct') ? ('/triage' as const) : ('/triage/model' as const),
            keys: 'g t',
          },
        ]
      : []),
    ...(may('connections.read')
      ? [{ id: 'connections', label: t`Connections`, icon: Cable, to: '/connections' as const, keys: 'g c', count }]
      : []),
    {
      id: 'people',
      label: t`People`,
      icon: Users,
      // Who may not read the members begins with the teams.
      to: may('people.read') ? ('/people' as const) : ('/people/teams' as const),
      keys: 'g e',
    },
    { id: 'settings', label: t`Settings`, icon: Settings, to: '/settings', keys: 'g s' },
    // In the rail one's own name leads there.
    { id: 'profile', label: t`Your profile`, icon: UserRound, to: '/profile', keys: 'g m', outsideRail: true },
  ]
}
