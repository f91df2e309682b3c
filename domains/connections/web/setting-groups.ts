// Many settings, put together as their titles say: “IMAP server”, “IMAP port” belong together. Pure.
import { settingsOf, type SettingsSchema } from '../../../web/ui/schema-fields.ts'

export interface SettingGroup {
  /** Empty: what stands for itself. */
  readonly title: string
  readonly names: readonly string[]
}

const TOGETHER = 3

/** In the schema's order; those that share the first word of their titles with two others are a group of that name. */
export function settingGroups(schema: SettingsSchema): SettingGroup[] {
  const settings = settingsOf(schema)
  const wordOf = (label: string) => label.split(' ')[0]!
  const counted = Map.groupBy(settings, ({ label }) => wordOf(label))
  const groups = new Map<string, string[]>([['', []]])
  for (const { name, label } of settings) {
    const word = wordOf(label)
    const title = counted.get(word)!.length >= TOGETHER && /^[A-Z]{2}|^[A-Z][A-Z]?[a-z]*[A-Z]/.test(word) ? word : ''
    groups.set(title, [...(groups.get(title) ?? []), name])
  }
  return [...groups].map(([title, names]) => ({ title, names }))
}
