import { Combobox as Base } from '@base-ui/react/combobox'
import { useLingui } from '@lingui/react/macro'
import { Check, ChevronDown, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { boxClass, Field, type FieldProps } from './field.tsx'
import { Icon } from './icon.tsx'
import { optionClass, popupClass } from './popup.ts'
import type { Choice } from './select.tsx'

type Shared = FieldProps & {
  choices: Choice[]
  placeholder?: string | undefined
  /** What stands in the list when nothing fits. */
  empty?: ReactNode
  /** For lists that the server searches: called with what is typed, and `choices` are shown as they come. */
  onSearch?: ((query: string) => void) | undefined
}
type ComboboxProps = Shared & { value: string | null; onValueChange: (value: string | null) => void }
type ComboboxManyProps = Shared & { value: string[]; onValueChange: (value: string[]) => void }

/** One of many choices, found by typing. */
export function Combobox({ choices, value, onValueChange, placeholder, empty, onSearch, ...field }: ComboboxProps) {
  const { t } = useLingui()
  const chosen = choices.find((choice) => choice.value === value) ?? null
  return (
    <Field {...field}>
      <Base.Root
        items={choices}
        value={chosen}
        onValueChange={(next) => onValueChange(next?.value ?? null)}
        onInputValueChange={onSearch}
        filter={onSearch ? null : undefined}
        autoHighlight
      >
        <Base.InputGroup className="relative flex items-center">
          <Base.Input placeholder={placeholder} className={cx(boxClass, 'h-control ps-2.5 pe-14')} />
          <span className="absolute end-1 flex text-muted">
            <Base.Clear
              aria-label={t`Clear`}
              className="flex size-6 items-center justify-center rounded-mark hover:bg-hover"
            >
              <Icon of={X} />
            </Base.Clear>
            <Base.Trigger
              aria-label={t`Show choices`}
              className="flex size-6 items-center justify-center rounded-mark hover:bg-hover"
            >
              <Icon of={ChevronDown} />
            </Base.Trigger>
          </span>
        </Base.InputGroup>
        <ComboboxList empty={empty} />
      </Base.Root>
    </Field>
  )
}

/** Several of many choices; each stands in the box as a chip. */
export function ComboboxMany({
  choices,
  value,
  onValueChange,
  placeholder,
  empty,
  onSearch,
  ...field
}: ComboboxManyProps) {
  const { t } = useLingui()
  const removeLabel = (name: string) => t`Remove ${name}`
  const chosen = value.map((v) => choices.find((choice) => choice.value === v) ?? { value: v, label: v })
  return (
    <Field {...field}>
      <Base.Root
        multiple
        items={choices}
        value={chosen}
        isItemEqualToValue={(a, b) => a.value === b.value}
        onValueChange={(next) => onValueChange(next.map((choice) => choice.value))}
        onInputValueChange={onSearch}
        filter={onSearch ? null : undefined}
        autoHighlight
      >
        <Base.InputGroup>
          <Base.Chips className={cx(boxClass, 'flex min-h-control flex-wrap items-center gap-1 p-1 ring-within')}>
            {chosen.map((choice) => (
              <Base.Chip
                key={choice.value}
                aria-label={choice.label}
                className="flex h-6 items-center gap-1 rounded-mark bg-tint ps-2 text-small data-highlighted:bg-hover"
              >
                {choice.label}
                <Base.ChipRemove
                  aria-label={removeLabel(choice.label)}
                  className="flex size-6 items-center justify-center rounded-mark text-muted hover:text-text"
                >
                  <Icon of={X} />
                </Base.ChipRemove>
              </Base.Chip>
            ))}
            <Base.Input
              placeholder={chosen.length === 0 ? placeholder : undefined}
              className="h-6 min-w-12 flex-1 bg-transparent px-1.5 outline-none pointer-coarse:text-large"
            />
          </Base.Chips>
        </Base.InputGroup>
        <ComboboxList empty={empty} />
      </Base.Root>
    </Field>
  )
}

function ComboboxList({ empty }: { empty: ReactNode }) {
  const { t } = useLingui()
  return (
    <Base.Portal>
      <Base.Positioner sideOffset={4} className="z-40 outline-none">
        <Base.Popup className={cx(popupClass, 'w-popup-list')}>
          <Base.Empty className="not-empty:px-3 not-empty:py-2 text-muted">{empty ?? t`Nothing fits.`}</Base.Empty>
          <Base.List className="max-h-popup overflow-y-auto p-1 data-empty:p-0">
            {(choice: Choice) => (
              <Base.Item key={choice.value} value={choice} disabled={choice.disabled} className={optionClass}>
                <span className="flex size-4 shrink-0">
                  <Base.ItemIndicator className="text-accent">
                    <Icon of={Check} />
                  </Base.ItemIndicator>
                </span>
                {choice.icon && <Icon of={choice.icon} className="text-muted" />}
                <span className="min-w-0 flex-1 py-1">
                  <span className="line-clamp-2 wrap-anywhere">{choice.label}</span>
                  {choice.hint && <span className="block truncate text-small text-muted">{choice.hint}</span>}
                </span>
              </Base.Item>
            )}
          </Base.List>
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  )
}
