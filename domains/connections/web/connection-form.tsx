import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState, type ReactNode } from 'react'
import type { ProblemReply } from '../../../web/ui/problem.ts'
import type { SettingsSchema, SettingValues } from '../../../web/ui/schema-fields.ts'
import { SchemaForm } from '../../../web/ui/schema-form.tsx'
import { Select } from '../../../web/ui/select.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import { hoursQuery, teamsQuery } from '../../workspaces/web/index.ts'
import type { Channel, Connection } from '../contract.ts'
import { fieldProblem, formSchema, settingsChange, withConnections } from './form-settings.ts'
import { channelsQuery, connectionsQuery } from './queries.ts'
import { isScriptTag } from './use-install.ts'

export interface ConnectionInput {
  readonly name: string
  readonly settings: Record<string, unknown>
  readonly teamId: string | null
  readonly serviceHoursId: string | null
}

type ConnectionFormProps = {
  channel: Channel
  /** What is changed; without it one is made. */
  connection?: Connection
  startName?: string
  /** What was guessed of a connection that is being made. */
  startSettings?: SettingValues
  problem: ProblemReply | null
  busy: boolean
  submitLabel: string
  actions?: ReactNode
  onSubmit: (input: ConnectionInput) => void
}

const NONE = 'none'

export function ConnectionForm({
  channel,
  connection,
  startName = '',
  startSettings,
  problem,
  actions,
  ...rest
}: ConnectionFormProps) {
  const { t } = useLingui()
  const { onSubmit, busy, submitLabel } = rest
  const { data: teams = [] } = useQuery(teamsQuery)
  const { data: hours = [] } = useQuery(hoursQuery)
  const [name, setName] = useState(connection?.name ?? startName)
  const [teamId, setTeamId] = useState(connection?.teamId ?? NONE)
  const [hoursId, setHoursId] = useState(connection?.serviceHoursId ?? NONE)
  const full = channel.settings as unknown as SettingsSchema
  const fresh = connection === undefined
  const nameable = useNameable()
  const waitsHere = t`None: answers wait here`
  const before = connection?.settings
  const schema = useMemo(
    () => withConnections(formSchema(full, fresh), nameable, waitsHere, before),
    [full, fresh, nameable, waitsHere, before],
  )
  const shown = useMemo(() => problem && fieldProblem(problem), [problem])
  const orNull = (value: string) => (value === NONE ? null : value)
  return (
    <SchemaForm
      schema={schema}
      values={startSettings ?? ((connection?.settings ?? {}) as SettingValues)}
      kept={connection?.secretFields ?? []}
      problem={shown}
      busy={busy}
      submitLabel={submitLabel}
      actions={actions}
      onSubmit={(values) =>
        onSubmit({
          name: name.trim(),
          settings: settingsChange(schema, values, connection?.settings),
          teamId: orNull(teamId),
          serviceHoursId: orNull(hoursId),
        })
      }
      before={
        <>
          <TextField
            name="name"
            label={t`Name`}
            hint={isScriptTag(channel) ? t`Visitors see it at the top of the chat.` : t`As your team will know it.`}
            value={name}
            onValueChange={setName}
            required
            maxLength={80}
          />
          {teams.length > 0 && (
            <Select
              name="teamId"
              label={t`Team`}
              hint={t`Conversations of this connection begin there.`}
              value={teamId}
              onValueChange={setTeamId}
              choices={[
                { value: NONE, label: t`No team` },
                ...teams.map(({ id, name: label }) => ({ value: id, label })),
              ]}
            />
          )}
          {hours.length > 1 && (
            <Select
              name="serviceHoursId"
              label={t`Service hours`}
              value={hoursId}
              onValueChange={setHoursId}
              choices={[
                { value: NONE, label: t`The usual ones` },
                ...hours.filter(({ isDefault }) => !isDefault).map(({ id, name: label }) => ({ value: id, label })),
              ]}
            />
          )}
        </>
      }
    />
  )
}

const noChannels: readonly Channel[] = []
const noConnections: readonly Connection[] = []

/** Connections that a setting of another one may name. */
function useNameable() {
  const { data: channels = noChannels } = useQuery(channelsQuery)
  const { data: connections = noConnections } = useQuery(connectionsQuery)
  return useMemo(() => {
    const abilities = new Map(channels.map(({ id, capabilities }) => [id, capabilities]))
    return connections
      .filter(({ state }) => state !== 'removed')
      .map(({ id, name, channel }) => ({ id, name, capabilities: abilities.get(channel) ?? {} }))
  }, [channels, connections])
}
