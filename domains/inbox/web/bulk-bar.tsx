import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Check, UserRound, X } from 'lucide-react'
import { useMay } from '../../../platform/browser/session.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { AssignMenu } from './action-menus.tsx'

type BulkBarProps = {
  count: number
  onResolve: () => void
  onAssign: (to: { assigneeId?: string | null; teamId?: string | null }) => void
  onClear: () => void
}

/** Stands in place of the views while conversations are chosen. */
export function BulkBar({ count, onResolve, onAssign, onClear }: BulkBarProps) {
  const { t } = useLingui()
  const may = useMay()
  return (
    <div className="flex h-12 shrink-0 items-center gap-1 border-b border-line bg-tint px-2">
      <IconButton icon={X} size="small" label={t`Choose none`} onClick={onClear} />
      <span className="min-w-0 flex-1 truncate font-medium">{t`${plural(count, { one: '# chosen', other: '# chosen' })}`}</span>
      {may('inbox.assign') && (
        <AssignMenu
          assigneeId={null}
          teamId={null}
          onAssign={onAssign}
          trigger={
            <Button size="small" icon={UserRound}>
              <Trans>Assign</Trans>
            </Button>
          }
        />
      )}
      {may('inbox.resolve') && (
        <Button size="small" icon={Check} onClick={onResolve}>
          <Trans>Resolve</Trans>
        </Button>
      )}
    </div>
  )
}
