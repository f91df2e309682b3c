import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import { Trans } from '@lingui/react/macro'
import type { ReactElement, ReactNode } from 'react'
import { Button } from './button.tsx'
import { cx } from './cx.ts'
import { CoverShortcuts, dialogClass, veilClass } from './dialog.tsx'

type ConfirmProps = {
  open?: boolean | undefined
  onOpenChange?: ((open: boolean) => void) | undefined
  trigger?: ReactElement<Record<string, unknown>> | undefined
  /** The question, with the name of what it is about: “Remove Tuesday mail?” */
  title: string
  /** What will be gone and what will stay. */
  description: ReactNode
  /** The deed as a verb: “Remove”, never “OK”. */
  action: string
  danger?: boolean | undefined
  onConfirm: () => void
}

/** Only for what can't be undone; everything else happens at once and offers Undo. */
export function Confirm({ open, onOpenChange, trigger, title, description, action, danger, onConfirm }: ConfirmProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange?.(next)}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={veilClass} />
        <Base.Viewport className="fixed inset-0 z-30 flex items-center justify-center p-4 max-tablet:items-end max-tablet:p-2">
          <Base.Popup className={cx(dialogClass, 'max-w-form gap-2 p-5')}>
            <CoverShortcuts />
            <Base.Title className="text-large font-medium">{title}</Base.Title>
            <Base.Description className="text-muted">{description}</Base.Description>
            <div className="mt-3 flex flex-wrap justify-end gap-2">
              <Base.Close
                render={
                  <Button>
                    <Trans>Cancel</Trans>
                  </Button>
                }
              />
              <Base.Close
                render={
                  <Button look={danger ? 'danger' : 'primary'} onClick={onConfirm}>
                    {action}
                  </Button>
                }
              />
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
