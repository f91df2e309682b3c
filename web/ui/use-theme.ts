import { stored, useStored } from './stored.ts'

export type Theme = 'system' | 'light' | 'dark'

// NOTE: public/theme.js reads the same key before the first paint.
const theme = stored<Theme>('theme', (found) => (found === 'light' || found === 'dark' ? found : 'system'))

/** The person's choice and its setter; `system` follows the machine. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  return useStored(theme)
}

/** Keeps `data-theme` on the document in step with the choice, in every tab. Call once, before rendering. */
export function followTheme(): void {
  const apply = () => {
    const chosen = theme.get()
    if (chosen === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = chosen
  }
  apply()
  theme.subscribe(apply)
}
