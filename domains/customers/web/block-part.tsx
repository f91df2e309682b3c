import { Trans, useLingui } from '@lingui/react/macro'
import { Ban } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../../platform/browser/session.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import type { Customer } from '../contract.ts'
import { PanelPart } from './panel-part.tsx'
import { customersApi } from './queries.ts'
import { useCustomerChange } from './use-customer-change.ts'

/** Whether what they write reaches the desk, and why not. */
export function BlockPart({ customer: { id, name, blocked, blockedReason } }: { customer: Customer }) {
  const { t } = useLingui()
  const may = useMay()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const { change, busy } = useCustomerChange(id)
  const who = name ?? t`this person`
  if (!may('customers.block') && !blocked) return null
  if (blocked) {
    return (
      <PanelPart title={t`Blocked`}>
        <p className="text-pretty text-muted">
          <Trans>What they write is kept and reaches nobody.</Trans> {blockedReason}
        </p>
        {may('customers.block') && (
          <Button
            size="small"
            className="self-start"
            busy={busy}
            onClick={() => void change(() => customersApi.unblockCustomer({ params: { id } }))}
          >
            <Trans>Let them through again</Trans>
          </Button>
        )}
      </PanelPart>
    )
  }
  const block = async () => {
    if (await change(() => customersApi.blockCustomer({ params: { id }, body: { reason: reason.trim() } }))) {
      setOpen(false)
      setReason('')
    }
  }
  return (
    <section className="border-t border-line px-4 py-3">
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={t`Block ${who}?`}
        description={t`What they write is kept and reaches nobody, until somebody lets them through again.`}
        trigger={
          <Button look="plain" size="small" icon={Ban} className="text-muted">
            <Trans>Block</Trans>
          </Button>
        }
        actions={
          <Button look="danger" busy={busy} disabled={reason.trim().length < 3} onClick={() => void block()}>
            <Trans>Block</Trans>
          </Button>
        }
      >
        <TextField
          label={t`Why`}
          hint={t`Stays on record with your name.`}
          value={reason}
          onValueChange={setReason}
          maxLength={500}
        />
      </Dialog>
    </section>
  )
}
