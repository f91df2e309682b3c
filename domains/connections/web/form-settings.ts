// Between a form and the settings of a connection. Pure.
import type { ProblemReply } from '../../../web/ui/problem.ts'
import type { SettingsSchema, SettingValues } from '../../../web/ui/schema-fields.ts'

/**
 * Secrets that Rapport makes are never typed where the channel says which those are (`readOnly`). Where it does not, none that
 * may be left out is asked for while connecting, except where a choice in the form calls for it (`when`).
 */
export function formSchema(schema: SettingsSchema, fresh: boolean): SettingsSchema {
  const told = Object.values(schema.properties).some(({ readOnly }) => readOnly)
  if (!fresh && !told) return schema
  const asked = Object.entries(schema.properties).filter(([name, { format, readOnly, when }]) =>
    told ? !readOnly : format !== 'password' || when !== undefined || schema.required?.includes(name),
  )
  return { ...schema, properties: Object.fromEntries(asked) }
}

export interface Nameable {
  readonly id: string
  readonly name: string
  readonly capabilities: Readonly<Record<string, unknown>>
}

/** Settings that name another connection offer those that can do it, and `none`; where there is none, they are not asked. */
export function withConnections(
  schema: SettingsSchema,
  all: readonly Nameable[],
  none: string,
  values: Readonly<Record<string, unknown>> = {},
): SettingsSchema {
  const offered = new Map(
    Object.entries(schema.properties).flatMap(([name, { connectionThat: ability }]) =>
      ability === undefined ? [] : [[name, all.filter(({ capabilities }) => capabilities[ability] === true)] as const],
    ),
  )
  const isAsked = (name: string) => !offered.has(name) || offered.get(name)!.length > 0 || name in values
  const properties = Object.entries(schema.properties)
    .filter(([name, { needs }]) => isAsked(name) && (needs === undefined || isAsked(needs)))
    .map(([name, setting]) => {
      const choices = offered.get(name)?.map(({ id, name: title }) => ({ const: id, title }))
      return [name, choices ? { ...setting, default: '', anyOf: [{ const: '', title: none }, ...choices] } : setting]
    })
  return { ...schema, properties: Object.fromEntries(properties) }
}

/** What is sent: a box that was emptied takes its setting away (null), a secret that was not typed stays. */
export function settingsChange(
  schema: SettingsSchema,
  values: SettingValues,
  before: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const emptied = Object.keys(schema.properties).filter((name) => name in before && !(name in values))
  return { ...values, ...Object.fromEntries(emptied.map((name) => [name, null])) }
}

/** The server names `settings.origins.0`; the form has one box for all of them. */
export function fieldProblem(problem: ProblemReply): ProblemReply {
  const fields = problem.fields?.map(({ path, message }) => ({
    path: path.replace(/^(settings\.[^.]+)\.\d+$/, '$1'),
    message,
  }))
  return { ...problem, fields }
}
