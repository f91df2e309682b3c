import { useLingui } from '@lingui/react/macro'
import { Eye, EyeOff } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { Checkbox } from './checkbox.tsx'
import { Form } from './form.tsx'
import { IconButton } from './icon-button.tsx'
import type { ProblemReply } from './problem.ts'
import { settingsOf, settingValues, type Setting, type SettingsSchema, type SettingValues } from './schema-fields.ts'
import { Select } from './select.tsx'
import { TextArea } from './text-area.tsx'
import { TextField } from './text-field.tsx'

type SchemaFormProps = {
  schema: SettingsSchema
  values?: SettingValues | undefined
  /** Names of secrets that are stored already: their boxes may stay empty, and then they are kept. */
  kept?: string[] | undefined
  problem?: ProblemReply | null | undefined
  busy?: boolean | undefined
  submitLabel: string
  /** Further fields above those of the schema, or buttons beside the last one. */
  before?: ReactNode
  actions?: ReactNode
  onSubmit: (values: SettingValues) => void
}

export function SchemaForm({
  schema,
  values = {},
  kept = [],
  problem,
  busy,
  submitLabel,
  before,
  actions,
  onSubmit,
}: SchemaFormProps) {
  const settings = useMemo(() => settingsOf(schema), [schema])
  return (
    <Form problem={problem} onSubmit={(raw) => onSubmit(settingValues(settings, raw))}>
      {before}
      {settings.map((setting) => (
        <SettingField
          key={setting.name}
          setting={setting}
          value={values[setting.name]}
          kept={kept.includes(setting.name)}
        />
      ))}
      <div className="flex flex-wrap justify-end gap-2">
        {actions}
        <Button type="submit" look="primary" busy={busy}>
          {submitLabel}
        </Button>
      </div>
    </Form>
  )
}

type SettingFieldProps = { setting: Setting; value: SettingValues[string] | undefined; kept: boolean }

function SettingField({ setting, value, kept }: SettingFieldProps) {
  const { t } = useLingui()
  const { name, label, kind, required, choices, schema } = setting
  const start = value ?? (schema.default as SettingFieldProps['value'])
  const common = { name, label, hint: schema.description }
  if (kind === 'boolean') return <Checkbox {...common} defaultChecked={start === true} />
  if (kind === 'choice') {
    const chosen = start === undefined ? null : String(start)
    return (
      <Select
        {...common}
        choices={choices}
        defaultValue={chosen}
        required={required}
        optional={!required}
        placeholder={t`Choose one`}
      />
    )
  }
  if (kind === 'lines') {
    const lines = Array.isArray(start) ? start.join('\n') : ''
    return (
      <TextArea {...common} defaultValue={lines} optional={!required} required={required} rows={2} spellCheck={false} />
    )
  }
  const example = schema.examples?.[0]
  const limits = {
    required: required && !kept,
    minLength: schema.minLength,
    maxLength: schema.maxLength,
    min: schema.minimum,
    max: schema.maximum,
    pattern: schema.pattern,
    placeholder: kept ? t`Stored. Type to replace it.` : example === undefined ? undefined : String(example),
  }
  if (kind === 'secret') return <SecretField {...common} {...limits} optional={!required && !kept} />
  const type = kind === 'integer' || kind === 'number' ? 'number' : kind
  const step = kind === 'number' ? 'any' : undefined
  return (
    <TextField
      {...common}
      {...limits}
      type={type}
      step={step}
      optional={!required}
      defaultValue={start === undefined ? '' : String(start)}
    />
  )
}

/** Hidden while it is typed, shown when asked; browsers are told not to offer a saved password. */
function SecretField(props: Omit<Parameters<typeof TextField>[0], 'type' | 'after'>) {
  const { t } = useLingui()
  const [shown, setShown] = useState(false)
  return (
    <TextField
      {...props}
      type={shown ? 'text' : 'password'}
      autoComplete="new-password"
      spellCheck={false}
      mono={shown}
      after={
        <IconButton
          size="small"
          icon={shown ? EyeOff : Eye}
          label={shown ? t`Hide` : t`Show`}
          onClick={() => setShown(!shown)}
        />
      }
    />
  )
}
