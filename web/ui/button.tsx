import { Button as Base } from '@base-ui/react/button'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'
import { Icon, type IconShape } from './icon.tsx'
import { Kbd } from './kbd.tsx'

export type ButtonLook = 'primary' | 'quiet' | 'plain' | 'danger'
export type ButtonSize = 'normal' | 'small'

const looks: Record<ButtonLook, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong data-popup-open:bg-accent-strong',
  quiet: 'border border-line bg-raised text-text hover:border-edge hover:bg-hover data-popup-open:bg-hover',
  plain: 'text-text hover:bg-hover data-popup-open:bg-hover',
  danger: 'bg-overdue text-on-overdue hover:bg-overdue-strong',
}

/** One look for everything that is pressed. Also used by triggers of menus, which bring their own element. */
export function buttonClass(look: ButtonLook = 'quiet', size: ButtonSize = 'normal', className?: string): string {
  return cx(
    'inline-flex shrink-0 items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap select-none',
    'transition-colors data-disabled:pointer-events-none data-disabled:opacity-60',
    size === 'normal' ? 'h-control px-3' : 'h-control-small px-2',
    looks[look],
    className,
  )
}

export type ButtonProps = Omit<ComponentProps<typeof Base>, 'className'> & {
  look?: ButtonLook | undefined
  size?: ButtonSize | undefined
  icon?: IconShape | undefined
  /** Shown beside the label, not bound: binding is `useShortcuts`. */
  keys?: string | null | undefined
  /** Work is under way: the button keeps its place and focus and answers no second press. */
  busy?: boolean | undefined
  className?: string | undefined
  children?: ReactNode
}

export function Button({ look, size, icon, keys, busy, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <Base
      {...rest}
      disabled={disabled || busy}
      focusableWhenDisabled={busy}
      aria-busy={busy || undefined}
      className={buttonClass(look, size, className)}
    >
      {icon && <Icon of={icon} className="-ms-1" />}
      {children}
      {keys && <Kbd keys={keys} onInverse={look === 'primary'} className="-me-1 pointer-coarse:hidden" />}
    </Base>
  )
}
