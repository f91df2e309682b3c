import { useLingui } from '@lingui/react/macro'
import { SectionNav, useMay } from '../../workspaces/web/index.ts'

/** Only what one may open. */
export function TriageNav() {
  const { t } = useLingui()
  const may = useMay()
  return (
    <SectionNav
      label={t`Triage`}
      items={[
        ...(may('triage.correct') ? [{ to: '/triage' as const, label: t`Questions`, exact: true }] : []),
        { to: '/triage/model', label: t`How good it is` },
        { to: '/triage/topics', label: t`Topics` },
        { to: '/triage/priority', label: t`Priority` },
        ...(may('triage.manage') ? [{ to: '/triage/settings' as const, label: t`Choices` }] : []),
      ]}
    />
  )
}
