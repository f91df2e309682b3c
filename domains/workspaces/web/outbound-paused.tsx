import { Trans, useLingui } from '@lingui/react/macro'
import { CirclePause } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Confirm } from '../../../web/ui/confirm.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { workspace as calls } from './calls.ts'
import { useDeed } from './deed.ts'
import { useMay, usePresent } from './me.ts'

/** Says that no answer leaves, why, and lets whoever may end it. Nothing while answers leave. */
export function OutboundPaused() {
  const { t } = useLingui()
  const { outboundPausedReason: reason } = usePresent()
  const canManage = useMay()('workspace.manage')
  const [asking, setAsking] = useState(false)
  const confirm = useDeed(calls.confirmOutbound, {
    stale: [['me'], ['workspace']],
    loud: true,
    onDone: () => notify(t`Answers leave again.`),
  })
  if (reason === null) return null
  return (
    <section
      aria-label={t`Answers are held back`}
      className="flex flex-wrap items-center gap-3 rounded-panel border border-line bg-note px-4 py-3"
    >
      <Icon of={CirclePause} size={20} className="text-waiting" />
      <div className="min-w-48 flex-1">
        <p className="font-medium">
          <Trans>Answers are held back</Trans>
        </p>
        <p>{reason}</p>
      </div>
      {canManage && (
        <Button busy={confirm.busy} onClick={() => setAsking(true)}>
          <Trans>Let answers leave</Trans>
        </Button>
      )}
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t`Let answers leave again?`}
        description={
          <Trans>
            What is held leaves at once. After a restore, look at unsettled answers first: they may have been sent.
          </Trans>
        }
        action={t`Let answers leave`}
        onConfirm={() => confirm.run({})}
      />
    </section>
  )
}
