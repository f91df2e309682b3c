import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { Ref } from 'react'
import { cx } from './cx.ts'
import { Icon } from './icon.tsx'
import { Kbd } from './kbd.tsx'
import type { MenuItem, MenuProps } from './menu.tsx'
import { groupLabelClass, optionClass, popupClass } from './popup.ts'

type MenuPopupProps = MenuProps & {
  /** It was pressed before its code was there. */
  defaultOpen: boolean
  triggerRef: Ref<HTMLButtonElement>
}

export function MenuPopup({ trigger, groups, align = 'start', defaultOpen, triggerRef }: MenuPopupProps) {
  return (
    <Base.Root modal={false} defaultOpen={defaultOpen}>
      <Base.Trigger ref={triggerRef} render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={4} className="z-40 outline-none">
          <Base.Popup className={cx(popupClass, 'max-h-popup max-w-side min-w-menu overflow-y-auto p-1 wrap-anywhere')}>
            {groups.map((group, at) => (
              <Base.Group key={at}>
                {at > 0 && <Base.Separator className="mx-2 my-1 border-t border-line" />}
                {group.label && <Base.GroupLabel className={groupLabelClass}>{group.label}</Base.GroupLabel>}
                {group.items.map((item) => (
                  <MenuLine key={item.label} {...item} />
                ))}
              </Base.Group>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

function MenuLine({ label, icon, keys, hint, disabled, danger, checked, onSelect }: MenuItem) {
  const inside = (
    <>
      {icon && <Icon of={icon} className={danger ? undefined : 'text-muted'} />}
      <span className="min-w-0 flex-1 py-1">
        {label}
        {hint && <span className="block text-small text-muted">{hint}</span>}
      </span>
      {keys && <Kbd keys={keys} className="pointer-coarse:hidden" />}
    </>
  )
  const look = cx(optionClass, danger && 'text-overdue')
  if (checked === undefined) {
    return (
      <Base.Item disabled={disabled} onClick={onSelect} className={look}>
        {inside}
      </Base.Item>
    )
  }
  return (
    <Base.CheckboxItem checked={checked} disabled={disabled} onCheckedChange={onSelect} className={look}>
      <span className="flex size-4 shrink-0">
        <Base.CheckboxItemIndicator className="text-accent">
          <Icon of={Check} />
        </Base.CheckboxItemIndicator>
      </span>
      {inside}
    </Base.CheckboxItem>
  )
}
