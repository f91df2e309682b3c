import { Outlet } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Mark } from '../ui/mark.tsx'
import { Notices } from '../ui/notices.tsx'

/** Screens before or beside the frame: set-up, sign-in, invitations. One thing in the middle. */
export function PlainLayout() {
  return (
    <PlainPage>
      <Outlet />
    </PlainPage>
  )
}

function PlainPage({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col items-center gap-8 bg-page px-4 py-12">
      <header className="flex items-center gap-2">
        <Mark className="size-6 text-accent" />
        <span className="text-large font-bold">Rapport</span>
      </header>
      <main id="content" tabIndex={-1} className="w-full max-w-form outline-none">
        {children}
      </main>
      <Notices />
    </div>
  )
}
