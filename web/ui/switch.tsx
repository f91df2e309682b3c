import { Field } from '@base-ui/react/field'
import { Switch as Base } from '@base-ui/react/switch'
import { cx } from './cx.ts'
import { FieldError, type FieldProps } from './field.tsx'
import { useFieldName } from './form.tsx'

type SwitchProps = Omit<FieldProps, 'optional'> & {
  checked?: boolean | undefined
  defaultChecked?: boolean | undefined
  onCheckedChange?: ((checked: boolean) => void) | undefined
}

/** Something that is on or off from now on, without a button to save it; inside a form a Checkbox says it better. */
export function Switch({ name, label, hideLabel, hint, error, disabled, className, ...rest }: SwitchProps) {
  useFieldName(name)
  return (
    <Field.Root
      name={name}
      disabled={disabled}
      invalid={error ? true : undefined}
      className={cx('flex flex-col gap-1', className)}
    >
      <Field.Label className="flex min-h-6 items-center justify-between gap-4">
        <span className={cx(hideLabel && 'sr-only', disabled && 'text-muted')}>{label}</span>
        <Base.Root
          {...rest}
          className={cx(
            'flex h-5 w-9 shrink-0 items-center rounded-full border border-edge bg-sunken px-0.5 transition-colors',
            'data-checked:border-accent data-checked:bg-accent data-disabled:opacity-60',
          )}
        >
          <Base.Thumb className="size-3.5 rounded-full bg-edge transition-[translate] data-checked:translate-x-4 data-checked:bg-on-accent rtl:data-checked:-translate-x-4" />
        </Base.Root>
      </Field.Label>
      {hint && <Field.Description className="pe-12 text-small text-muted">{hint}</Field.Description>}
      <FieldError error={error} />
    </Field.Root>
  )
}
