import { useLingui } from '@lingui/react/macro'
import { Link, useNavigate } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { Icon } from '../ui/icon.tsx'
import { Menu } from '../ui/menu.tsx'
import type { NavItem } from './rail.tsx'

const cell =
  'relative flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-small text-muted ring-inside aria-[current=page]:font-medium aria-[current=page]:text-accent'

/** The rail of a phone: the first four places, and the rest behind one more. Within the reach of a thumb. */
export function BottomBar({ items }: { items: NavItem[] }) {
  const { t } = useLingui()
  const navigate = useNavigate()
  if (items.length === 0) return null
  const shown = items.length > 5 ? items.slice(0, 4) : items
  const rest = items.slice(shown.length)
  return (
    <nav
      aria-label={t`Main`}
      className="flex h-14 shrink-0 border-t border-line bg-raised pb-[env(safe-area-inset-bottom)] tablet:hidden"
    >
      {shown.map(({ id, to, icon, label, count }) => (
        <Link key={id} to={to} className={cell}>
          <Icon of={icon} size={20} />
          <span className="max-w-full truncate tracking-tight">{label}</span>
          {count && count.value > 0 && (
            <span className="absolute top-1.5 ms-8 size-2 rounded-full bg-accent">
              <span className="sr-only">{count.label}</span>
            </span>
          )}
        </Link>
      ))}
      {rest.length > 0 && (
        <Menu
          align="end"
          groups={[
            { items: rest.map(({ label, icon, to }) => ({ label, icon, onSelect: () => void navigate({ to }) })) },
          ]}
          trigger={
            <button type="button" className={cell}>
              <Icon of={Ellipsis} size={20} />
              {t`More`}
            </button>
          }
        />
      )}
    </nav>
  )
}
