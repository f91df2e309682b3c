import { Trans, useLingui } from '@lingui/react/macro'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../../platform/browser/session.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { Popover } from '../../../web/ui/popover.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import type { Customer } from '../contract.ts'
import { PanelPart } from './panel-part.tsx'
import { customersApi } from './queries.ts'
import { useCustomerChange } from './use-customer-change.ts'

/** Facts about them, given by themselves or entered by the desk. */
export function Attributes({ customer }: { customer: Customer }) {
  const { t } = useLingui()
  const may = useMay()
  const { change } = useCustomerChange(customer.id)
  const facts = Object.entries(customer.attributes)
  const edits = may('customers.edit')
  if (facts.length === 0 && !edits) return null
  const remove = (name: string) =>
    void change(() =>
      customersApi.changeCustomer({ params: { id: customer.id }, body: { attributes: { [name]: null } } }),
    )
  return (
    <PanelPart title={t`Facts`} action={edits && <AddFact id={customer.id} />}>
      {facts.length > 0 && (
        <dl className="grid grid-cols-[fit-content(--spacing(24))_minmax(0,1fr)] gap-x-3 gap-y-1.5">
          {facts.map(([name, value]) => (
            <div key={name} className="group col-span-2 grid min-h-6 grid-cols-subgrid items-baseline">
              <dt className="truncate text-muted">{name}</dt>
              <dd className="flex min-w-0 items-baseline gap-1">
                <span dir="auto" className="min-w-0 flex-1 break-words">
                  {String(value)}
                </span>
                {edits && (
                  <IconButton
                    icon={X}
                    size="small"
                    label={t`Remove ${name}`}
                    className="-my-1 self-start opacity-0 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
                    onClick={() => remove(name)}
                  />
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </PanelPart>
  )
}

function AddFact({ id }: { id: string }) {
  const { t } = useLingui()
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const [value, setValue] = useState('')
  const { change, busy } = useCustomerChange(id)
  const add = async () => {
    const taken = await change(() =>
      customersApi.changeCustomer({ params: { id }, body: { attributes: { [name.trim()]: value.trim() } } }),
    )
    if (!taken) return
    setOpen(false)
    setName('')
    setValue('')
  }
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      align="end"
      title={t`Add a fact`}
      trigger={<IconButton icon={Plus} size="small" label={t`Add a fact`} />}
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void add()
        }}
      >
        <TextField label={t`Name`} value={name} onValueChange={setName} maxLength={64} required />
        <TextField label={t`Value`} value={value} onValueChange={setValue} maxLength={2000} required />
        <Button type="submit" look="primary" busy={busy}>
          <Trans>Add</Trans>
        </Button>
      </form>
    </Popover>
  )
}
