import { Dialog as Base } from '@base-ui/react/dialog'
import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { Search } from 'lucide-react'
import { useId, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react'
import { cx } from './cx.ts'
import { CoverShortcuts, dialogClass, veilClass } from './dialog.tsx'
import { fuzzyFilter } from './fuzzy.ts'
import { Icon, type IconShape } from './icon.tsx'
import { Kbd } from './kbd.tsx'
import { groupLabelClass } from './popup.ts'

export type Command = {
  id: string
  label: string
  group: string
  icon?: IconShape | undefined
  keys?: string | null | undefined
  hint?: string | undefined
  /** Other words that should find it. */
  also?: string[] | undefined
  run: () => void
}

type CommandPaletteProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  commands: Command[]
  placeholder?: string | undefined
  /** What is typed, for results that the server finds; hand them back as `commands`. */
  onQuery?: ((query: string) => void) | undefined
}

type Found = { command: Command; at: number[] }

export function CommandPalette({ open, onOpenChange, ...list }: CommandPaletteProps) {
  const { t } = useLingui()
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className={veilClass} />
        <Base.Viewport className="fixed inset-0 z-40 flex items-start justify-center p-4 pt-palette max-tablet:p-2">
          <Base.Popup aria-label={t`Commands`} className={cx(dialogClass, 'max-w-palette overflow-hidden')}>
            <CoverShortcuts />
            <PaletteList {...list} close={() => onOpenChange(false)} />
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}

function PaletteList({
  commands,
  placeholder,
  onQuery,
  close,
}: Omit<CommandPaletteProps, 'open' | 'onOpenChange'> & { close: () => void }) {
  const { t } = useLingui()
  const id = useId()
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const groups = useMemo(() => grouped(query, commands), [query, commands])
  const found = groups.flatMap((group) => group.found)
  const count = found.length
  const at = Math.min(active, found.length - 1)

  const choose = (command: Command | undefined) => {
    if (!command) return
    close()
    command.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }
    const step = steps[event.key]
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) choose(found[at]?.command)
    else if (step === undefined) return
    else
      moveTo(
        event.key.startsWith('Arrow')
          ? (step + found.length) % found.length
          : Math.min(Math.max(step, 0), found.length - 1),
      )
    event.preventDefault()
  }
  const moveTo = (next: number) => {
    if (Number.isNaN(next)) return
    setActive(next)
    document.getElementById(`${id}-${found[next]?.command.id}`)?.scrollIntoView({ block: 'nearest' })
  }

  return (
    <>
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Icon of={Search} size={20} className="text-muted" />
        <input
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={found[at] ? `${id}-${found[at].command.id}` : undefined}
          aria-label={placeholder ?? t`Type a command`}
          placeholder={placeholder ?? t`Type a command`}
          value={query}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setQuery(event.target.value)
            setActive(0)
            onQuery?.(event.target.value)
          }}
          className="h-12 w-full bg-transparent text-large outline-none"
        />
        <Kbd keys="esc" className="pointer-coarse:hidden" />
      </div>
      <div
        id={id}
        role="listbox"
        aria-label={t`Commands`}
        tabIndex={-1}
        className="max-h-popup overflow-y-auto p-2 pt-0 scroll-pt-8"
      >
        {groups.map((group) => (
          <div key={group.name} role="group" aria-label={group.name}>
            <div aria-hidden className={groupLabelClass}>
              {group.name}
            </div>
            {group.found.map((entry) => (
              <PaletteOption
                key={entry.command.id}
                id={`${id}-${entry.command.id}`}
                entry={entry}
                active={entry === found[at]}
                onPoint={() => setActive(found.indexOf(entry))}
                onChoose={() => choose(entry.command)}
              />
            ))}
          </div>
        ))}
      </div>
      <p role="status" className={count === 0 ? 'px-6 pt-2 pb-6 text-center text-muted' : 'sr-only'}>
        {count === 0
          ? t`No command fits “${query}”.`
          : query && t`${plural(count, { one: '# command', other: '# commands' })} found`}
      </p>
    </>
  )
}

type PaletteOptionProps = { id: string; entry: Found; active: boolean; onPoint: () => void; onChoose: () => void }

function PaletteOption({ id, entry: { command, at }, active, onPoint, onChoose }: PaletteOptionProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the input keeps the focus and has the keys
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      onPointerMove={onPoint}
      onClick={onChoose}
      className={cx('flex min-h-row items-center gap-3 rounded-control px-2 select-none', active && 'bg-hover')}
    >
      {command.icon ? <Icon of={command.icon} className="text-muted" /> : <span className="size-4" />}
      <span className="min-w-0 flex-1 truncate">
        {marked(command.label, at)}
        {command.hint && <span className="ms-2 text-muted">{command.hint}</span>}
      </span>
      {command.keys && <Kbd keys={command.keys} className="pointer-coarse:hidden" />}
    </div>
  )
}

/** With nothing typed the groups keep their order; with a query the group of the best hit comes first. */
function grouped(query: string, commands: Command[]): { name: string; found: Found[] }[] {
  const hits = fuzzyFilter(query, commands, ({ label, hint, also = [] }) => [label, ...(hint ? [hint] : []), ...also])
  const groups = new Map<string, Found[]>()
  for (const { item, match } of hits)
    groups.set(item.group, [...(groups.get(item.group) ?? []), { command: item, at: match.at }])
  return [...groups].map(([name, found]) => ({ name, found }))
}

function marked(label: string, at: number[]): ReactNode {
  const hit = new Set(at)
  return [...label].map((char, index) =>
    hit.has(index) ? (
      <mark key={index} className="bg-transparent font-bold text-accent">
        {char}
      </mark>
    ) : (
      char
    ),
  )
}
