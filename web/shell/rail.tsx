import { useLingui } from '@lingui/react/macro'
import { Link, type LinkProps } from '@tanstack/react-router'
import { PanelLeftClose, PanelLeftOpen } from 'lucide-react'
import type { ReactNode } from 'react'
import { Count } from '../ui/badge.tsx'
import { cx } from '../ui/cx.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Icon, type IconShape } from '../ui/icon.tsx'
import { Mark } from '../ui/mark.tsx'
import { Tooltip } from '../ui/tooltip.tsx'

/** A place in the rail. Only what exists is passed in. */
export type NavItem = {
  id: string
  label: string
  icon: IconShape
  to: NonNullable<LinkProps['to']>
  /** A number that asks for something, with its meaning in words: “4 conversations wait for you”. */
  count?: { value: number; label: string } | undefined
  /** Default keys, `g i`. */
  keys?: string | undefined
  /** Not drawn in the rail, where another way leads there; it has its keys and stands on the phone's bar all the same. */
  outsideRail?: true | undefined
}

type RailProps = {
  name: string
  items: NavItem[]
  footItems: NavItem[]
  foot: ReactNode
  folded: boolean
  onFold: (folded: boolean) => void
}

export function Rail({ name, items, footItems, foot, folded, onFold }: RailProps) {
  const { t } = useLingui()
  return (
    <aside
      aria-label={t`Workspace`}
      className={cx(
        'flex shrink-0 flex-col gap-2 border-e border-line bg-sunken p-2 max-tablet:hidden',
        folded ? 'w-rail-folded items-center' : 'w-rail',
      )}
    >
      {/* The name stands inside the landmark: what is outside of all of them is lost to whoever goes from one to the next. */}
      <nav aria-label={t`Main`} className="flex min-h-0 flex-1 flex-col gap-2">
        <div className={cx('flex h-8 shrink-0 items-center gap-2', folded ? 'justify-center' : 'ps-2')}>
          <Mark className="size-5 text-accent" />
          {!folded && <span className="min-w-0 flex-1 truncate font-bold">{name}</span>}
        </div>
        <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
          <NavList items={items} folded={folded} />
          <div className="flex-1" />
          <NavList items={footItems} folded={folded} />
        </div>
      </nav>
      <div className={cx('flex items-center gap-1', folded && 'flex-col')}>
        <div className="min-w-0 flex-1">{foot}</div>
        <IconButton
          icon={folded ? PanelLeftOpen : PanelLeftClose}
          label={folded ? t`Show the names` : t`Fold the rail`}
          side="inline-end"
          size="small"
          directional
          onClick={() => onFold(!folded)}
        />
      </div>
    </aside>
  )
}

function NavList({ items, folded }: { items: NavItem[]; folded: boolean }) {
  return (
    <ul className="flex flex-col gap-0.5">
      {items.map((item) => (
        <li key={item.id}>{folded ? <FoldedLink item={item} /> : <OpenLink item={item} />}</li>
      ))}
    </ul>
  )
}

const linkClass = cx(
  'flex h-control items-center rounded-control text-muted transition-colors ring-inside hover:bg-hover hover:text-text',
  'aria-[current=page]:bg-tint aria-[current=page]:font-medium aria-[current=page]:text-accent-strong',
)

function OpenLink({ item: { label, icon, to, count, keys } }: { item: NavItem }) {
  return (
    <Tooltip text={label} keys={keys} side="inline-end">
      <Link to={to} className={cx(linkClass, 'gap-3 px-2')}>
        <Icon of={icon} />
        <span className="min-w-0 flex-1 truncate">{label}</span>
        {count && count.value > 0 && <Count {...count} />}
      </Link>
    </Tooltip>
  )
}

function FoldedLink({ item: { label, icon, to, count, keys } }: { item: NavItem }) {
  const name = count && count.value > 0 ? `${label}, ${count.label}` : label
  return (
    <Tooltip text={name} keys={keys} side="inline-end">
      <Link to={to} aria-label={name} className={cx(linkClass, 'relative size-control justify-center')}>
        <Icon of={icon} />
        {count && count.value > 0 && <span className="absolute end-1 top-1 size-1.5 rounded-full bg-accent" />}
      </Link>
    </Tooltip>
  )
}
