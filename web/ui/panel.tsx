import { useId, type ReactNode } from 'react'
import { cx } from './cx.ts'

type PanelProps = {
  title?: string | undefined
  /** Small buttons beside the title. */
  actions?: ReactNode
  /** What is inside reaches the edges: a table, a list. */
  flush?: boolean | undefined
  className?: string | undefined
  children: ReactNode
}

/** A titled part of a screen on a raised ground. */
export function Panel({ title, actions, flush, className, children }: PanelProps) {
  const id = useId()
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className={cx('min-w-0 rounded-panel border border-line bg-raised', className)}
    >
      {title && (
        <header className="flex min-h-11 items-center justify-between gap-2 border-b border-line py-1.5 ps-4 pe-2">
          <h2 id={id}>{title}</h2>
          {actions && <div className="flex items-center gap-1">{actions}</div>}
        </header>
      )}
      <div className={flush ? undefined : 'p-4'}>{children}</div>
    </section>
  )
}
