import { Trans, useLingui } from '@lingui/react/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { ScrollText } from 'lucide-react'
import { Button } from '../../../web/ui/button.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { Select } from '../../../web/ui/select.tsx'
import { Table } from '../../../web/ui/table.tsx'
import type { AuditEntry } from '../contract.ts'
import { AuditTabs } from './audit-tabs.tsx'
import { eventWords } from './event-words.ts'
import { useMay } from './me.ts'
import { NotForYou } from './not-for-you.tsx'
import { Page } from './page.tsx'
import { auditQuery } from './queries.ts'
import { QueryPart } from './query-part.tsx'
import { SettingsNav } from './settings-nav.tsx'

const route = getRouteApi('/inside/settings/audit')
const ALL = 'all'

/** Who did what and when, newest first. Nothing here can be changed by anyone. */
export function AuditScreen() {
  const { t } = useLingui()
  const allowed = useMay()('audit.read')
  const navigate = useNavigate()
  const { type, subject } = route.useSearch()
  const query = useInfiniteQuery({ ...auditQuery({ type, subject }), enabled: allowed })
  const entries = query.data?.pages.flatMap(({ items }) => items)
  const areas = [
    { value: ALL, label: t`Everything` },
    { value: 'workspaces.', label: t`People, settings, tokens` },
    { value: 'connections.', label: t`Connections` },
    { value: 'inbox.', label: t`Inbox` },
    { value: 'customers.', label: t`Customers` },
    { value: 'webchat.', label: t`Web chat` },
  ]
  return (
    <Page
      title={t`Audit log`}
      lead={<Trans>Everything that was done, by whom and when. It can be read, never changed.</Trans>}
      nav={<SettingsNav />}
    >
      {allowed ? (
        <>
          <AuditTabs />
          <div className="flex flex-wrap items-end gap-2">
            <Select
              label={t`What happened`}
              className="w-full max-w-side"
              choices={areas}
              value={areas.some(({ value }) => value === type) ? (type ?? ALL) : ALL}
              onValueChange={(value) =>
                void navigate({ to: '/settings/audit', search: value === ALL ? {} : { type: value } })
              }
            />
            {subject && (
              <Button onClick={() => void navigate({ to: '/settings/audit', search: type ? { type } : {} })}>
                <Trans>Show what concerns others too</Trans>
              </Button>
            )}
          </div>
          <Panel flush>
            <QueryPart query={{ data: entries, error: query.error, refetch: query.refetch }} rows={8}>
              {(found) =>
                found.length === 0 ? (
                  <EmptyState icon={ScrollText} title={t`Nothing of this kind has happened`}>
                    <Trans>Choose “Everything” to see what did.</Trans>
                  </EmptyState>
                ) : (
                  <AuditTable entries={found} />
                )
              }
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

function AuditTable({ entries }: { entries: AuditEntry[] }) {
  const { t } = useLingui()
  const actor = ({ actorKind, actorName }: AuditEntry) =>
    actorName ??
    { member: t`A former member`, token: t`A token`, visitor: t`A visitor`, program: t`Rapport` }[actorKind]
  return (
    <Table
      caption={t`Audit log`}
      rows={entries}
      rowKey={({ seq }) => String(seq)}
      columns={[
        { key: 'who', title: t`Who`, cell: (entry) => <span className="font-medium">{actor(entry)}</span> },
        {
          key: 'what',
          title: t`What`,
          cell: ({ type, data }) => (
            <div className="py-1">
              <p>{eventWords(type)}</p>
              <p className="font-mono text-small break-all text-muted">{[type, ...changedIn(data)].join(' · ')}</p>
            </div>
          ),
        },
        {
          key: 'when',
          title: t`When`,
          align: 'end',
          cell: ({ at }) => <RelativeTime at={at} className="whitespace-nowrap" />,
        },
      ]}
    />
  )
}

/** Names of what changed; the log holds no values. */
function changedIn(data: Readonly<Record<string, unknown>>): string[] {
  const { changed } = data
  return Array.isArray(changed) ? changed.map(String) : []
}
