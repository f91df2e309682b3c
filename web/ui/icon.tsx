import type { LucideIcon } from 'lucide-react'
import { cx } from './cx.ts'

export type IconShape = LucideIcon

type IconProps = {
  of: IconShape
  /** 16 px beside text, 20 px where the icon stands alone. */
  size?: 16 | 20 | undefined
  /** Only for an icon that says something the text beside it does not. */
  label?: string | undefined
  /** Turned round where the writing runs from right to left: arrows and chevrons. */
  directional?: boolean | undefined
  className?: string | undefined
}

export function Icon({ of: Shape, size = 16, label, directional, className }: IconProps) {
  const naming = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true }
  return (
    <Shape
      {...naming}
      strokeWidth={1.75}
      className={cx(size === 16 ? 'size-4' : 'size-5', 'shrink-0', directional && 'rtl:-scale-x-100', className)}
    />
  )
}
