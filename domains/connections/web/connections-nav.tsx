import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { SectionNav, useMay } from '../../workspaces/web/index.ts'
import { connectionsQuery } from './queries.ts'

/** Only what one may open: what was not understood shows what customers wrote, to whichever team. */
export function ConnectionsNav() {
  const { t } = useLingui()
  const may = useMay()
  const { data = [] } = useQuery(connectionsQuery)
  const quarantined = data.reduce((sum, connection) => sum + connection.quarantined, 0)
  return (
    <SectionNav
      label={t`Connections`}
      items={[
        { to: '/connections', label: t`Connected`, exact: true, count: data.length },
        ...(may('connections.manage')
          ? [{ to: '/connections/quarantine' as const, label: t`Not understood`, count: quarantined }]
          : []),
      ]}
    />
  )
}
