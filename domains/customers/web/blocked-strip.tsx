import { Trans } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Ban } from 'lucide-react'
import { useMay } from '../../../platform/browser/session.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { customerQuery, unblockCustomer } from './queries.ts'
import { useCustomerChange } from './use-customer-change.ts'

/** Over what somebody wrote who is blocked: where it goes, since their being quiet would otherwise look like peace. */
export function BlockedStrip({ id }: { id: string }) {
  const may = useMay()
  const { data: customer } = useQuery({ ...customerQuery(id), enabled: may('customers.read') })
  const { change, busy } = useCustomerChange(id)
  if (!customer?.blocked) return null
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line bg-sunken px-4 py-1.5 text-small">
      <Icon of={Ban} className="size-3.5 text-overdue" />
      <p className="min-w-0 flex-1 text-pretty text-muted">
        <span className="font-medium text-text">
          <Trans>Blocked.</Trans>
        </span>{' '}
        <Trans>What they write is kept among the resolved conversations and calls nobody.</Trans>
      </p>
      {may('customers.block') && (
        <Button size="small" busy={busy} onClick={() => void change(() => unblockCustomer(id))}>
          <Trans>Let them through again</Trans>
        </Button>
      )}
    </div>
  )
}
