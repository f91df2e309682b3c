import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Clock, Plus } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../../../web/ui/badge.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { Confirm } from '../../../web/ui/confirm.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { Panel } from '../../../web/ui/panel.tsx'
import { officeHours, type ServiceHours } from '../contract.ts'
import { hours as calls } from './calls.ts'
import { useDeed } from './deed.ts'
import { HoursStanding } from './hours-editor.tsx'
import { HoursForm } from './hours-form.tsx'
import { useMay, usePresent } from './me.ts'
import { Page } from './page.tsx'
import { hoursQuery } from './queries.ts'
import { QueryPart } from './query-part.tsx'
import { SettingsNav } from './settings-nav.tsx'

export function HoursScreen() {
  const { t } = useLingui()
  const canManage = useMay()('hours.manage')
  const { timeZone } = usePresent()
  const query = useQuery(hoursQuery)
  const [editing, setEditing] = useState<string | null>(null)
  const add = (
    <Button icon={Plus} onClick={() => setEditing('new')}>
      <Trans>More hours</Trans>
    </Button>
  )
  return (
    <Page
      title={t`Service hours`}
      lead={
        <Trans>When somebody answers. Visitors of the chat see it, and connections can have hours of their own.</Trans>
      }
      nav={<SettingsNav />}
      actions={canManage && editing !== 'new' && add}
    >
      {editing === 'new' && (
        <Panel title={t`More hours`}>
          <HoursForm
            start={{ ...officeHours(timeZone), name: '', isDefault: false }}
            save={(body) => calls.createServiceHours({ body })}
            onClose={() => setEditing(null)}
          />
        </Panel>
      )}
      <QueryPart query={query}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={Clock} title={t`No hours are set`} action={canManage && add}>
              <Trans>Without hours, nobody is told when to expect an answer.</Trans>
            </EmptyState>
          ) : (
            all.map((one) => (
              <HoursPanel
                key={one.id}
                hours={one}
                canManage={canManage}
                editing={editing === one.id}
                onEdit={(on) => setEditing(on ? one.id : null)}
              />
            ))
          )
        }
      </QueryPart>
    </Page>
  )
}

type HoursPanelProps = { hours: ServiceHours; canManage: boolean; editing: boolean; onEdit: (on: boolean) => void }

function HoursPanel({ hours, canManage, editing, onEdit }: HoursPanelProps) {
  const { t } = useLingui()
  const [asking, setAsking] = useState(false)
  const { id, name, timeZone, isDefault } = hours
  const remove = useDeed(calls.removeServiceHours, {
    stale: [['service-hours']],
    loud: true,
    onDone: () => notify(t`“${name}” was removed.`),
  })
  return (
    <Panel
      title={name}
      actions={
        <>
          {isDefault && (
            <Badge tone="open">
              <Trans>The usual ones</Trans>
            </Badge>
          )}
          {canManage && !editing && (
            <Button size="small" onClick={() => onEdit(true)} aria-label={t`Change ${name}`}>
              <Trans>Change</Trans>
            </Button>
          )}
          {canManage && !isDefault && !editing && (
            <Button size="small" look="plain" onClick={() => setAsking(true)} aria-label={t`Remove ${name}`}>
              <Trans>Remove</Trans>
            </Button>
          )}
        </>
      }
    >
      {editing ? (
        <HoursForm
          start={hours}
          save={(body) => calls.changeServiceHours({ params: { id }, body })}
          onClose={() => onEdit(false)}
        />
      ) : (
        <div className="flex flex-wrap items-center justify-between gap-2">
          <HoursStanding hours={hours} />
          <p className="text-muted">{timeZone.replaceAll('_', ' ')}</p>
        </div>
      )}
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t`Remove “${name}”?`}
        description={<Trans>Connections that have them go by the usual hours from then on.</Trans>}
        action={t`Remove`}
        danger
        onConfirm={() => remove.run({ params: { id } })}
      />
    </Panel>
  )
}
