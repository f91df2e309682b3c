import { CSPProvider } from '@base-ui/react/csp-provider'
import { DirectionProvider } from '@base-ui/react/direction-provider'
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { directionOf } from '../i18n.ts'
import { LiveRegion } from '../ui/announce.tsx'

/** What every screen stands on. The content policy allows no style elements, so Base UI writes none. */
export function Providers({ queryClient, children }: { queryClient: QueryClient; children: ReactNode }) {
  return (
    <CSPProvider disableStyleElements>
      <I18nProvider i18n={i18n}>
        <DirectionProvider direction={directionOf(i18n.locale)}>
          <QueryClientProvider client={queryClient}>
            {children}
            <LiveRegion />
          </QueryClientProvider>
        </DirectionProvider>
      </I18nProvider>
    </CSPProvider>
  )
}
