import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Confirm } from '../../../web/ui/confirm.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { Table } from '../../../web/ui/table.tsx'
import type { ApiToken } from '../contract.ts'
import { tokens as calls } from './calls.ts'
import { useDeed } from './deed.ts'
import { useMay } from './me.ts'
import { NewToken } from './new-token.tsx'
import { NotForYou } from './not-for-you.tsx'
import { Page } from './page.tsx'
import { tokensQuery } from './queries.ts'
import { QueryPart } from './query-part.tsx'
import { SettingsNav } from './settings-nav.tsx'

export function TokensScreen() {
  const { t } = useLingui()
  const canManage = useMay()('tokens.manage')
  const query = useQuery({ ...tokensQuery, enabled: canManage })
  const [making, setMaking] = useState(false)
  const make = (
    <Button look="primary" icon={Plus} onClick={() => setMaking(true)}>
      <Trans>Make a token</Trans>
    </Button>
  )
  return (
    <Page
      title={t`API tokens`}
      lead={<Trans>For programs that work with Rapport in your stead. Each may do no more than you give it.</Trans>}
      nav={<SettingsNav />}
      actions={canManage && make}
    >
      {canManage ? (
        <Panel flush>
          <QueryPart query={query}>
            {(tokens) =>
              tokens.length === 0 ? (
                <EmptyState icon={KeyRound} title={t`There are no tokens`} action={make}>
                  <Trans>A program that reads or writes through the API needs one; people sign in instead.</Trans>
                </EmptyState>
              ) : (
                <TokenTable tokens={tokens} />
              )
            }
          </QueryPart>
        </Panel>
      ) : (
        <NotForYou />
      )}
      {making && <NewToken onClose={() => setMaking(false)} />}
    </Page>
  )
}

function TokenTable({ tokens }: { tokens: ApiToken[] }) {
  const { t } = useLingui()
  return (
    <Table
      caption={t`API tokens`}
      rows={tokens}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'name',
          title: t`Name`,
          cell: ({ name, createdBy }) => (
            <div className="py-1">
              <p className="font-medium">{name}</p>
              {createdBy && (
                <p className="text-small text-muted">
                  <Trans>made by {createdBy}</Trans>
                </p>
              )}
            </div>
          ),
        },
        {
          key: 'scopes',
          title: t`May do`,
          wideOnly: true,
          cell: ({ scopes }) => <span className="font-mono text-small">{scopes.join(', ')}</span>,
        },
        {
          key: 'used',
          title: t`Last used`,
          cell: ({ lastUsedAt }) => (lastUsedAt ? <RelativeTime at={lastUsedAt} /> : t`not yet`),
        },
        {
          key: 'expires',
          title: t`Ends`,
          wideOnly: true,
          cell: ({ expiresAt }) => (expiresAt ? <RelativeTime at={expiresAt} /> : t`never`),
        },
        { key: 'act', title: t`Actions`, hideTitle: true, align: 'end', cell: (token) => <Revoke token={token} /> },
      ]}
    />
  )
}

function Revoke({ token: { id, name } }: { token: ApiToken }) {
  const { t } = useLingui()
  const [asking, setAsking] = useState(false)
  const revoke = useDeed(calls.revokeToken, { stale: [['tokens']], loud: true })
  return (
    <>
      <Button size="small" onClick={() => setAsking(true)} aria-label={t`Revoke ${name}`}>
        <Trans>Revoke</Trans>
      </Button>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t`Revoke “${name}”?`}
        description={<Trans>The next call with it is refused. This can’t be taken back.</Trans>}
        action={t`Revoke`}
        danger
        onConfirm={() => revoke.run({ params: { id } })}
      />
    </>
  )
}
