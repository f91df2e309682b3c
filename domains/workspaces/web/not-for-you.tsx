import { Trans, useLingui } from '@lingui/react/macro'
import { Lock } from 'lucide-react'
import { EmptyState } from '../../../web/ui/empty-state.tsx'

/** The list is there, but not for this role; says who can change that. */
export function NotForYou() {
  const { t } = useLingui()
  return (
    <EmptyState icon={Lock} title={t`Your role does not show this`}>
      <Trans>An admin or the owner of the workspace can give you another role.</Trans>
    </EmptyState>
  )
}
