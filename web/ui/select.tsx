import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronDown } from 'lucide-react'
import { cx } from './cx.ts'
import { boxClass, Field, type FieldProps } from './field.tsx'
import { Icon, type IconShape } from './icon.tsx'
import { optionClass, popupClass } from './popup.ts'

export type Choice<T extends string = string> = {
  value: T
  label: string
  icon?: IconShape
  hint?: string
  disabled?: boolean
}

type SelectProps<T extends string> = FieldProps & {
  choices: Choice<T>[]
  value?: T | null | undefined
  defaultValue?: T | null | undefined
  onValueChange?: ((value: T) => void) | undefined
  placeholder?: string | undefined
  required?: boolean | undefined
}

/** For up to about ten choices that people know; more of them want a Combobox. */
export function Select<T extends string>({
  choices,
  value,
  defaultValue,
  onValueChange,
  placeholder,
  required,
  ...field
}: SelectProps<T>) {
  const controlled = value === undefined ? { defaultValue: defaultValue ?? null } : { value }
  return (
    <Field {...field}>
      <Base.Root
        items={choices}
        {...controlled}
        required={required}
        onValueChange={(next) => next !== null && onValueChange?.(next as T)}
        modal={false}
      >
        <Base.Trigger
          className={cx(boxClass, 'flex h-control items-center justify-between gap-2 px-2.5 text-start hover:bg-hover')}
        >
          <Base.Value placeholder={placeholder} className="truncate data-placeholder:text-muted" />
          <Base.Icon className="flex text-muted">
            <Icon of={ChevronDown} />
          </Base.Icon>
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner alignItemWithTrigger={false} sideOffset={4} className="z-40 outline-none">
            <Base.Popup className={cx(popupClass, 'min-w-anchor')}>
              <Base.List className="max-h-popup overflow-y-auto p-1">
                {choices.map((choice) => (
                  <SelectOption key={choice.value} {...choice} />
                ))}
              </Base.List>
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </Field>
  )
}

function SelectOption({ value, label, icon, hint, disabled }: Choice) {
  return (
    <Base.Item value={value} disabled={disabled} className={optionClass}>
      <span className="flex size-4 shrink-0">
        <Base.ItemIndicator className="text-accent">
          <Icon of={Check} />
        </Base.ItemIndicator>
      </span>
      {icon && <Icon of={icon} className="text-muted" />}
      <span className="min-w-0 flex-1 py-1">
        <Base.ItemText>{label}</Base.ItemText>
        {hint && <span className="block text-small text-muted">{hint}</span>}
      </span>
    </Base.Item>
  )
}
