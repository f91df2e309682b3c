import { Outlet } from '@tanstack/react-router'
import { Frame } from './frame.tsx'

/** The frame round every screen of somebody who is signed in. Places are added here when their screens are. */
export function InsideLayout() {
  return (
    <Frame owner="anyone" name="Rapport" items={[]}>
      <Outlet />
    </Frame>
  )
}
