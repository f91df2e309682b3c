// What a form can draw from: a JSON Schema whose properties are flat. The same schema is checked by the server.

export type SettingSchema = {
  type?: 'string' | 'integer' | 'number' | 'boolean' | 'array'
  /** Of an array: texts, written one a line. */
  items?: { type?: string; maxLength?: number; pattern?: string }
  maxItems?: number
  title?: string
  description?: string
  format?: string
  /** Made by the program. */
  readOnly?: boolean
  enum?: readonly string[]
  /** How TypeBox writes a union of literals. */
  anyOf?: readonly { const?: string; title?: string }[]
  default?: unknown
  examples?: readonly unknown[]
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  pattern?: string
  /** Names another connection, whose channel has this capability. */
  connectionThat?: string
  /** Means nothing without that other setting. */
  needs?: string
  /** The title under which it stands with others. */
  group?: string
  /** A text of several lines. */
  multiline?: boolean
  /** Of a group: most people never need it, so it starts folded. One such setting folds its group. */
  advanced?: boolean
  /** Asked for only while other settings hold one of these values. */
  when?: Readonly<Record<string, SettingChoice | readonly SettingChoice[]>>
}
type SettingChoice = string | boolean
export type SettingsSchema = { type: 'object'; properties: Record<string, SettingSchema>; required?: readonly string[] }
export type SettingKind =
  | 'text'
  | 'paragraph'
  | 'secret'
  | 'url'
  | 'email'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'choice'
  | 'lines'
export type Setting = {
  name: string
  label: string
  kind: SettingKind
  required: boolean
  choices: { value: string; label: string }[]
  schema: SettingSchema
}
export type SettingValues = Record<string, string | number | boolean | string[]>

/** The fields in the schema's order. A shape that has no field here is an error of whoever wrote the schema. */
export function settingsOf(schema: SettingsSchema): Setting[] {
  return Object.entries(schema.properties).map(([name, setting]) => {
    const choices = choicesOf(setting)
    const required = schema.required?.includes(name) ?? false
    return {
      name,
      label: setting.title ?? wordsOf(name),
      kind: kindOf(name, setting, choices),
      required,
      choices,
      schema: setting,
    }
  })
}

export interface SettingGroup {
  /** Empty: what stands for itself. */
  readonly title: string
  readonly names: readonly string[]
  readonly folded: boolean
}

/** In the schema's order; what stands for itself comes first, what is folded last. */
export function settingGroups(settings: readonly Setting[]): SettingGroup[] {
  const groups = Map.groupBy(settings, ({ schema }) => schema.group ?? '')
  return [...groups]
    .map(([title, members]) => ({
      title,
      names: members.map(({ name }) => name),
      folded: members.some(({ schema }) => schema.advanced === true),
    }))
    .toSorted((a, b) => rankOf(a) - rankOf(b))
}

const rankOf = ({ title, folded }: SettingGroup): number => (title === '' ? 0 : folded ? 2 : 1)

/** The settings on which others hang, so that a form can follow them. */
export function decidingSettings(settings: readonly Setting[]): Set<string> {
  return new Set(settings.flatMap(({ schema }) => Object.keys(schema.when ?? {})))
}

/** Whether it is asked for. A setting that nobody chose has its default, and a box nobody ticked is false. */
export function isAsked({ schema }: Setting, settings: readonly Setting[], values: SettingValues): boolean {
  return Object.entries(schema.when ?? {}).every(([name, wanted]) => {
    const decides = settings.find((one) => one.name === name)
    const value = values[name] ?? decides?.schema.default ?? (decides?.kind === 'boolean' ? false : undefined)
    return [wanted].flat().includes(value as SettingChoice)
  })
}

function kindOf(
  name: string,
  { type, format, items, multiline }: SettingSchema,
  choices: Setting['choices'],
): SettingKind {
  if (choices.length > 0) return 'choice'
  if (type === 'boolean' || type === 'integer' || type === 'number') return type
  if (type === 'array' && items?.type === 'string') return 'lines'
  if (type !== 'string') throw new Error(`setting ${name}: a form can't draw type ${String(type)}`)
  if (multiline) return 'paragraph'
  return format === 'password'
    ? 'secret'
    : format === 'uri' || format === 'url'
      ? 'url'
      : format === 'email' // a form of address, not a channel
        ? 'email'
        : 'text'
}

function choicesOf({ enum: values, anyOf }: SettingSchema): Setting['choices'] {
  if (values) return values.map((value) => ({ value, label: wordsOf(value) }))
  return (anyOf ?? []).flatMap(({ const: value, title }) =>
    value === undefined ? [] : [{ value, label: title ?? wordsOf(value) }],
  )
}

/** `pollEverySeconds` and `poll_every_seconds` become “Poll every seconds”. */
function wordsOf(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/**
 * What the form hands over, from what its controls hold. An empty box is a missing key, except that a secret that is
 * kept is also missing: the server leaves the stored one alone.
 */
export function settingValues(settings: Setting[], raw: Record<string, unknown>): SettingValues {
  const values: SettingValues = {}
  for (const { name, kind } of settings) {
    const value = raw[name]
    if (kind === 'boolean') values[name] = value === true || value === 'on'
    else if (kind === 'lines') values[name] = linesOf(value)
    else if (value === undefined || value === null || String(value).trim() === '') continue
    else if (kind === 'integer' || kind === 'number') values[name] = Number(value)
    else values[name] = kind === 'secret' ? String(value) : String(value).trim()
  }
  return values
}

function linesOf(value: unknown): string[] {
  return String(value ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
