import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './app.css'
import { loadLanguage } from './i18n.ts'
import { newQueryClient } from './query-client.ts'
import { newRouter } from './routes.tsx'
import { firstScreen } from './first-screen.ts'
import { placeParts } from './shell/placements.ts'
import { Providers } from './shell/providers.tsx'
import { bringLaterParts } from './ui/later.ts'
import { followTheme } from './ui/use-theme.ts'

followTheme()
await loadLanguage(navigator.languages)

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element #root')
const queryClient = newQueryClient()
const router = newRouter(queryClient)
const settled = firstScreen(router, queryClient)
bringLaterParts(settled)
placeParts()
// Our own type comes last: until then its stand-in of the same measures serves (ui/base.css).
void settled.then(() =>
  Promise.all([import('@fontsource-variable/inter/wght.css'), import('@fontsource-variable/jetbrains-mono/wght.css')]),
)

createRoot(root).render(
  <StrictMode>
    <Providers queryClient={queryClient}>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
)
