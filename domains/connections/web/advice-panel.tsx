import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Check, CircleHelp, TriangleAlert } from 'lucide-react'
import { Button } from '../../../web/ui/button.tsx'
import { cx } from '../../../web/ui/cx.ts'
import { Icon } from '../../../web/ui/icon.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import { CopyBlock, QueryPart } from '../../workspaces/web/index.ts'
import type { Advice } from '../contract.ts'
import { connections } from './calls.ts'

/** What has to stand outside for this connection to work well, each with its record to copy and whether it stands. */
export function AdvicePanel({ connectionId }: { connectionId: string }) {
  const { t } = useLingui()
  const query = useQuery({
    queryKey: ['connection', connectionId, 'advice'],
    queryFn: async ({ signal }) => (await connections.getAdvice({ params: { id: connectionId } }, { signal })).items,
    staleTime: 60_000,
  })
  return (
    <Panel
      title={t`Records in your DNS`}
      actions={
        <Button size="small" busy={query.isFetching} onClick={() => void query.refetch()}>
          <Trans>Look again</Trans>
        </Button>
      }
    >
      <QueryPart query={query}>
        {(items) =>
          items.length === 0 ? (
            <p className="text-muted">
              <Trans>Nothing has to be set.</Trans>
            </p>
          ) : (
            <ul className="flex flex-col gap-5">
              {items.map((advice) => (
                <AdviceItem key={advice.id} advice={advice} />
              ))}
            </ul>
          )
        }
      </QueryPart>
    </Panel>
  )
}

function AdviceItem({ advice: { why, record, state, found } }: { advice: Advice }) {
  const { t } = useLingui()
  const words = {
    right: t`Stands as it should`,
    missing: t`Not there yet`,
    different: t`Something else stands there`,
    unclear: t`Could not be looked up`,
  }
  const icons = { right: Check, missing: TriangleAlert, different: TriangleAlert, unclear: CircleHelp }
  return (
    <li className="flex min-w-0 flex-col gap-2">
      <p>{why}</p>
      <p
        className={cx(
          'flex items-center gap-1.5 text-small font-medium',
          state === 'right' ? 'text-resolved' : state === 'unclear' ? 'text-muted' : 'text-waiting',
        )}
      >
        <Icon of={icons[state]} className="size-3.5" />
        {words[state]}
      </p>
      {state !== 'right' && (
        <>
          <CopyBlock label={t`Name of the ${record.type} record`} text={record.name} />
          <CopyBlock label={t`Its value`} text={record.value} />
        </>
      )}
      {found && state !== 'right' && (
        <p className="text-small wrap-anywhere text-muted">
          <Trans>Found: {found}</Trans>
        </p>
      )}
    </li>
  )
}
