import { useLingui } from '@lingui/react/macro'
import { Monitor, Moon, Sun } from 'lucide-react'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import type { Command } from '../ui/command-palette.tsx'
import { keysOf } from '../ui/shortcut-keys.ts'
import { useBoundShortcuts, useShortcutChoices, useShortcuts } from '../ui/use-shortcuts.tsx'
import { useTheme } from '../ui/use-theme.ts'
import { useAllCommands, useCommands } from '../ui/commands.tsx'

// Not needed for the first screen, and there before anyone has found the keys.
const loadPalette = () => import('../ui/command-palette.tsx')
const loadHelp = () => import('../ui/shortcut-help.tsx')
const CommandPalette = lazy(async () => ({ default: (await loadPalette()).CommandPalette }))
const ShortcutHelp = lazy(async () => ({ default: (await loadHelp()).ShortcutHelp }))

/** `⌘/Ctrl K` and `?`, anywhere. What is bound on the screen can be found in the palette without a word more. */
export function AppPalette() {
  const { t } = useLingui()
  const [open, setOpen] = useState<'palette' | 'help' | null>(null)
  useThemeCommands()
  useShortcuts([
    { id: 'palette', keys: 'mod+k', label: t`Commands`, group: t`Everywhere`, run: () => setOpen('palette') },
    { id: 'help', keys: '?', label: t`Keyboard shortcuts`, group: t`Everywhere`, run: () => setOpen('help') },
  ])
  const [met, setMet] = useState(false)
  if (open && !met) setMet(true)
  useEffect(() => {
    const timer = setTimeout(() => void Promise.all([loadPalette(), loadHelp()]).catch(() => {}), 1500)
    return () => clearTimeout(timer)
  }, [])
  const close = (next: boolean) => !next && setOpen(null)
  const commands = useEverything()
  if (!met) return null
  return (
    <Suspense fallback={null}>
      <CommandPalette open={open === 'palette'} onOpenChange={close} commands={commands} />
      <ShortcutHelp open={open === 'help'} onOpenChange={close} />
    </Suspense>
  )
}

function useEverything(): Command[] {
  const commands = useAllCommands()
  const bound = useBoundShortcuts()
  const [choices] = useShortcutChoices()
  return useMemo(() => {
    const named = new Set(commands.map(({ id }) => id))
    const shortcuts = bound
      .filter(({ id }) => id !== 'palette' && !named.has(id))
      .map((binding) => ({ ...binding, keys: keysOf(binding, choices.keys) }))
    return [...shortcuts, ...commands]
  }, [commands, bound, choices])
}

function useThemeCommands(): void {
  const { t } = useLingui()
  const [, setTheme] = useTheme()
  const group = t`Appearance`
  const also = [t`theme`, t`colours`]
  useCommands([
    { id: 'theme.light', label: t`Light theme`, group, icon: Sun, also, run: () => setTheme('light') },
    { id: 'theme.dark', label: t`Dark theme`, group, icon: Moon, also, run: () => setTheme('dark') },
    { id: 'theme.system', label: t`Theme of this machine`, group, icon: Monitor, also, run: () => setTheme('system') },
  ])
}
