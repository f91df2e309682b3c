import { Checkbox as Base } from '@base-ui/react/checkbox'
import { Field } from '@base-ui/react/field'
import { Check, Minus } from 'lucide-react'
import { cx } from './cx.ts'
import { FieldError, type FieldProps } from './field.tsx'
import { useFieldName } from './form.tsx'
import { Icon } from './icon.tsx'

type CheckboxProps = Omit<FieldProps, 'optional'> & {
  checked?: boolean | undefined
  defaultChecked?: boolean | undefined
  onCheckedChange?: ((checked: boolean) => void) | undefined
  /** Some, but not all, of what it stands for. */
  mixed?: boolean | undefined
  required?: boolean | undefined
}

export function Checkbox({ name, label, hideLabel, hint, error, disabled, className, mixed, ...rest }: CheckboxProps) {
  useFieldName(name)
  return (
    <Field.Root
      name={name}
      disabled={disabled}
      invalid={error ? true : undefined}
      className={cx('flex flex-col gap-1', className)}
    >
      <Field.Label className="flex min-h-6 items-start gap-2">
        <span className="flex h-5 items-center">
          <Base.Root
            {...rest}
            indeterminate={mixed}
            aria-label={hideLabel ? label : undefined}
            className={cx(
              'flex size-4 items-center justify-center rounded-mark border border-edge bg-raised transition-colors',
              'data-checked:border-accent data-checked:bg-accent data-indeterminate:border-accent data-indeterminate:bg-accent',
              'data-invalid:border-overdue data-disabled:opacity-60',
            )}
          >
            <Base.Indicator className="flex text-on-accent">
              <Icon of={mixed ? Minus : Check} className="size-3.5" />
            </Base.Indicator>
          </Base.Root>
        </span>
        {!hideLabel && <span className={cx(disabled && 'text-muted')}>{label}</span>}
      </Field.Label>
      {hint && <Field.Description className="ms-6 text-small text-muted">{hint}</Field.Description>}
      <FieldError error={error} className="ms-6" />
    </Field.Root>
  )
}
