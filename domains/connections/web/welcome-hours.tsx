import { Trans } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { FormErrors } from '../../../web/ui/form.tsx'
import type { ServiceHours } from '#workspaces/contract'
import { HoursEditor, hoursQuery, QueryPart, saveHours, useDeed } from '../../workspaces/web/index.ts'

export function WelcomeHours({ onDone }: { onDone: () => void }) {
  const query = useQuery(hoursQuery)
  return (
    <QueryPart query={query}>
      {(all) => {
        const usual = all.find(({ isDefault }) => isDefault) ?? all[0]
        return usual ? <UsualHours hours={usual} onDone={onDone} /> : <Leave onDone={onDone} />
      }}
    </QueryPart>
  )
}

function UsualHours({ hours, onDone }: { hours: ServiceHours; onDone: () => void }) {
  const [value, setValue] = useState({ timeZone: hours.timeZone, weekly: hours.weekly, holidays: hours.holidays })
  const save = useDeed(saveHours, { stale: [['service-hours']], onDone })
  return (
    <div className="flex flex-col gap-4">
      <FormErrors messages={save.problem ? [save.problem.message] : []} />
      <HoursEditor
        brief
        value={value}
        onChange={({ weekly }) => setValue({ ...value, weekly: weekly.map((day) => [...day]) })}
      />
      <div className="flex flex-wrap gap-2">
        <Button
          look="primary"
          busy={save.busy}
          onClick={() => save.run({ params: { id: hours.id }, body: { weekly: value.weekly } })}
        >
          <Trans>Save and go to the desk</Trans>
        </Button>
      </div>
    </div>
  )
}

function Leave({ onDone }: { onDone: () => void }) {
  return (
    <Button look="primary" onClick={onDone}>
      <Trans>Go to the desk</Trans>
    </Button>
  )
}
