import { Button as Base } from '@base-ui/react/button'
import type { ComponentProps } from 'react'
import { cx } from './cx.ts'
import { Icon, type IconShape } from './icon.tsx'
import { Tooltip, type TooltipSide } from './tooltip.tsx'

export type IconButtonProps = Omit<ComponentProps<typeof Base>, 'className' | 'children'> & {
  /** What it does, in words: its name for a screen reader and its tooltip. */
  label: string
  icon: IconShape
  keys?: string | null | undefined
  side?: TooltipSide | undefined
  size?: 'normal' | 'small' | undefined
  /** Drawn as pressed: a filter that is on, a panel that is open. */
  pressed?: boolean | undefined
  directional?: boolean | undefined
  className?: string | undefined
}

export function IconButton({
  label,
  icon,
  keys,
  side,
  size = 'normal',
  pressed,
  directional,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} keys={keys} side={side}>
      <Base
        {...rest}
        aria-label={label}
        aria-pressed={pressed}
        className={cx(
          'inline-flex shrink-0 items-center justify-center rounded-control text-muted transition-colors select-none',
          'hover:bg-hover hover:text-text data-disabled:pointer-events-none data-disabled:opacity-60 data-popup-open:bg-hover',
          'aria-pressed:bg-hover aria-pressed:text-text',
          size === 'normal' ? 'size-control' : 'size-control-small',
          className,
        )}
      >
        <Icon of={icon} size={size === 'normal' ? 20 : 16} directional={directional ?? false} />
      </Base>
    </Tooltip>
  )
}
