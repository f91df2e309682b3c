import { Field as Base } from '@base-ui/react/field'
import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { useFieldName } from './form.tsx'

/** What every field has in common. */
export type FieldProps = {
  name?: string | undefined
  label: string
  /** The label is read out, but not drawn: a search box with an icon. */
  hideLabel?: boolean | undefined
  hint?: ReactNode
  /** An error that the screen itself found; the server's come through Form. */
  error?: string | null | undefined
  optional?: boolean | undefined
  disabled?: boolean | undefined
  className?: string | undefined
}

/** The ground of every box that is written or chosen in. Text is 16 px on touch, so that phones don't zoom. */
export const boxClass = cx(
  'w-full rounded-control border border-edge bg-raised text-text transition-colors pointer-coarse:text-large',
  'data-invalid:border-overdue data-disabled:bg-sunken data-disabled:text-muted [&:is(input,textarea):read-only]:bg-sunken',
)

/** Label above, control, hint, error. `native` labels a group or a button, which a `<label>` can't. */
export function Field({
  name,
  label,
  hideLabel,
  hint,
  error,
  optional,
  disabled,
  className,
  children,
}: FieldProps & { children: ReactNode }) {
  useFieldName(name)
  return (
    <Base.Root
      name={name}
      disabled={disabled}
      invalid={error ? true : undefined}
      className={cx('flex min-w-0 flex-col gap-1', className)}
    >
      <Base.Label className={cx('flex gap-2 font-medium', hideLabel && 'sr-only')}>
        {label}
        {optional && <Optional />}
      </Base.Label>
      {children}
      {hint && <Base.Description className="text-small text-muted">{hint}</Base.Description>}
      <FieldError error={error} />
    </Base.Root>
  )
}

export function FieldError({ error, className }: { error?: string | null | undefined; className?: string }) {
  const look = cx('text-small text-overdue', className)
  return error ? (
    <Base.Error match className={look}>
      {error}
    </Base.Error>
  ) : (
    <Base.Error className={look} />
  )
}

export function Optional() {
  return (
    <span className="font-normal text-muted">
      <Trans>optional</Trans>
    </span>
  )
}
