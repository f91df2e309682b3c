import { Dialog as Base } from '@base-ui/react/dialog'
import { useLingui } from '@lingui/react/macro'
import { X } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { cx } from './cx.ts'
import { IconButton } from './icon-button.tsx'
import { useShortcuts } from './use-shortcuts.tsx'

type DialogProps = {
  open?: boolean | undefined
  onOpenChange?: ((open: boolean) => void) | undefined
  /** The button that opens it, when the dialog keeps its own state. */
  trigger?: ReactElement<Record<string, unknown>> | undefined
  title: string
  description?: ReactNode
  /** Buttons at the foot, the one that finishes last. */
  actions?: ReactNode
  wide?: boolean | undefined
  children: ReactNode
}

export const veilClass = 'fixed inset-0 z-30 bg-veil ease-in-veil'
export const dialogClass =
  'flex max-h-full w-full flex-col rounded-panel border border-line bg-raised text-text shadow-dialog ease-in-popup outline-none'

export function Dialog({ open, onOpenChange, trigger, title, description, actions, wide, children }: DialogProps) {
  const { t } = useLingui()
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange?.(next)}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={veilClass} />
        <Base.Viewport className="fixed inset-0 z-30 flex items-center justify-center p-4 max-tablet:items-end max-tablet:p-2">
          <Base.Popup className={cx(dialogClass, wide ? 'max-w-dialog-wide' : 'max-w-dialog')}>
            <CoverShortcuts />
            <header className="flex items-center justify-between gap-4 px-5 pt-3">
              <Base.Title className="text-large font-medium">{title}</Base.Title>
              <Base.Close render={<IconButton icon={X} label={t`Close`} size="small" className="-me-2" />} />
            </header>
            <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 pt-2 pb-5">
              {description && <Base.Description className="text-muted">{description}</Base.Description>}
              {children}
            </div>
            {actions && (
              <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{actions}</footer>
            )}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}

/** Stands in whatever covers the page, so that no shortcut reaches what can't be seen. */
export function CoverShortcuts() {
  useShortcuts([], { blocking: true })
  return null
}
