import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '../../../web/ui/button.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import { useDeed } from '../../workspaces/web/index.ts'
import { connections } from './calls.ts'

/** Letting something rest is a decision on record, so it wants its reason. */
export function DismissDelivery({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useLingui()
  const dismiss = useDeed((reason: string) => connections.dismissQuarantine({ body: { ids: [id], reason } }), {
    stale: [['quarantine'], ['connections'], ['connection']],
    onDone: onClose,
  })
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t`Let this delivery rest?`}>
      <Form problem={dismiss.problem} onSubmit={(values) => dismiss.run(String(values['reason']).trim())}>
        <p className="text-muted">
          <Trans>It leaves this list and is not tried again. The reason goes into the audit log.</Trans>
        </p>
        <TextField
          name="reason"
          label={t`Reason`}
          placeholder={t`A test of the new form`}
          autoFocus
          required
          minLength={3}
          maxLength={300}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" look="primary" busy={dismiss.busy}>
            <Trans>Let it rest</Trans>
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
