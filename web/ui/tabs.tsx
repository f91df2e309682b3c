import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export type TabItem<T extends string> = { value: T; label: string; count?: number; content: ReactNode }

type TabsProps<T extends string> = {
  /** Names the group of tabs. */
  label: string
  items: TabItem<T>[]
  value?: T | undefined
  defaultValue?: T | undefined
  onValueChange?: ((value: T) => void) | undefined
  className?: string | undefined
}

export function Tabs<T extends string>({ label, items, value, defaultValue, onValueChange, className }: TabsProps<T>) {
  const controlled = value === undefined ? { defaultValue: defaultValue ?? items[0]?.value } : { value }
  return (
    <Base.Root
      {...controlled}
      onValueChange={(next) => onValueChange?.(next as T)}
      className={cx('flex flex-col gap-4', className)}
    >
      <Base.List aria-label={label} className="relative flex gap-1 overflow-x-auto border-b border-line">
        {items.map((item) => (
          <Base.Tab
            key={item.value}
            value={item.value}
            className="flex h-control items-center gap-2 rounded-control px-2 whitespace-nowrap text-muted ring-inside transition-colors hover:text-text data-active:font-medium data-active:text-text"
          >
            {item.label}
            {item.count !== undefined && <span className="text-small font-normal text-muted">{item.count}</span>}
          </Base.Tab>
        ))}
        <Base.Indicator className="absolute bottom-0 left-0 h-0.5 w-(--active-tab-width) translate-x-(--active-tab-left) bg-accent transition-[translate,width]" />
      </Base.List>
      {items.map((item) => (
        <Base.Panel key={item.value} value={item.value}>
          {item.content}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}
