import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '../../../web/ui/button.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'

/** What stands there while none is chosen. */
const OWN = '#0f6e5c'

type ColourFieldProps = { value: string | null; onValueChange: (value: string | null) => void }

/** A colour to pick or to type; none is a choice too. */
export function ColourField({ value, onValueChange }: ColourFieldProps) {
  const { t } = useLingui()
  return (
    <div className="flex items-end gap-2">
      <TextField
        name="colour"
        label={t`Colour`}
        hint={t`Of public pages; made readable where it is not.`}
        optional
        mono
        className="flex-1"
        placeholder={OWN}
        pattern="#[0-9a-f]{6}"
        value={value ?? ''}
        onValueChange={(next) => onValueChange(next.trim() === '' ? null : next.trim().toLowerCase())}
        after={
          <input
            type="color"
            aria-label={t`Pick a colour`}
            value={/^#[0-9a-f]{6}$/.test(value ?? '') ? (value ?? '') : OWN}
            onChange={(event) => onValueChange(event.target.value)}
            className="size-6 rounded-mark"
          />
        }
      />
      {value !== null && (
        <Button look="plain" className="mb-5" onClick={() => onValueChange(null)}>
          <Trans>None</Trans>
        </Button>
      )}
    </div>
  )
}
