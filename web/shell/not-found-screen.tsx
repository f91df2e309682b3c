import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { SearchX } from 'lucide-react'
import { buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

/** The whole page, outside the frame: the same words for what never was, what is gone and what one may not see. */
export function NotFoundScreen() {
  const { t } = useLingui()
  return (
    <main id="content">
      <EmptyState
        page
        icon={SearchX}
        title={t`There is nothing at this address`}
        action={
          <Link to="/" className={buttonClass('primary')}>
            <Trans>Go to the start</Trans>
          </Link>
        }
      >
        <Trans>It may have been moved or removed, or it is not open to you.</Trans>
      </EmptyState>
    </main>
  )
}
