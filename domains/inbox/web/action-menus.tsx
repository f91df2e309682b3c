// The menus of what can be done with one or several conversations. Each opens by its key as well.
import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { AlarmClock, Settings2, Tag, UserRound, UsersRound } from 'lucide-react'
import type { ReactElement, Ref } from 'react'
import { useMay, useSession } from '../../../platform/browser/session.tsx'
import { Avatar } from '../../../web/ui/avatar.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { cx } from '../../../web/ui/cx.ts'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { Menu, type MenuGroup } from '../../../web/ui/menu.tsx'
import { useKeysFor } from '../../../web/ui/use-shortcuts.tsx'
import type { ConversationSummary } from '../contract.ts'
import { useColleagues } from './names.tsx'
import { labelsQuery, teamsQuery } from './queries.ts'
import { snoozeChoices } from './snooze-times.ts'
import { useNow } from './use-now.ts'
import { momentWords } from './words.ts'

type Given = { assigneeId?: string | null; teamId?: string | null }

type AssignMenuProps = {
  assigneeId: string | null
  teamId: string | null
  onAssign: (to: Given) => void
  handle?: Ref<HTMLButtonElement>
  trigger?: ReactElement<Record<string, unknown>>
}

export function AssignMenu({ assigneeId, teamId, onAssign, handle, trigger }: AssignMenuProps) {
  const { t } = useLingui()
  const { memberId } = useSession()
  const colleagues = useColleagues()
  const { data: teams = [] } = useQuery(teamsQuery)
  const others = [...colleagues.values()]
    .filter(({ id, state }) => state === 'active' && id !== memberId)
    .toSorted((a, b) => a.name.localeCompare(b.name))
  const person = (id: string | null, label: string) => ({
    label,
    checked: assigneeId === id,
    onSelect: () => onAssign({ assigneeId: id }),
  })
  const groups: MenuGroup[] = [
    { items: [person(memberId, t`Me`), person(null, t`Nobody`)] },
    ...(others.length > 0 ? [{ label: t`Colleagues`, items: others.map(({ id, name }) => person(id, name)) }] : []),
    ...(teams.length > 0
      ? [
          {
            label: t`Teams`,
            items: [{ id: null, name: t`No team` }, ...teams].map(({ id, name }) => ({
              label: name,
              checked: teamId === id,
              onSelect: () => onAssign({ teamId: id }),
            })),
          },
        ]
      : []),
  ]
  const name = assigneeId ? (colleagues.get(assigneeId)?.name ?? '') : null
  const team = teams.find(({ id }) => id === teamId)?.name
  const words = name?.split(' ')[0] ?? team ?? t`Assign`
  return (
    <Menu
      align="end"
      groups={groups}
      trigger={
        trigger ?? (
          <Button ref={handle} size="small" {...(name === null && { icon: team ? UsersRound : UserRound })}>
            {name !== null && (
              <span aria-hidden className="-mx-1 flex">
                <Avatar name={name} colourKey={assigneeId ?? ''} size="small" decorative />
              </span>
            )}
            {name !== null && <span className="sr-only">{t`Assigned to ${name}. Change`}</span>}
            <span
              aria-hidden={name !== null ? true : undefined}
              className={cx(
                'max-w-24 truncate',
                name !== null ? 'hidden @dialog-wide:inline' : 'sr-only @dialog-wide:not-sr-only',
              )}
            >
              {words}
            </span>
          </Button>
        )
      }
    />
  )
}

export function SnoozeMenu({
  onSnooze,
  handle,
}: {
  onSnooze: (until: string) => void
  handle?: Ref<HTMLButtonElement>
}) {
  const { t, i18n } = useLingui()
  const keys = useKeysFor('inbox.snooze', 'b')
  const names = {
    later: t`In three hours`,
    evening: t`This evening`,
    tomorrow: t`Tomorrow morning`,
    monday: t`Monday morning`,
    week: t`In a week`,
  }
  const items = snoozeChoices(new Date(useNow())).map(({ id, until }) => ({
    label: names[id],
    hint: momentWords(until.toISOString(), i18n.locale),
    onSelect: () => onSnooze(until.toISOString()),
  }))
  return (
    <Menu
      align="end"
      groups={[{ label: t`Comes back then, or when the customer writes`, items }]}
      trigger={<IconButton ref={handle} size="small" icon={AlarmClock} label={t`Snooze`} keys={keys} />}
    />
  )
}

type LabelMenuProps = {
  row: Pick<ConversationSummary, 'labelIds'>
  onLabel: (id: string, on: boolean) => void
  handle?: Ref<HTMLButtonElement>
}

export function LabelMenu({ row, onLabel, handle }: LabelMenuProps) {
  const { t } = useLingui()
  const may = useMay()
  const navigate = useNavigate()
  const keys = useKeysFor('inbox.label', 'l')
  const { data: labels = [] } = useQuery(labelsQuery)
  const items = labels.map(({ id, name }) => {
    const on = row.labelIds.includes(id)
    return { label: name, checked: on, onSelect: () => onLabel(id, !on) }
  })
  const groups: MenuGroup[] = [
    { items: items.length > 0 ? items : [{ label: t`No labels yet`, disabled: true, onSelect: () => {} }] },
    ...(may('inbox.manage_labels')
      ? [
          {
            items: [
              { label: t`Manage labels`, icon: Settings2, onSelect: () => void navigate({ to: '/settings/labels' }) },
            ],
          },
        ]
      : []),
  ]
  return (
    <Menu
      align="end"
      groups={groups}
      trigger={<IconButton ref={handle} size="small" icon={Tag} label={t`Labels`} keys={keys} />}
    />
  )
}
