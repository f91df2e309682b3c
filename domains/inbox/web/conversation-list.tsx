import { useLingui } from '@lingui/react/macro'
import type { Ref } from 'react'
import { useMay } from '../../../platform/browser/session.tsx'
import { Skeleton } from '../../../web/ui/skeleton.tsx'
import { VirtualList, type VirtualListHandle } from '../../../web/ui/virtual-list.tsx'
import type { ConversationSummary } from '../contract.ts'
import { ConversationRow } from './conversation-row.tsx'
import { EmptyList } from './empty-list.tsx'
import { PagedList } from './paged-list.tsx'
import { snoozeChoices } from './snooze-times.ts'
import { SwipeRow, type Swipe } from './swipe-row.tsx'
import { useActions } from './use-actions.ts'
import { useNow } from './use-now.ts'
import type { ConversationList as List } from './use-list.ts'
import { useViewTitle } from './views-bar.tsx'
import type { InboxSearch } from './views.ts'

const ROW_PX = 81

type ListProps = {
  search: InboxSearch
  list: List
  openId: string | undefined
  focusedId: string | null
  chosen: ReadonlySet<string>
  handle: Ref<VirtualListHandle>
  onFocused: (row: ConversationSummary, moved: boolean) => void
  onChoose: (id: string) => void
  onNear: (id: string) => void
}

export function ConversationList({ search, list, openId, focusedId, chosen, handle, ...on }: ListProps) {
  const { t } = useLingui()
  const now = useNow()
  const title = useViewTitle(search)
  const swipesOf = useSwipes()
  const { rows, query } = list
  return (
    <PagedList
      query={query}
      count={rows.length}
      failed={t`The list could not be fetched`}
      rows={8}
      empty={<EmptyList search={search} />}
    >
      <VirtualList
        className="flex-1"
        label={t`Conversations: ${title}`}
        items={rows}
        itemKey={(row) => row.id}
        estimate={ROW_PX}
        activeKey={focusedId ?? openId ?? null}
        onActiveChange={on.onFocused}
        {...(query.hasNextPage && { onEnd: list.more })}
        handle={handle}
        foot={query.isFetchingNextPage && <Skeleton className="mx-3 my-4 h-4" />}
        renderRow={(row, { focus }) => (
          <SwipeRow {...swipesOf(row)}>
            <ConversationRow
              row={row}
              focus={focus}
              open={row.id === openId}
              chosen={chosen.has(row.id)}
              choosing={chosen.size > 0}
              now={now}
              onChoose={on.onChoose}
              onNear={on.onNear}
            />
          </SwipeRow>
        )}
      />
    </PagedList>
  )
}

/** What a finger can do with a row: resolve it, or put it away until tomorrow morning. Both offer Undo. */
function useSwipes(): (row: ConversationSummary) => { onward?: Swipe; back?: Swipe } {
  const { t } = useLingui()
  const may = useMay()
  const actions = useActions()
  return (row) => {
    if (!may('inbox.resolve') || row.state === 'resolved') return {}
    const tomorrow = () =>
      snoozeChoices(new Date())
        .find(({ id }) => id === 'tomorrow')!
        .until.toISOString()
    return {
      onward: { label: t`Resolve`, run: () => void actions.resolve([row]) },
      ...(row.state !== 'snoozed' && {
        back: { label: t`Snooze until tomorrow`, run: () => void actions.snooze(row, tomorrow()) },
      }),
    }
  }
}
