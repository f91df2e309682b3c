import { Trans, useLingui } from '@lingui/react/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { ScrollText } from 'lucide-react'
import { Button } from '../../../web/ui/button.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { Select } from '../../../web/ui/select.tsx'
import { Table } from '../../../web/ui/table.tsx'
import type { AuditEntry } from '../contract.ts'
import { eventWords } from './event-words.ts'
import { LogFrame } from './log-frame.tsx'
import { useMay } from './me.ts'
import { auditQuery } from './queries.ts'

const route = getRouteApi('/inside/settings/audit')
const ALL = 'all'

/** Who did what and when, newest first. Nothing here can be changed by anyone. */
export function AuditScreen() {
  const { t } = useLingui()
  const allowed = useMay()('audit.read')
  const navigate = useNavigate()
  const { type, subject } = route.useSearch()
  const query = useInfiniteQuery({ ...auditQuery({ type, subject }), enabled: allowed })
  const areas = [
    { value: ALL, label: t`Everything` },
    { value: 'workspaces.', label: t`People, settings, tokens` },
    { value: 'connections.', label: t`Connections` },
    { value: 'inbox.', label: t`Inbox` },
    { value: 'customers.', label: t`Customers` },
    { value: 'webchat.', label: t`Web chat` },
  ]
  return (
    <LogFrame
      log="deeds"
      lead={<Trans>Everything that was done, by whom and when. It can be read, never changed.</Trans>}
      query={query}
      filters={
        <>
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
        </>
      }
      empty={
        <EmptyState icon={ScrollText} title={t`Nothing of this kind has happened`}>
          <Trans>Choose “Everything” to see what did.</Trans>
        </EmptyState>
      }
    >
      {(entries) => <AuditTable entries={entries} />}
    </LogFrame>
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
