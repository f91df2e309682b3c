import { Field } from '@base-ui/react/field'
import { Fieldset } from '@base-ui/react/fieldset'
import { Radio } from '@base-ui/react/radio'
import { RadioGroup as Base } from '@base-ui/react/radio-group'
import { cx } from './cx.ts'
import { FieldError, type FieldProps } from './field.tsx'
import { useFieldName } from './form.tsx'
import type { Choice } from './select.tsx'

type RadioGroupProps<T extends string> = Omit<FieldProps, 'optional'> & {
  choices: Choice<T>[]
  value?: T | undefined
  defaultValue?: T | undefined
  onValueChange?: ((value: T) => void) | undefined
}

/** Two to five choices that should all be seen, each with room for a sentence. */
export function RadioGroup<T extends string>({
  name,
  label,
  hideLabel,
  hint,
  error,
  disabled,
  className,
  choices,
  ...rest
}: RadioGroupProps<T>) {
  useFieldName(name)
  const { onValueChange, ...values } = rest
  return (
    <Field.Root
      name={name}
      disabled={disabled}
      invalid={error ? true : undefined}
      className={cx('flex flex-col gap-1', className)}
    >
      <Fieldset.Root
        render={<Base {...values} onValueChange={(value) => onValueChange?.(value as T)} />}
        className="flex flex-col gap-1"
      >
        <Fieldset.Legend className={cx('font-medium', hideLabel && 'sr-only')}>{label}</Fieldset.Legend>
        {hint && <Field.Description className="text-small text-muted">{hint}</Field.Description>}
        {choices.map((choice) => (
          <Field.Item key={choice.value} disabled={choice.disabled} className="flex flex-col">
            <Field.Label className="flex min-h-6 items-start gap-2">
              <span className="flex h-5 items-center">
                <Radio.Root
                  value={choice.value}
                  className="flex size-4 items-center justify-center rounded-full border border-edge bg-raised transition-colors data-checked:border-accent data-checked:bg-accent data-disabled:opacity-60"
                >
                  <Radio.Indicator className="size-1.5 rounded-full bg-on-accent" />
                </Radio.Root>
              </span>
              {choice.label}
            </Field.Label>
            {choice.hint && <Field.Description className="ms-6 text-small text-muted">{choice.hint}</Field.Description>}
          </Field.Item>
        ))}
      </Fieldset.Root>
      <FieldError error={error} />
    </Field.Root>
  )
}
