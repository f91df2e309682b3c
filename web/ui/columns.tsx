import { useLingui } from '@lingui/react/macro'
import { PanelRight } from 'lucide-react'
import { createContext, createElement, useCallback, useContext, useMemo, useState, type ReactNode } from 'react'
import { cx } from './cx.ts'
import { IconButton } from './icon-button.tsx'
import { later } from './later.ts'
import { stored, useStored } from './stored.ts'
import { useMedia } from './use-media.ts'
import { useKeysFor, useShortcuts } from './use-shortcuts.tsx'

type ColumnsProps = {
  /** The second column: views or a list. */
  list?: ReactNode
  listLabel?: string | undefined
  /** The right panel, which the reader can fold away. Below 1100 px it lies over the content when asked for. */
  side?: ReactNode
  sideLabel?: string | undefined
  /** On a phone there is one column at a time. */
  phoneShows?: 'list' | 'content' | undefined
  children: ReactNode
}

type Side = { label: string; open: boolean; toggle: () => void }
const SideContext = createContext<Side | null>(null)
const useSideSheet = later(async () => (await import('./side-sheet.tsx')).SideSheet)
const sideKept = stored<boolean>('side.open', (found) => found !== false)

export function Columns({ list, listLabel, side, sideLabel = '', phoneShows = 'content', children }: ColumnsProps) {
  const narrow = useMedia('narrow')
  const [kept, setKept] = useStored(sideKept)
  const [over, setOver] = useState(false)
  const sheet = useSideSheet()
  const open = narrow ? over : kept
  const toggle = useCallback(() => (narrow ? setOver(!over) : setKept(!kept)), [narrow, over, kept, setKept])
  const context = useMemo(() => (side ? { label: sideLabel, open, toggle } : null), [side, sideLabel, open, toggle])
  return (
    <SideContext value={context}>
      {side && <SideShortcut label={sideLabel} toggle={toggle} />}
      <div className="flex min-h-0 flex-1">
        {list && (
          <section
            aria-label={listLabel}
            className={cx(
              'flex min-h-0 w-list shrink-0 flex-col border-e border-line max-tablet:w-full max-tablet:border-e-0',
              phoneShows === 'content' && 'max-tablet:hidden',
            )}
          >
            {list}
          </section>
        )}
        <div
          className={cx(
            'flex min-h-0 min-w-0 flex-1 flex-col',
            list != null && phoneShows === 'list' && 'max-tablet:hidden',
          )}
        >
          {children}
        </div>
        {side && !narrow && kept && (
          <section
            aria-label={sideLabel}
            className="flex min-h-0 w-side shrink-0 flex-col overflow-y-auto border-s border-line bg-page"
          >
            {side}
          </section>
        )}
      </div>
      {side && narrow && sheet && createElement(sheet, { label: sideLabel, open: over, onOpenChange: setOver }, side)}
    </SideContext>
  )
}

/** Folds the right panel; goes into the head of the content. Draws nothing where there is no panel. */
export function SideToggle() {
  const side = useContext(SideContext)
  const keys = useKeysFor('side', ']')
  if (!side) return null
  return (
    <IconButton
      icon={PanelRight}
      label={side.label}
      keys={keys}
      pressed={side.open}
      directional
      onClick={side.toggle}
    />
  )
}

function SideShortcut({ label, toggle }: { label: string; toggle: () => void }) {
  const { t } = useLingui()
  useShortcuts([{ id: 'side', keys: ']', label, group: t`This screen`, run: toggle }])
  return null
}
