// Only for development: every component in all its states. Not an entry of the production build.
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { loadLanguage } from '../i18n.ts'
import { newQueryClient } from '../query-client.ts'
import { Providers } from '../shell/providers.tsx'
import { followTheme } from '../ui/use-theme.ts'
import { FrameDemo } from './frame-demo.tsx'
import { Gallery } from './gallery.tsx'
import './gallery.css'

followTheme()
await loadLanguage(['en'])
const asked = new URLSearchParams(location.search)
document.documentElement.dir = asked.get('dir') ?? 'ltr'

const root = createRootRoute({ component: asked.has('frame') ? FrameDemo : Gallery, notFoundComponent: FrameDemo })
// The demo's router has one page; the app's own routes are registered as types and don't fit it.
const router = createRouter({ routeTree: root, history: createMemoryHistory() }) as never

createRoot(document.getElementById('root') as HTMLElement).render(
  <Providers queryClient={newQueryClient()}>
    <RouterProvider router={router} />
  </Providers>,
)
