import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { FormErrors } from '../../../web/ui/form.tsx'
import type { Member } from '../contract.ts'
import { resets } from './calls.ts'
import { CopyBlock } from './copy.tsx'
import { useDeed } from './deed.ts'

/** Helps a member who forgot their password: by mail, or with a link to hand on where there is no mail. */
export function ResetLink({ member: { id, name, email }, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useLingui()
  const [made, setMade] = useState<{ link: string | null } | null>(null)
  const make = useDeed(resets.makeResetLink, { stale: [['audit']], onDone: setMade })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t`New password for ${name}`}
      actions={
        made ? (
          <Button look="primary" onClick={onClose}>
            <Trans>Done</Trans>
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button look="primary" busy={make.busy} onClick={() => make.run({ params: { id } })}>
              <Trans>Make a reset link</Trans>
            </Button>
          </>
        )
      }
    >
      {made === null ? (
        <>
          <p className="text-pretty">
            <Trans>
              With the link {name} sets a new password. It works once, for an hour, and signs them out everywhere; a
              second factor stays. That you made it stands in the audit log.
            </Trans>
          </p>
          <FormErrors messages={make.problem ? [make.problem.message] : []} />
        </>
      ) : made.link === null ? (
        <p className="text-pretty" role="status">
          <Trans>The link is on its way to {email}. It works once, for an hour.</Trans>
        </p>
      ) : (
        <CopyBlock
          label={t`Reset link for ${name}`}
          text={made.link}
          hint={
            <Trans>
              Shown this once. Whoever has it can set the password: give it to {name} alone, where you know that it is
              them.
            </Trans>
          }
        />
      )}
    </Dialog>
  )
}
