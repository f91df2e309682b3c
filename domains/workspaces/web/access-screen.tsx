import { Trans, useLingui } from '@lingui/react/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Eye, KeyRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { Table } from '../../../web/ui/table.tsx'
import type { AccessEntry } from '../contract.ts'
import { LogFrame } from './log-frame.tsx'
import { useMay } from './me.ts'
import { accessQuery } from './queries.ts'

const route = getRouteApi('/inside/settings/audit/access')

/** Who read what is private, and who came in from where. Nothing here can be changed by anyone. */
export function AccessScreen() {
  const { t } = useLingui()
  const allowed = useMay()('audit.read')
  const { kind = 'reads' } = route.useSearch()
  const query = useInfiniteQuery({ ...accessQuery(kind), enabled: allowed })
  return (
    <LogFrame
      log={kind}
      lead={
        <Trans>
          Who read private messages, and who signed in from where. Reading again within ten minutes counts once.
        </Trans>
      }
      query={query}
      empty={
        kind === 'reads' ? (
          <EmptyState icon={Eye} title={t`Nobody has read anything private yet`}>
            <Trans>Whoever opens a private conversation stands here a moment later.</Trans>
          </EmptyState>
        ) : (
          <EmptyState icon={KeyRound} title={t`Nobody has signed in yet`}>
            <Trans>Every sign-in, wrong password and new password stands here, with where it came from.</Trans>
          </EmptyState>
        )
      }
    >
      {(entries) => <AccessTable entries={entries} caption={kind === 'reads' ? t`Who read what` : t`Who signed in`} />}
    </LogFrame>
  )
}

function AccessTable({ entries, caption }: { entries: AccessEntry[]; caption: string }) {
  const { t } = useLingui()
  return (
    <Table
      caption={caption}
      rows={entries}
      rowKey={({ seq }) => String(seq)}
      columns={[
        {
          key: 'who',
          title: t`Who`,
          cell: ({ actorName, actorKind }) => (
            <span className="font-medium">
              {actorName ?? (actorKind === 'token' ? t`A token` : t`A former member`)}
            </span>
          ),
        },
        {
          key: 'what',
          title: t`What`,
          cell: (entry) => (
            <div className="py-1">
              <p>
                <What entry={entry} />
              </p>
              <p className="font-mono text-small break-all text-muted">{entry.action}</p>
            </div>
          ),
        },
        {
          key: 'from',
          title: t`From where`,
          wideOnly: true,
          cell: ({ address, device }) => (
            <>
              <p className="font-mono text-small">{address}</p>
              <p className="max-w-side truncate text-small text-muted" title={device ?? undefined}>
                {device}
              </p>
            </>
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

function What({ entry: { action, subjectId } }: { entry: AccessEntry }): ReactNode {
  const { t } = useLingui()
  const words: Record<string, string> = {
    'workspaces.signed_in': t`Signed in`,
    'workspaces.sign_in_failed': t`Gave a wrong password`,
    'workspaces.second_factor_asked': t`Gave the password; a code was asked for`,
    'workspaces.wrong_code': t`Gave a wrong code`,
    'workspaces.signed_out': t`Signed out`,
    'workspaces.reset_asked': t`Asked for a new password`,
    'workspaces.password_reset': t`Set a new password by a link`,
  }
  if (action === 'inbox.conversation_read' && subjectId)
    return (
      <>
        <Trans>Read</Trans>{' '}
        <Link
          to="/inbox/{-$conversationId}"
          params={{ conversationId: subjectId }}
          search={{}}
          className="text-accent underline underline-offset-2"
        >
          <Trans>a private conversation</Trans>
        </Link>
      </>
    )
  if (action === 'connections.delivery_read') return <Trans>Read a delivery that was not understood</Trans>
  return words[action] ?? action
}
