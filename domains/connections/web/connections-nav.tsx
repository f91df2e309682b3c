import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { SectionNav } from '../../workspaces/web/index.ts'
import { connectionsQuery } from './queries.ts'

export function ConnectionsNav() {
  const { t } = useLingui()
  const { data = [] } = useQuery(connectionsQuery)
  const quarantined = data.reduce((sum, connection) => sum + connection.quarantined, 0)
  return (
    <SectionNav
      label={t`Connections`}
      items={[
        { to: '/connections', label: t`Connected`, exact: true, count: data.length },
        { to: '/connections/quarantine', label: t`Not understood`, count: quarantined },
      ]}
    />
  )
}
