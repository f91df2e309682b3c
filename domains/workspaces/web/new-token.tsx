import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { ComboboxMany } from '../../../web/ui/combobox.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { RadioGroup } from '../../../web/ui/radio-group.tsx'
import { Select } from '../../../web/ui/select.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import type { Permission } from '../contract.ts'
import { tokens as calls } from './calls.ts'
import { ShownOnce } from './copy.tsx'
import { useDeed } from './deed.ts'
import { useMay } from './me.ts'
import { usePermissionWords } from './permission-words.ts'

type Breadth = 'read' | 'admin' | 'some'
const DAY = 86_400_000

export function NewToken({ onClose }: { onClose: () => void }) {
  const { t } = useLingui()
  const [value, setValue] = useState<string | null>(null)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={value === null ? t`Make a token` : t`The token is made`}
    >
      {value === null ? (
        <TokenForm onMade={setValue} onClose={onClose} />
      ) : (
        <div className="flex flex-col gap-4">
          <ShownOnce label={t`Token`} value={value} />
          <div className="flex justify-end">
            <Button look="primary" onClick={onClose}>
              <Trans>I keep it</Trans>
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  )
}

function TokenForm({ onMade, onClose }: { onMade: (value: string) => void; onClose: () => void }) {
  const { t } = useLingui()
  const may = useMay()
  const areas = usePermissionWords()
  const [breadth, setBreadth] = useState<Breadth>('read')
  const [some, setSome] = useState<string[]>([])
  const [days, setDays] = useState('90')
  const make = useDeed(calls.createToken, { stale: [['tokens']], onDone: ({ value }) => onMade(value) })
  const choices = areas.flatMap(({ area, permissions }) =>
    permissions
      .filter(({ name }) => may(name))
      .map(({ name, words }) => ({ value: name as string, label: words, hint: area })),
  )
  return (
    <Form
      problem={make.problem}
      onSubmit={(values) =>
        make.run({
          body: {
            name: String(values['name']),
            scopes: breadth === 'some' ? (some as Permission[]) : [breadth],
            expiresAt: days === 'never' ? null : new Date(Date.now() + Number(days) * DAY).toISOString(),
          },
        })
      }
    >
      <TextField
        name="name"
        label={t`Name`}
        hint={t`What uses it, so that whoever revokes it knows what stops.`}
        placeholder={t`Nightly export`}
        autoFocus
        required
        maxLength={80}
      />
      <RadioGroup
        name="scopes"
        label={t`May do`}
        value={breadth}
        onValueChange={setBreadth}
        choices={[
          { value: 'read', label: t`Read`, hint: t`Everything, and change nothing.` },
          { value: 'some', label: t`Chosen permissions`, hint: t`Only what you name.` },
          { value: 'admin', label: t`All of an admin’s`, hint: t`For your own tools; keep it well.` },
        ]}
      />
      {breadth === 'some' && (
        <ComboboxMany
          label={t`Permissions`}
          choices={choices}
          value={some}
          onValueChange={setSome}
          placeholder={t`Type what it may do`}
        />
      )}
      <Select
        name="expiresAt"
        label={t`Ends`}
        value={days}
        onValueChange={setDays}
        choices={[
          { value: '30', label: t`In 30 days` },
          { value: '90', label: t`In 90 days` },
          { value: '365', label: t`In a year` },
          { value: 'never', label: t`Never` },
        ]}
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" look="primary" busy={make.busy} disabled={breadth === 'some' && some.length === 0}>
          <Trans>Make the token</Trans>
        </Button>
      </div>
    </Form>
  )
}
