import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Mark } from '../ui/mark.tsx'
import { Notices } from '../ui/notices.tsx'
import { stored, useStored } from '../ui/stored.ts'
import { ShortcutProvider, useShortcuts } from '../ui/use-shortcuts.tsx'
import { AppPalette } from './app-palette.tsx'
import { BottomBar } from './bottom-bar.tsx'
import { CommandProvider, useCommands } from '../ui/commands.tsx'
import { Rail, type NavItem } from './rail.tsx'

type FrameProps = {
  /** Whose keyboard it is: shortcuts are remembered for each person. */
  owner: string
  /** Stands at the top of the rail. */
  name: string
  items: NavItem[]
  /** Quieter places at the foot of the rail: people, settings. */
  footItems?: NavItem[] | undefined
  /** The foot of the rail itself: who is signed in. */
  foot?: ReactNode
  /** The one search, in the middle of the top. */
  search?: ReactNode
  /** At the end of the top: presence, help. */
  actions?: ReactNode
  children: ReactNode
}

export function Frame({ owner, ...rest }: FrameProps) {
  return (
    <ShortcutProvider owner={owner}>
      <CommandProvider>
        <FrameParts {...rest} />
        <AppPalette />
        <Notices />
      </CommandProvider>
    </ShortcutProvider>
  )
}

const rail = stored<boolean>('rail.folded', (found) => found === true)

function FrameParts({ name, items, footItems = [], foot, search, actions, children }: Omit<FrameProps, 'owner'>) {
  const [folded, setFolded] = useStored(rail)
  const all = [...items, ...footItems]
  useNavigation(all)
  return (
    <div className="flex h-dvh flex-col bg-page">
      <SkipLink />
      <div className="flex min-h-0 flex-1">
        <Rail
          {...{ name, items, foot, folded }}
          footItems={footItems.filter(({ outsideRail }) => !outsideRail)}
          onFold={setFolded}
        />
        <div className="flex min-w-0 flex-1 flex-col">
          {(search || actions) && (
            <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-3">
              <Mark className="size-5 text-accent tablet:hidden" />
              <div className="mx-auto w-full max-w-search">{search}</div>
              {actions}
            </header>
          )}
          <main
            id="content"
            tabIndex={-1}
            className="flex min-h-0 min-w-0 flex-1 flex-col overflow-y-auto outline-none"
          >
            {children}
          </main>
        </div>
      </div>
      <BottomBar items={all} />
    </div>
  )
}

function SkipLink() {
  return (
    <a
      href="#content"
      className="fixed start-2 top-2 z-50 -translate-y-16 rounded-control bg-accent px-3 py-2 font-medium text-on-accent focus:translate-y-0"
    >
      <Trans>Skip to the content</Trans>
    </a>
  )
}

/** Every place in the rail has its keys and stands in the palette. */
function useNavigation(items: NavItem[]): void {
  const { t } = useLingui()
  const navigate = useNavigate()
  const places = items.map(({ id, label, icon, to, keys = null }) => ({
    id: `go.${id}`,
    label,
    icon,
    keys,
    group: t`Go to`,
    run: () => void navigate({ to }),
  }))
  useShortcuts(places)
  useCommands(places)
}
