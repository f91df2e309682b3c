import { useLingui } from '@lingui/react/macro'
import { useMemo } from 'react'
import { Combobox } from '../../../web/ui/combobox.tsx'

type TimeZoneFieldProps = {
  name?: string
  label?: string
  hint?: string
  value: string
  onValueChange: (value: string) => void
}

/** Every time zone that this browser knows, with how it stands to UTC today. */
export function TimeZoneField({ name = 'timeZone', label, hint, value, onValueChange }: TimeZoneFieldProps) {
  const { t, i18n } = useLingui()
  const choices = useMemo(() => zoneChoices(value, i18n.locale), [value, i18n.locale])
  return (
    <Combobox
      name={name}
      label={label ?? t`Time zone`}
      hint={hint}
      choices={choices}
      value={value}
      onValueChange={(next) => next && onValueChange(next)}
    />
  )
}

export function guessedTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
}

function zoneChoices(present: string, locale: string) {
  const known = Intl.supportedValuesOf('timeZone')
  const all = [...new Set(['UTC', present, ...known])].filter(Boolean)
  return all.map((value) => ({ value, label: value.replaceAll('_', ' '), hint: offsetWords(value, locale) }))
}

function offsetWords(timeZone: string, locale: string): string {
  try {
    const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'longOffset' }).formatToParts()
    return parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  } catch {
    return ''
  }
}
