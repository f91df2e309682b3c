import type { ReactNode } from 'react'
import { Icon, type IconShape } from './icon.tsx'

type EmptyStateProps = {
  icon?: IconShape | undefined
  /** Why it is empty: “Everything is answered.” */
  title: string
  /** What will come here, and from where. */
  children?: ReactNode
  /** The one next action. */
  action?: ReactNode
}

export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-form flex-col items-center gap-2 px-6 py-12 text-center">
      {icon && <Icon of={icon} size={20} className="mb-1 text-muted" />}
      <h2 className="text-large text-balance">{title}</h2>
      {children && <div className="text-pretty text-muted">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  )
}
