import { Field as Base } from '@base-ui/react/field'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'
import { boxClass, Field, type FieldProps } from './field.tsx'

type TextFieldProps = FieldProps &
  Omit<ComponentProps<'input'>, 'className' | 'name' | 'disabled' | 'size' | 'value' | 'defaultValue'> & {
    value?: string | undefined
    defaultValue?: string | undefined
    onValueChange?: ((value: string) => void) | undefined
    /** Stands inside the box, before or after the text. */
    before?: ReactNode
    after?: ReactNode
    /** Ids, addresses of machines, keys. */
    mono?: boolean | undefined
  }

export function TextField(props: TextFieldProps) {
  const { name, label, hideLabel, hint, error, optional, disabled, className, before, after, mono, ...input } = props
  return (
    <Field {...{ name, label, hideLabel, hint, error, optional, disabled, className }}>
      <div className="relative flex items-center">
        {before && <span className="pointer-events-none absolute start-2.5 flex text-muted">{before}</span>}
        <Base.Control
          {...input}
          className={cx(boxClass, 'h-control px-2.5', before ? 'ps-8' : '', after ? 'pe-9' : '', mono && 'font-mono')}
        />
        {after && <span className="absolute end-1 flex text-muted">{after}</span>}
      </div>
    </Field>
  )
}
