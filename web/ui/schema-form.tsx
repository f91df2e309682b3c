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
  /** Settings that stand together under a title, folded until one of them is set. Left out: all in a row. */
  groups?: readonly { readonly title: string; readonly names: readonly string[] }[] | undefined
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
  groups,
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
      {(groups ?? [{ title: '', names: settings.map(({ name }) => name) }]).map(({ title, names }) => {
        const fields = names.flatMap((name) => {
          const setting = settings.find((one) => one.name === name)
          return setting
            ? [<SettingField key={name} setting={setting} value={values[name]} kept={kept.includes(name)} />]
            : []
        })
        if (title === '') return fields
        // A field that the browser or the server refuses must be seen, so such a group is drawn open.
        const refused = problem?.fields?.some(({ path }) => names.some((name) => path.includes(name)))
        const open = refused || names.some((name) => name in values || kept.includes(name))
        return (
          <details
            key={`${title} ${String(open)}`}
            open={open}
            className="rounded-control border border-line px-3 py-2"
          >
            <summary className="min-h-6 font-medium">{title}</summary>
            <div className="flex flex-col gap-4 pt-3 pb-1">{fields}</div>
          </details>
        )
      })}
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
