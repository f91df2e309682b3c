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
  /** It is the whole page: nothing above it has a heading. */
  page?: boolean | undefined
}

export function EmptyState({ icon, title, children, action, page = false }: EmptyStateProps) {
  const Title = page ? 'h1' : 'h2'
  return (
    <div className="mx-auto flex max-w-form flex-col items-center gap-2 px-6 py-12 text-center">
      {icon && <Icon of={icon} size={20} className="mb-1 text-muted" />}
      <Title className="text-large text-balance">{title}</Title>
      {children && <div className="text-pretty text-muted">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  )
}
