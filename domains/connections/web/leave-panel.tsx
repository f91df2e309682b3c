import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '../../../web/ui/button.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { Panel } from '../../../web/ui/panel.tsx'
import { useDeed } from '../../workspaces/web/index.ts'
import type { Connection } from '../contract.ts'
import { leave } from './calls.ts'
import { goTo } from './use-connect.ts'

/** Gives leave again: after the platform took it away, or to act by another person's word. */
export function LeavePanel({ connection }: { connection: Connection }) {
  const { t } = useLingui()
  const { id, health } = connection
  const begin = useDeed(leave.beginReauthorization, {
    loud: true,
    onDone: ({ url }) => {
      if (url === null) notify(t`This connection works by what is set here, without leave from the platform.`)
      else goTo(url)
    },
  })
  return (
    <Panel title={t`Leave from the platform`}>
      <div className="flex flex-col items-start gap-3">
        <p>
          {health === 'broken' ? (
            <Trans>
              The platform does not let Rapport in any more. Sign in there once more to go on; nothing is lost.
            </Trans>
          ) : (
            <Trans>You can sign in there once more at any time, with the same account.</Trans>
          )}
        </p>
        <Button
          look={health === 'broken' ? 'primary' : 'plain'}
          busy={begin.busy}
          onClick={() => begin.run({ params: { id } })}
        >
          <Trans>Sign in there again</Trans>
        </Button>
      </div>
    </Panel>
  )
}
