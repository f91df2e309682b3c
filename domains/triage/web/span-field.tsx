import { useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { TextField } from '../../../web/ui/text-field.tsx'
import { parseSpan, writeSpan } from './spans.ts'

/** A span of a policy, written as people write it: “2 h”, “1 d 6 h”. What can't be read changes nothing and says so. */
export function SpanField({
  label,
  value,
  onValueChange,
  disabled,
}: {
  label: string
  value: number
  onValueChange: (minutes: number) => void
  disabled?: boolean
}) {
  const { t } = useLingui()
  const [text, setText] = useState(() => writeSpan(value))
  const [known, setKnown] = useState(value)
  if (known !== value) {
    setKnown(value)
    if (parseSpan(text) !== value) setText(writeSpan(value))
  }
  const isWrong = parseSpan(text) === null
  return (
    <TextField
      label={label}
      value={text}
      disabled={disabled}
      autoComplete="off"
      inputMode="text"
      error={isWrong ? t`Write a span such as “2 h” or “1 d 6 h”, two weeks at most.` : undefined}
      onValueChange={(next) => {
        setText(next)
        const minutes = parseSpan(next)
        if (minutes !== null && minutes !== value) {
          setKnown(minutes)
          onValueChange(minutes)
        }
      }}
      onBlur={() => !isWrong && setText(writeSpan(value))}
    />
  )
}
