import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { TextArea } from '../../../web/ui/text-area.tsx'
import { useDeed } from '../../workspaces/web/index.ts'
import type { PolicyVersion, PriorityPolicy } from '../contract.ts'
import { policies } from './calls.ts'

type PublishDialogProps = {
  policy: PriorityPolicy
  version: number
  onClose: () => void
  onPublished: (made: PolicyVersion) => void
}

export function PublishDialog({ policy, version, onClose, onPublished }: PublishDialogProps) {
  const { t } = useLingui()
  const [note, setNote] = useState('')
  const publish = useDeed(policies.publishPolicy, {
    stale: [['policy'], ['policies'], ['priority'], ['conversations']],
    onDone: onPublished,
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t`Publish the policy`}
      description={<Trans>It is used at once, for open conversations too, and stands on the public page.</Trans>}
    >
      <Form problem={publish.problem} onSubmit={() => publish.run({ body: { policy, note: note.trim(), version } })}>
        <TextArea
          name="note"
          label={t`What changed, and why`}
          hint={t`Everybody reads it at the end of the public page.`}
          rows={3}
          maxLength={500}
          required
          autoFocus
          value={note}
          onValueChange={setNote}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" look="primary" busy={publish.busy}>
            <Trans>Publish it</Trans>
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
