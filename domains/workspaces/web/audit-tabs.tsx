import { useLingui } from '@lingui/react/macro'
import { SectionNav } from './page.tsx'

/** The two halves of the log: what was done, and what was read. */
export function AuditTabs() {
  const { t } = useLingui()
  return (
    <SectionNav
      label={t`Audit log`}
      items={[
        { to: '/settings/audit', label: t`What was done`, exact: true },
        { to: '/settings/audit/access', label: t`Who read` },
      ]}
    />
  )
}
