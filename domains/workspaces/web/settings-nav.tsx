import { useLingui } from '@lingui/react/macro'
import { useMay } from './me.ts'
import { SectionNav } from './page.tsx'

/** Only what one may open. */
export function SettingsNav() {
  const { t } = useLingui()
  const may = useMay()
  return (
    <SectionNav
      label={t`Settings`}
      items={[
        { to: '/settings', label: t`Workspace`, exact: true },
        { to: '/settings/hours', label: t`Service hours` },
        ...(may('sample.manage') ? [{ to: '/settings/sample' as const, label: t`Sample data` }] : []),
        ...(may('inbox.manage_labels') ? [{ to: '/settings/labels' as const, label: t`Labels` }] : []),
        ...(may('tokens.manage') ? [{ to: '/settings/tokens' as const, label: t`API tokens` }] : []),
        ...(may('audit.read') ? [{ to: '/settings/audit' as const, label: t`Audit log` }] : []),
      ]}
    />
  )
}
