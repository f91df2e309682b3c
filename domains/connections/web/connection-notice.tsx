import { Plural, useLingui } from '@lingui/react/macro'
import { plural } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Unplug } from 'lucide-react'
import { Icon } from '../../../web/ui/icon.tsx'
import { useMay } from '../../workspaces/web/index.ts'
import type { Connection } from '../contract.ts'
import { connectionsQuery } from './queries.ts'

/** Whether somebody has to look at it: it fails, or something that came through it was not understood. */
export function needsLook({ state, health, quarantined }: Connection): boolean {
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

/** A quiet line at the top of the frame; nothing at all while every connection works. */
export function ConnectionNotice() {
  const count = useConnectionCount()
  if (!count) return null
  const { value } = count
  return (
    <Link
      to="/connections"
      className="inline-flex h-control-small items-center gap-2 rounded-control px-2 text-small font-medium text-waiting hover:bg-hover"
    >
      <Icon of={Unplug} />
      <Plural value={value} one="# connection needs a look" other="# connections need a look" />
    </Link>
  )
}
