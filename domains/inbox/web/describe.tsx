// A picture that is about to leave, described for those who do not see it.
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { problemOf } from '../../../platform/browser/api.ts'
import { Button } from '../../../web/ui/button.tsx'
import { Confirm } from '../../../web/ui/confirm.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { stored, useStored } from '../../../web/ui/stored.ts'
import { Switch } from '../../../web/ui/switch.tsx'
import { TextArea } from '../../../web/ui/text-area.tsx'
import type { Attachment } from '../contract.ts'
import { networksApi } from './api.ts'
import { PopoverForm } from './popover-form.tsx'

/** Whether this person wants to be asked before pictures leave without a description. */
export const asksForAlt = stored('inbox.asks-for-descriptions', (found) => found !== false)

type DescribeProps = { attachment: Attachment; onDescribed: (attachment: Attachment) => void }

export function Describe({ attachment, onDescribed }: DescribeProps) {
  const { t } = useLingui()
  const [open, setOpen] = useState(false)
  const [alt, setAlt] = useState(attachment.alt ?? '')
  const [asks, setAsks] = useStored(asksForAlt)
  const { id, name } = attachment
  const save = async () => {
    try {
      await networksApi.describeAttachment({ params: { id }, body: { alt: alt.trim() || null } })
      onDescribed({ ...attachment, alt: alt.trim() || null })
      setOpen(false)
    } catch (error) {
      notify(problemOf(error).message, { tone: 'danger' })
    }
  }
  return (
    <PopoverForm
      open={open}
      onOpenChange={setOpen}
      align="start"
      title={t`What does ${name} show?`}
      trigger={
        <Button size="small" look="plain" className={attachment.alt ? undefined : 'text-waiting'}>
          {attachment.alt ? <Trans>Described</Trans> : <Trans>Describe it</Trans>}
        </Button>
      }
      onSubmit={() => void save()}
    >
      <TextArea
        label={t`Description`}
        hint={t`Read out to people who do not see the picture.`}
        value={alt}
        onValueChange={setAlt}
        maxLength={1500}
      />
      <Switch label={t`Ask me when a picture has none`} checked={asks} onCheckedChange={setAsks} />
      <Button type="submit" look="primary">
        <Trans>Keep the description</Trans>
      </Button>
    </PopoverForm>
  )
}

/** Asked before pictures leave without words. */
export function ConfirmUndescribed({ onConfirm, onClose }: { onConfirm: () => void; onClose: () => void }) {
  const { t } = useLingui()
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={t`A picture has no description`}
      description={
        <Trans>People who can’t see it will not know what it shows. Cancel to write a description first.</Trans>
      }
      action={t`Send it so`}
      onConfirm={onConfirm}
    />
  )
}

/** Pictures among the files that nothing is said about. */
export const undescribed = (attachments: readonly Attachment[]): readonly Attachment[] =>
  attachments.filter(({ kind, alt }) => kind === 'image' && !alt)
