import { Trans, useLingui } from '@lingui/react/macro'
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { Unplug } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

/** What stands in place of a screen that failed. The frame around it goes on working. */
export function ErrorScreen({ error, reset }: ErrorComponentProps) {
  const { t } = useLingui()
  const router = useRouter()
  const again = () => {
    reset()
    void router.invalidate()
  }
  return (
    <EmptyState
      icon={Unplug}
      title={t`This page could not be shown`}
      action={
        <Button look="primary" onClick={again}>
          <Trans>Try again</Trans>
        </Button>
      }
    >
      <p>
        <Trans>
          Nothing was lost. Try again; if it stays like this, tell whoever runs this installation what stands below.
        </Trans>
      </p>
      <p className="mt-3 rounded-control bg-sunken px-3 py-2 text-start font-mono text-small text-text">
        {error instanceof Error ? error.message || error.name : String(error)}
      </p>
    </EmptyState>
  )
}
