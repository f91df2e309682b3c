import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Checkbox } from '../../../web/ui/checkbox.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import { faultOf, type Hours, type ServiceHours } from '../contract.ts'
import { useDeed } from './deed.ts'
import { HoursEditor } from './hours-editor.tsx'
import { TimeZoneField } from './time-zone-field.tsx'

type HoursInput = Pick<ServiceHours, 'name' | 'timeZone' | 'weekly' | 'holidays' | 'isDefault'>
type HoursFormProps = {
  start: Hours & { name: string; isDefault: boolean }
  save: (input: HoursInput) => Promise<ServiceHours>
  onClose: () => void
}

export function HoursForm({ start, save, onClose }: HoursFormProps) {
  const { t } = useLingui()
  const [hours, setHours] = useState<Hours>({
    timeZone: start.timeZone,
    weekly: start.weekly,
    holidays: start.holidays,
  })
  const [isDefault, setDefault] = useState(start.isDefault)
  const deed = useDeed(save, { stale: [['service-hours']], onDone: onClose })
  return (
    <Form
      problem={deed.problem}
      onSubmit={(values) => {
        if (faultOf(hours)) return
        const { timeZone, weekly, holidays } = hours
        deed.run({
          name: String(values['name']),
          timeZone,
          weekly: weekly.map((day) => [...day]),
          holidays: [...holidays],
          isDefault,
        })
      }}
    >
      <div className="grid gap-4 tablet:grid-cols-2">
        <TextField
          name="name"
          label={t`Name`}
          placeholder={t`Phone hours`}
          defaultValue={start.name}
          required
          maxLength={60}
        />
        <TimeZoneField value={hours.timeZone} onValueChange={(timeZone) => setHours({ ...hours, timeZone })} />
      </div>
      <HoursEditor value={hours} onChange={setHours} />
      {!start.isDefault && (
        <Checkbox
          name="isDefault"
          label={t`These are the usual hours`}
          hint={t`They count wherever no others are chosen.`}
          checked={isDefault}
          onCheckedChange={setDefault}
        />
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" look="primary" busy={deed.busy}>
          <Trans>Save the hours</Trans>
        </Button>
      </div>
    </Form>
  )
}
