// What the logs share: which log it is, its filters beside that, its entries, and the next page of them.
import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import { Select } from '../../../web/ui/select.tsx'
import { useMay } from './me.ts'
import { NotForYou } from './not-for-you.tsx'
import { Page } from './page.tsx'
import { QueryPart } from './query-part.tsx'
import { SettingsNav } from './settings-nav.tsx'

export type Log = 'deeds' | 'reads' | 'sign-ins'

interface LogQuery<T> {
  readonly data: { readonly pages: readonly { readonly items: T[] }[] } | undefined
  readonly error: Error | null
  readonly refetch: () => unknown
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  readonly fetchNextPage: () => unknown
}

type LogFrameProps<T> = {
  log: Log
  lead: ReactNode
  query: LogQuery<T>
  filters?: ReactNode
  /** What stands there while the log has nothing. */
  empty: ReactNode
  children: (entries: T[]) => ReactNode
}

export function LogFrame<T>({ log, lead, query, filters, empty, children }: LogFrameProps<T>) {
  const { t } = useLingui()
  const allowed = useMay()('audit.read')
  const entries = query.data?.pages.flatMap(({ items }) => items)
  return (
    <Page title={t`Audit log`} lead={lead} nav={<SettingsNav />}>
      {allowed ? (
        <>
          <div className="flex flex-wrap items-end gap-3">
            <LogChoice log={log} />
            {filters}
          </div>
          <Panel flush>
            <QueryPart query={{ data: entries, error: query.error, refetch: query.refetch }} rows={8}>
              {(found) => (found.length === 0 ? empty : children(found))}
            </QueryPart>
          </Panel>
          {query.hasNextPage && (
            <Button className="self-center" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              <Trans>Show more</Trans>
            </Button>
          )}
        </>
      ) : (
        <NotForYou />
      )}
    </Page>
  )
}

function LogChoice({ log }: { log: Log }) {
  const { t } = useLingui()
  const navigate = useNavigate()
  const open = (next: Log) =>
    next === 'deeds'
      ? navigate({ to: '/settings/audit', search: {} })
      : navigate({ to: '/settings/audit/access', search: next === 'sign-ins' ? { kind: next } : {} })
  return (
    <Select
      label={t`Log`}
      className="w-full max-w-side"
      choices={[
        { value: 'deeds', label: t`What was done` },
        { value: 'reads', label: t`Who read private content` },
        { value: 'sign-ins', label: t`Sign-ins and passwords` },
      ]}
      value={log}
      onValueChange={(next) => void open(next)}
    />
  )
}
