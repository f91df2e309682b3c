// A small form that opens above the button that asks for it.
import type { ReactNode } from 'react'
import { Popover, type PopoverProps } from '../../../web/ui/popover.tsx'

type PopoverFormProps = Pick<PopoverProps, 'title' | 'trigger' | 'align'> & {
  open: boolean
  onOpenChange: (open: boolean) => void
  onSubmit: () => void
  children: ReactNode
}

export function PopoverForm({ onSubmit, children, ...rest }: PopoverFormProps) {
  return (
    <Popover side="top" {...rest}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit()
        }}
      >
        {children}
      </form>
    </Popover>
  )
}
