import { Trans, useLingui } from '@lingui/react/macro'
import { Check } from 'lucide-react'
import { cx } from '../../../web/ui/cx.ts'
import { Icon } from '../../../web/ui/icon.tsx'
import { labelTones, type Label } from '../contract.ts'
import { labelGrounds } from './label-chip.tsx'

type Tone = Label['tone']

/** The six quiet grounds by name, for those who choose one and for those who hear it read out. */
export function useToneNames(): Record<Tone, string> {
  const { t } = useLingui()
  return {
    plain: t`Grey`,
    pine: t`Green`,
    amber: t`Amber`,
    blue: t`Blue`,
    plum: t`Plum`,
    red: t`Brick`,
  }
}

/** Six swatches, each with its name: one of them is chosen. Arrow keys move, as in every group of radio buttons. */
export function ToneField({ value, onValueChange }: { value: Tone; onValueChange: (tone: Tone) => void }) {
  const names = useToneNames()
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium">
        <Trans>Colour</Trans>
      </legend>
      <div className="grid grid-cols-3 gap-2">
        {labelTones.map((tone) => (
          <label
            key={tone}
            className={cx(
              'relative flex h-control cursor-pointer items-center gap-2 rounded-control border px-2 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
              tone === value ? 'border-accent bg-tint font-medium' : 'border-line hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name="tone"
              value={tone}
              checked={tone === value}
              onChange={() => onValueChange(tone)}
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            <span
              aria-hidden
              className={cx('flex size-5 shrink-0 items-center justify-center rounded-mark', labelGrounds[tone])}
            >
              {tone === value && <Icon of={Check} className="size-3.5" />}
            </span>
            <span className="min-w-0 truncate">{names[tone]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
