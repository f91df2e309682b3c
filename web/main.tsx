import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './app.css'
import { loadLanguage } from './i18n.ts'
import { newQueryClient } from './query-client.ts'
import { newRouter } from './routes.tsx'
import { Providers } from './shell/providers.tsx'
import { followTheme } from './ui/use-theme.ts'

followTheme()
await loadLanguage(navigator.languages)

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element #root')
const queryClient = newQueryClient()
const router = newRouter(queryClient)

createRoot(root).render(
  <StrictMode>
    <Providers queryClient={queryClient}>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
)
