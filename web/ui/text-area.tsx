import { Field as Base } from '@base-ui/react/field'
import type { ComponentProps, CSSProperties } from 'react'
import { cx } from './cx.ts'
import { boxClass, Field, type FieldProps } from './field.tsx'

type TextAreaProps = FieldProps &
  Omit<ComponentProps<'textarea'>, 'className' | 'name' | 'disabled' | 'value' | 'defaultValue'> & {
    value?: string | undefined
    defaultValue?: string | undefined
    onValueChange?: ((value: string) => void) | undefined
  }

/** Grows with what is written, up to a third of a screen, then scrolls. */
export function TextArea(props: TextAreaProps) {
  const {
    name,
    label,
    hideLabel,
    hint,
    error,
    optional,
    disabled,
    className,
    rows = 3,
    onValueChange,
    value,
    defaultValue,
    ...area
  } = props
  return (
    <Field {...{ name, label, hideLabel, hint, error, optional, disabled, className }}>
      <Base.Control
        {...{ value, defaultValue, onValueChange }}
        render={<textarea {...area} rows={rows} />}
        style={{ '--rows': rows } as CSSProperties}
        className={cx(boxClass, 'min-h-textarea max-h-textarea field-sizing-content resize-none px-2.5 py-1.5')}
      />
    </Field>
  )
}
