import { useId, type ReactNode } from 'react'
import { cx } from './cx.ts'

type PanelProps = { title?: string; /** Small buttons beside the title. */ actions?: ReactNode; className?: string; children: ReactNode }

/** A titled part of a screen on a raised ground. */
export function Panel({ title, actions, className, children }: PanelProps) {
  const id = useId()
  return (
    <section aria-labelledby={title ? id : undefined} className={cx('min-w-0 rounded-panel border border-line bg-raised', className)}>
      {title && (
        <header className="flex min-h-11 items-center justify-between gap-2 border-b border-line py-1.5 ps-4 pe-2">
          <h2 id={id}>{title}</h2>
          {actions && <div className="flex items-center gap-1">{actions}</div>}
        </header>
      )}
      <div className="p-4">{children}</div>
    </section>
  )
}
