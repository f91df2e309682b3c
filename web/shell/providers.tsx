import { CSPProvider } from '@base-ui/react/csp-provider'
import { DirectionProvider } from '@base-ui/react/direction-provider'
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { createElement, type ReactNode } from 'react'
import { directionOf } from '../i18n.ts'
import { LiveRegion } from '../ui/announce.tsx'
import { later } from '../ui/later.ts'

/** What every screen stands on. The content policy allows no style elements, so Base UI writes none. */
export function Providers({ queryClient, children }: { queryClient: QueryClient; children: ReactNode }) {
  return (
    <CSPProvider disableStyleElements>
      <I18nProvider i18n={i18n}>
        <DirectionProvider direction={directionOf(i18n.locale)}>
          <QueryClientProvider client={queryClient}>
            {children}
            <LiveRegion />
            <Tips />
          </QueryClientProvider>
        </DirectionProvider>
      </I18nProvider>
    </CSPProvider>
  )
}

const useTooltipLayer = later(async () => (await import('../ui/tooltip-layer.tsx')).TooltipLayer)

function Tips() {
  const layer = useTooltipLayer()
  return layer && createElement(layer)
}
