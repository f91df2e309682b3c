import { Link, type LinkProps } from '@tanstack/react-router'
import { useEffect, useRef, type ReactNode } from 'react'

type PageProps = {
  title: string
  /** One sentence that says what this is for. */
  lead?: ReactNode
  /** At the end of the title's line. */
  actions?: ReactNode
  nav?: ReactNode
  children: ReactNode
}

/** A screen of settings: one heading, one column that never grows too wide to read. */
export function Page({ title, lead, actions, nav, children }: PageProps) {
  useTitle(title)
  return (
    <div className="mx-auto flex w-full max-w-page flex-col gap-5 px-6 py-6 max-tablet:px-4 max-tablet:py-4">
      <header className="flex flex-col gap-3">
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
          <div className="min-w-0">
            <h1 className="text-title">{title}</h1>
            {lead && <p className="mt-0.5 max-w-measure text-muted">{lead}</p>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </div>
        {nav}
      </header>
      {children}
    </div>
  )
}

/** The heading of a screen outside the frame. */
export function PlainHead({ title, children }: { title: string; children?: ReactNode }) {
  useTitle(title)
  return (
    <header className="mb-6 flex flex-col gap-1">
      <h1 className="text-title">{title}</h1>
      {children && <p className="text-pretty text-muted">{children}</p>}
    </header>
  )
}

/** Screens that belong together, side by side under their common heading. */
export function SectionNav({
  label,
  items,
}: {
  label: string
  items: { to: NonNullable<LinkProps['to']>; label: string; exact?: boolean; count?: number | undefined }[]
}) {
  const nav = useRef<HTMLElement>(null)
  // On a phone the last of them begin beyond the edge.
  useEffect(() => {
    nav.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [])
  return (
    <nav ref={nav} aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line">
      {items.map(({ to, label: name, exact, count }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: exact ?? false }}
          className="-mb-px flex h-control items-center gap-2 border-b-2 border-transparent px-2 whitespace-nowrap text-muted ring-inside transition-colors hover:text-text aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-text"
        >
          {name}
          {count !== undefined && count > 0 && <span className="text-small font-normal text-muted">{count}</span>}
        </Link>
      ))}
    </nav>
  )
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Rapport`
  }, [title])
}
