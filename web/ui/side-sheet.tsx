import { Dialog } from '@base-ui/react/dialog'
import { useLingui } from '@lingui/react/macro'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { veilClass } from './dialog.tsx'
import { IconButton } from './icon-button.tsx'

type SideSheetProps = { label: string; open: boolean; onOpenChange: (open: boolean) => void; children?: ReactNode }

/** The right panel where there is no room beside the content: over it. */
export function SideSheet({ label, open, onOpenChange, children }: SideSheetProps) {
  const { t } = useLingui()
  return (
    <Dialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Dialog.Portal>
        <Dialog.Backdrop className={veilClass} />
        <Dialog.Popup className="fixed inset-y-0 end-0 z-30 flex w-full max-w-side flex-col border-s border-line bg-page shadow-dialog ease-in-veil outline-none">
          <header className="flex h-12 shrink-0 items-center justify-between border-b border-line ps-4 pe-2">
            <Dialog.Title className="font-medium">{label}</Dialog.Title>
            <Dialog.Close render={<IconButton icon={X} label={t`Close`} size="small" />} />
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
