import { useLingui } from '@lingui/react/macro'
import { plural } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Unplug } from 'lucide-react'
import { Icon } from '../../../web/ui/icon.tsx'
import { useMay } from '../../workspaces/web/index.ts'
import type { Connection } from '../contract.ts'
import { connectionsQuery } from './queries.ts'

/** Whether somebody has to look at it: it fails, or something that came through it was not understood. */
function needsLook({ state, health, quarantined }: Connection): boolean {
  return quarantined > 0 || (state === 'active' && (health === 'broken' || health === 'degraded'))
}

/** How many connections need somebody, for the rail: `{ value, label }`, or null when none does or one may not see them. */
export function useConnectionCount(): { value: number; label: string } | null {
  const { t } = useLingui()
  const may = useMay()
  const { data = [] } = useQuery({ ...connectionsQuery, enabled: may('connections.read') })
  const value = data.filter(needsLook).length
  if (value === 0) return null
  return { value, label: t`${plural(value, { one: '# connection needs a look', other: '# connections need a look' })}` }
}

/**
 * Says at the top of the frame that a place where customers write does not work as it should, to whoever answers there.
 * Nothing at all while every connection works.
 */
export function ConnectionNotice() {
  const { t } = useLingui()
  const may = useMay()
  const { data = [] } = useQuery({ ...connectionsQuery, enabled: may('connections.read') })
  const failing = data.filter(
    ({ state, health }) => state === 'active' && (health === 'broken' || health === 'degraded'),
  )
  const [first] = failing
  if (!first) return null
  const { id, name, health } = first
  const text =
    failing.length > 1
      ? t`${plural(failing.length, { one: '# connection does', other: '# connections do' })} not work as they should`
      : health === 'broken'
        ? t`${name} does not work just now`
        : t`${name} works with trouble`
  const className =
    'flex h-control-small shrink-0 items-center gap-1.5 rounded-control px-2 text-small font-medium text-waiting hover:bg-hover'
  const inside = (
    <>
      <Icon of={Unplug} />
      <span className="max-w-side truncate max-tablet:sr-only">{text}</span>
    </>
  )
  return failing.length > 1 ? (
    <Link to="/connections" className={className} title={text}>
      {inside}
    </Link>
  ) : (
    <Link to="/connections/$id" params={{ id }} className={className} title={text}>
      {inside}
    </Link>
  )
}
