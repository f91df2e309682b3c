import { Trans, useLingui } from '@lingui/react/macro'
import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { cx } from '../../../web/ui/cx.ts'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'

type PasswordFieldProps = {
  name: string
  label: string
  /** A password that is chosen now: its length is drawn. */
  fresh?: boolean
  hint?: string
  autoFocus?: boolean
}

const LEAST = 10
const LONG = 16

export function PasswordField({ name, label, fresh, hint, autoFocus }: PasswordFieldProps) {
  const { t } = useLingui()
  const [shown, setShown] = useState(false)
  const [length, setLength] = useState(0)
  return (
    <div className="flex flex-col gap-1.5">
      <TextField
        name={name}
        label={label}
        hint={hint}
        type={shown ? 'text' : 'password'}
        autoComplete={fresh ? 'new-password' : 'current-password'}
        autoFocus={autoFocus}
        spellCheck={false}
        required
        minLength={fresh ? LEAST : undefined}
        maxLength={128}
        onValueChange={(value) => setLength([...value].length)}
        after={
          <IconButton
            size="small"
            icon={shown ? EyeOff : Eye}
            label={shown ? t`Hide the password` : t`Show the password`}
            onClick={() => setShown(!shown)}
          />
        }
      />
      {fresh && <LengthMeter length={length} />}
    </div>
  )
}

/** Length is what makes a password hard to guess, so length is all that is measured. */
function LengthMeter({ length }: { length: number }) {
  const steps = [length > 0, length >= LEAST, length >= 13, length >= LONG]
  const missing = LEAST - length
  return (
    <div className="flex items-center gap-3">
      <div aria-hidden className="flex flex-1 gap-1">
        {steps.map((on, at) => (
          <span
            key={at}
            className={cx('h-1 flex-1 rounded-full', on ? (length < LEAST ? 'bg-waiting' : 'bg-accent') : 'bg-line')}
          />
        ))}
      </div>
      <p className="w-48 text-end text-small text-muted">
        {length < LEAST ? (
          length === 0 ? (
            <Trans>At least ten characters</Trans>
          ) : missing === 1 ? (
            <Trans>One character more</Trans>
          ) : (
            <Trans>{missing} characters more</Trans>
          )
        ) : length < LONG ? (
          <Trans>Long enough; longer is better</Trans>
        ) : (
          <Trans>Hard to guess</Trans>
        )}
      </p>
    </div>
  )
}
