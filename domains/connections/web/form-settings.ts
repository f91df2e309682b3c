// Between a form and the settings of a connection. Pure.
import type { ProblemReply } from '../../../web/ui/problem.ts'
import type { SettingsSchema, SettingValues } from '../../../web/ui/schema-fields.ts'

/**
 * Secrets that Rapport makes are never typed where the channel says which those are (`readOnly`). Where it does not, none that
 * may be left out is asked for while connecting.
 */
export function formSchema(schema: SettingsSchema, fresh: boolean): SettingsSchema {
  const told = Object.values(schema.properties).some(({ readOnly }) => readOnly)
  if (!fresh && !told) return schema
  const asked = Object.entries(schema.properties).filter(([name, { format, readOnly }]) =>
    told ? !readOnly : format !== 'password' || schema.required?.includes(name),
  )
  return { ...schema, properties: Object.fromEntries(asked) }
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
