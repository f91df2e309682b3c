import { ChevronDown } from 'lucide-react'
import { Button, buttonClass, type ButtonProps } from './button.tsx'
import { cx } from './cx.ts'
import { Icon } from './icon.tsx'
import { Menu, type MenuGroup } from './menu.tsx'

type SplitButtonProps = ButtonProps & {
  /** What stands behind the arrow. */
  groups: MenuGroup[]
  /** Names the arrow: “More ways to send”. */
  menuLabel: string
}

/** The usual deed on the left, its relatives behind the arrow. */
export function SplitButton({
  groups,
  menuLabel,
  look = 'primary',
  size = 'normal',
  className,
  ...button
}: SplitButtonProps) {
  const edge = look === 'primary' || look === 'danger' ? 'border-s border-on-accent' : 'border-s-0'
  return (
    <div className={cx('inline-flex', className)}>
      <Button {...button} look={look} size={size} className="rounded-e-none focus-visible:z-10" />
      <Menu
        align="end"
        groups={groups}
        trigger={
          <button
            type="button"
            aria-label={menuLabel}
            disabled={button.disabled ?? false}
            className={buttonClass(look, size, cx('rounded-s-none px-1.5 disabled:opacity-60', edge))}
          >
            <Icon of={ChevronDown} />
          </button>
        }
      />
    </div>
  )
}
