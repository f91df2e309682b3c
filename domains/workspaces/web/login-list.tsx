import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Badge } from '../../../web/ui/badge.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { Panel } from '../../../web/ui/panel.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { Table } from '../../../web/ui/table.tsx'
import { signIns } from './calls.ts'
import { useDeed } from './deed.ts'
import { loginsQuery } from './queries.ts'
import { QueryPart } from './query-part.tsx'

/** Where somebody is signed in with this account. */
export function LoginList() {
  const { t } = useLingui()
  const query = useQuery(loginsQuery)
  const stale = [['logins']] as const
  const end = useDeed(signIns.revokeLogin, { stale, loud: true, onDone: () => notify(t`That log-in has ended.`) })
  const endOthers = useDeed(signIns.revokeOtherLogins, {
    stale,
    loud: true,
    onDone: () => notify(t`All other log-ins have ended.`),
  })
  const others = (query.data ?? []).some(({ isThis }) => !isThis)
  return (
    <Panel
      title={t`Where you are signed in`}
      flush
      actions={
        others && (
          <Button size="small" busy={endOthers.busy} onClick={() => endOthers.run({})}>
            <Trans>End all others</Trans>
          </Button>
        )
      }
    >
      <QueryPart query={query} rows={2}>
        {(logins) => (
          <Table
            caption={t`Where you are signed in`}
            rows={logins}
            rowKey={({ id }) => id}
            columns={[
              {
                key: 'device',
                title: t`Device`,
                cell: ({ device, isThis }) => (
                  <span className="flex flex-wrap items-center gap-2">
                    {device}
                    {isThis && (
                      <Badge tone="open">
                        <Trans>here</Trans>
                      </Badge>
                    )}
                  </span>
                ),
              },
              {
                key: 'address',
                title: t`Address`,
                wideOnly: true,
                cell: ({ address }) => <span className="font-mono text-small">{address}</span>,
              },
              {
                key: 'since',
                title: t`Signed in`,
                wideOnly: true,
                cell: (login) => <RelativeTime at={login.signedInAt} />,
              },
              { key: 'seen', title: t`Last seen`, cell: (login) => <RelativeTime at={login.lastSeenAt} /> },
              {
                key: 'act',
                title: t`Actions`,
                hideTitle: true,
                align: 'end',
                cell: ({ id, isThis, device }) =>
                  !isThis && (
                    <Button size="small" aria-label={t`End ${device}`} onClick={() => end.run({ params: { id } })}>
                      <Trans>End</Trans>
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </QueryPart>
    </Panel>
  )
}
