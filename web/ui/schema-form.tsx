import { useLingui } from '@lingui/react/macro'
import { ChevronRight, Eye, EyeOff } from 'lucide-react'
import { useMemo, useRef, useState, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { Checkbox } from './checkbox.tsx'
import { cx } from './cx.ts'
import { Form } from './form.tsx'
import { Icon } from './icon.tsx'
import { IconButton } from './icon-button.tsx'
import type { ProblemReply } from './problem.ts'
import {
  decidingSettings,
  isAsked,
  settingGroups,
  settingsOf,
  settingValues,
  type Setting,
  type SettingGroup,
  type SettingsSchema,
  type SettingValues,
} from './schema-fields.ts'
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

/** Draws a schema: grouped as it says, and only what is asked for by what was chosen so far. */
export function SchemaForm({
  schema,
  values = NOTHING,
  kept = [],
  problem,
  before,
  actions,
  ...rest
}: SchemaFormProps) {
  const { busy, submitLabel, onSubmit } = rest
  const settings = useMemo(() => settingsOf(schema), [schema])
  const deciding = useMemo(() => decidingSettings(settings), [settings])
  const [start, setStart] = useState(values)
  const form = useRef<HTMLDivElement>(null)
  const asked = settings.filter((setting) => isAsked(setting, settings, start))
  /** What was typed stays, also where it is not asked for at the moment. */
  const decide = (name: string, value: string | boolean) => {
    const typed = new FormData(form.current?.closest('form') ?? undefined)
    const now = Object.fromEntries(asked.map((setting) => [setting.name, typed.get(setting.name) ?? undefined]))
    setStart({ ...start, ...settingValues(asked, now), [name]: value })
  }
  const submit = (raw: Record<string, unknown>) => {
    const aside = settings.filter((one) => !asked.includes(one) && one.kind !== 'secret' && one.name in start)
    onSubmit({ ...Object.fromEntries(aside.map(({ name }) => [name, start[name]!])), ...settingValues(asked, raw) })
  }
  return (
    <Form problem={problem} onSubmit={submit}>
      {before}
      <div ref={form} className="contents">
        {settingGroups(asked).map((group) => (
          <Group
            key={group.title}
            group={group}
            // A field that the browser or the server refuses must be seen, so such a group is drawn open.
            refused={problem?.fields?.some(({ path }) => group.names.some((name) => path.includes(name))) ?? false}
          >
            {asked
              .filter(({ name }) => group.names.includes(name))
              .map((setting) => (
                <SettingField
                  key={setting.name}
                  setting={setting}
                  value={start[setting.name]}
                  kept={kept.includes(setting.name)}
                  onDecide={deciding.has(setting.name) ? (value) => decide(setting.name, value) : undefined}
                />
              ))}
          </Group>
        ))}
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        {actions}
        <Button type="submit" look="primary" busy={busy}>
          {submitLabel}
        </Button>
      </div>
    </Form>
  )
}

const NOTHING: SettingValues = {}

type GroupProps = { group: SettingGroup; refused: boolean; children: ReactNode }

/** Small fields stand in pairs where there is room. */
const grid = 'grid gap-4 tablet:grid-cols-2'

function Group({ group: { title, folded }, refused, children }: GroupProps) {
  if (title === '') return children
  if (folded)
    return (
      <details key={String(refused)} open={refused} className="group/fold rounded-control border border-line">
        <summary className="flex min-h-control cursor-default list-none items-center gap-2 rounded-control px-3 font-medium hover:bg-hover">
          <Icon of={ChevronRight} directional className="text-muted transition-transform group-open/fold:rotate-90" />
          {title}
        </summary>
        <div className={cx(grid, 'px-3 pt-2 pb-3')}>{children}</div>
      </details>
    )
  return (
    <fieldset className="flex flex-col gap-3 border-t border-line pt-4">
      <legend className="sr-only">{title}</legend>
      <p aria-hidden className="font-medium">
        {title}
      </p>
      <div className={grid}>{children}</div>
    </fieldset>
  )
}

type SettingFieldProps = {
  setting: Setting
  value: SettingValues[string] | undefined
  kept: boolean
  onDecide?: ((value: string | boolean) => void) | undefined
}

function SettingField({ setting, value, kept, onDecide }: SettingFieldProps) {
  const { t } = useLingui()
  const { name, label, kind, required, choices, schema } = setting
  // Where fields are grouped, most may be left out, and the word would stand at each of them.
  const optional = !required && !schema.group
  // Where it begins; from then on its own control holds what it is.
  const [start] = useState(value ?? (schema.default as SettingFieldProps['value']))
  const common = {
    name,
    label,
    hint: schema.description,
    className: isSmall(setting) ? undefined : 'tablet:col-span-2',
  }
  if (kind === 'boolean') return <Checkbox {...common} defaultChecked={start === true} onCheckedChange={onDecide} />
  if (kind === 'choice') {
    const chosen = start === undefined ? null : String(start)
    return (
      <Select
        {...common}
        choices={choices}
        defaultValue={chosen}
        onValueChange={onDecide}
        required={required}
        optional={optional && schema.default === undefined}
        placeholder={t`Choose one`}
      />
    )
  }
  if (kind === 'lines') {
    const lines = Array.isArray(start) ? start.join('\n') : ''
    return (
      <TextArea {...common} defaultValue={lines} optional={optional} required={required} rows={2} spellCheck={false} />
    )
  }
  if (kind === 'paragraph')
    return (
      <TextArea
        {...common}
        defaultValue={start === undefined ? '' : String(start)}
        optional={optional}
        required={required}
        maxLength={schema.maxLength}
        rows={3}
      />
    )
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
  if (kind === 'secret')
    return (
      <SecretField
        {...common}
        {...limits}
        optional={optional && !kept}
        defaultValue={start === undefined ? '' : String(start)}
      />
    )
  const type = kind === 'integer' || kind === 'number' ? 'number' : kind
  const step = kind === 'number' ? 'any' : undefined
  return (
    <TextField
      {...common}
      {...limits}
      type={type}
      step={step}
      optional={optional}
      defaultValue={start === undefined ? '' : String(start)}
    />
  )
}

/** A number, or a choice of few short words, in a group that draws fields in pairs. */
function isSmall({ kind, schema, choices }: Setting): boolean {
  if (!schema.group) return false
  return (
    kind === 'integer' || kind === 'number' || (kind === 'choice' && choices.every(({ label }) => label.length < 24))
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
