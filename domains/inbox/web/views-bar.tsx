import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronDown } from 'lucide-react'
import { cx } from '../../../web/ui/cx.ts'
import { Icon } from '../../../web/ui/icon.tsx'
import { Menu } from '../../../web/ui/menu.tsx'
import type { ConversationCounts } from '../contract.ts'
import { NewMessage } from './new-message.tsx'
import { countsQuery, labelsQuery, teamsQuery } from './queries.ts'
import type { InboxSearch, StandingView } from './views.ts'

const tab =
  'flex h-control-small shrink-0 items-center gap-1 rounded-control px-1.5 text-muted transition-colors hover:bg-hover hover:text-text aria-[current=page]:bg-tint aria-[current=page]:font-medium aria-[current=page]:text-accent-strong'

const counted: Partial<Record<StandingView, keyof ConversationCounts>> = {
  open: 'open',
  mine: 'mine',
  unassigned: 'unassigned',
  waiting: 'waiting',
  snoozed: 'snoozed',
}

function useViewNames(): Record<StandingView, string> {
  const { t } = useLingui()
  return {
    open: t`Open`,
    mine: t`Mine`,
    unassigned: t`Unassigned`,
    waiting: t`Waiting`,
    snoozed: t`Snoozed`,
    resolved: t`Resolved`,
  }
}

/** The name of what the list shows. */
export function useViewTitle(search: InboxSearch): string {
  const { t } = useLingui()
  const names = useViewNames()
  const { data: teams } = useQuery(teamsQuery)
  const { data: labels } = useQuery(labelsQuery)
  if (search.team) return teams?.find(({ id }) => id === search.team)?.name ?? '…'
  if (search.group) return t`Say the same`
  if (search.label) return labels?.find(({ id }) => id === search.label)?.name ?? '…'
  return names[search.view ?? 'open']
}

/** “999+” where counting stopped. */
function countWords(count: number | undefined, cap: number): string {
  if (!count) return ''
  return count >= cap ? `${cap - 1}+` : String(count)
}

/** The views of the inbox: the three that are looked at all day; the rest, and the order, behind one more. */
export function ViewsBar({ search }: { search: InboxSearch }) {
  const { t } = useLingui()
  const navigate = useNavigate()
  const names = useViewNames()
  const title = useViewTitle(search)
  const { data: counts } = useQuery(countsQuery)
  const { data: teams = [] } = useQuery(teamsQuery)
  const { data: labels = [] } = useQuery(labelsQuery)
  const sort = search.sort ? { sort: search.sort } : {}
  const go = (next: InboxSearch) =>
    void navigate({
      to: '/inbox/{-$conversationId}',
      params: { conversationId: undefined },
      search: { ...next, ...sort },
    })
  const order = (next: Pick<InboxSearch, 'sort'>) => {
    const { sort: _, ...rest } = search
    void navigate({
      to: '/inbox/{-$conversationId}',
      params: (before) => before,
      search: { ...rest, ...next },
      replace: true,
    })
  }
  const countOf = (view: StandingView) => {
    const key = counted[view]
    return key ? countWords(counts?.[key], counts?.cap ?? 1000) : ''
  }
  const first: StandingView[] = ['open', 'mine', 'unassigned']
  const more: StandingView[] = ['waiting', 'snoozed', 'resolved']
  const isMore =
    search.team !== undefined ||
    search.label !== undefined ||
    search.group !== undefined ||
    more.includes(search.view ?? 'open')
  const here = (view: StandingView) =>
    !search.team && !search.label && !search.group && (search.view ?? 'open') === view
  return (
    <div className="flex h-12 shrink-0 items-center gap-0.5 border-b border-line px-2">
      <nav aria-label={t`Views`} className="flex min-w-0 flex-1 items-center gap-0.5">
        {first.map((view) => (
          <Link
            key={view}
            to="/inbox/{-$conversationId}"
            params={{ conversationId: undefined }}
            search={view === 'open' ? sort : { view, ...sort }}
            activeProps={{}}
            aria-current={here(view) ? 'page' : undefined}
            className={tab}
          >
            <span className="truncate">{names[view]}</span>
            <span className="text-small">{countOf(view)}</span>
          </Link>
        ))}
        <Menu
          align="end"
          groups={[
            {
              items: more.map((view) => ({
                label: names[view],
                ...(countOf(view) && { hint: countOf(view) }),
                checked: here(view),
                onSelect: () => go({ view }),
              })),
            },
            ...(teams.length > 0
              ? [
                  {
                    label: t`Teams`,
                    items: teams.map(({ id, name }) => ({
                      label: name,
                      checked: search.team === id,
                      onSelect: () => go({ team: id }),
                    })),
                  },
                ]
              : []),
            ...(labels.length > 0
              ? [
                  {
                    label: t`Labels`,
                    items: labels.map(({ id, name }) => ({
                      label: name,
                      checked: search.label === id,
                      onSelect: () => go({ label: id }),
                    })),
                  },
                ]
              : []),
            {
              label: t`Order`,
              items: [
                { label: t`Newest activity first`, checked: !search.sort, onSelect: () => order({}) },
                {
                  label: t`Most urgent first`,
                  checked: search.sort === 'priority',
                  onSelect: () => order({ sort: 'priority' }),
                },
              ],
            },
          ]}
          trigger={
            <button type="button" className={cx(tab, 'max-w-28 shrink')} aria-current={isMore ? 'page' : undefined}>
              <span className="truncate">{isMore ? title : <Trans>More</Trans>}</span>
              <Icon of={ChevronDown} className="size-3.5" />
            </button>
          }
        />
      </nav>
      <NewMessage />
    </div>
  )
}
