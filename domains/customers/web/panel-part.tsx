import { useId, type ReactNode } from 'react'

/** A titled part of the panel. */
export function PanelPart({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2 border-t border-line px-4 py-3">
      <div className="flex min-h-6 items-center justify-between gap-2">
        <h3 id={id} className="text-small text-muted">
          {title}
        </h3>
        {action}
      </div>
      {children}
    </section>
  )
}
