import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useMay } from './me.ts'
import { SectionNav } from './page.tsx'
import { membersQuery, teamsQuery } from './queries.ts'

/** Only what one may open. */
export function PeopleNav() {
  const { t } = useLingui()
  const may = useMay()
  const { data: members } = useQuery({ ...membersQuery, enabled: may('people.read') })
  const { data: teams } = useQuery(teamsQuery)
  const active = members?.filter(({ state }) => state === 'active').length
  return (
    <SectionNav
      label={t`People`}
      items={[
        ...(may('people.read') ? [{ to: '/people' as const, label: t`Members`, exact: true, count: active }] : []),
        { to: '/people/teams', label: t`Teams`, count: teams?.length },
        { to: '/people/roles', label: t`What roles may do` },
      ]}
    />
  )
}
