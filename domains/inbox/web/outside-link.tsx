import type { ReactNode } from 'react'

/** An address that somebody wrote: it says where it leads, and takes nothing of this page along. */
export function OutsideLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={href}
      className="text-accent underline underline-offset-2 hover:text-accent-strong"
    >
      {children}
    </a>
  )
}
