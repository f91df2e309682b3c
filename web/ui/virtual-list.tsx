import { useVirtualizer } from '@tanstack/react-virtual'
import {
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
} from 'react'
import { cx } from './cx.ts'

/** Goes on the one element of a row that takes the focus: a link or a button. Its functions stay the same ones. */
export type RowFocus = { ref: (element: HTMLElement | null) => void; tabIndex: 0 | -1; onFocus: () => void }
export type VirtualListHandle = {
  /**
   * Moves the roving focus by so many rows. Behind the last row, where more is still being fetched, one step on is remembered
   * and made as soon as there is a row for it.
   */
  move: (by: number) => void
  focus: () => void
}

/** How long a step waits for its row: who looks elsewhere meanwhile must not be carried off. */
const OWED_MS = 10_000

type VirtualListProps<Item> = {
  label: string
  items: Item[]
  itemKey: (item: Item) => string
  /** Height of a row in pixels, before it is measured. */
  estimate: number
  renderRow: (item: Item, row: { focus: RowFocus; active: boolean }) => ReactNode
  /** The row that the focus stands on; without it the list remembers it itself. */
  activeKey?: string | null | undefined
  /** `moved`: by the handle, not by the focus or a key within the list. */
  onActiveChange?: ((item: Item, moved: boolean) => void) | undefined
  /** Asked once whenever the end comes near. Leave out when everything is there. */
  onEnd?: (() => void) | undefined
  /** After the last row: a skeleton while more comes, a word when it failed or is over. */
  foot?: ReactNode
  handle?: Ref<VirtualListHandle> | undefined
  className?: string | undefined
}

/**
 * Draws only the rows in view. One tab stop: arrows, Home, End and Page keys move inside it. Rows may differ in height.
 */
export function VirtualList<Item>(props: VirtualListProps<Item>) {
  const { label, items, itemKey, estimate, renderRow, activeKey, onActiveChange, onEnd, foot, handle, className } =
    props
  const scroller = useRef<HTMLDivElement>(null)
  const elements = useRef(new Map<string, HTMLElement>())
  const [own, setOwn] = useState<string | null>(null)
  const wanted = useRef<string | null>(null)
  const owed = useRef<{ readonly key: string; readonly at: number } | null>(null)
  const key = activeKey === undefined ? own : activeKey
  const active = Math.max(
    0,
    items.findIndex((item) => itemKey(item) === key),
  )

  // oxlint-disable-next-line react/incompatible-library -- its answers change with scrolling and are never memoised here
  const virtual = useVirtualizer<HTMLDivElement, HTMLLIElement>({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimate,
    getItemKey: (at) => (items[at] === undefined ? at : itemKey(items[at])),
    overscan: 8,
    // A list that is hidden (a phone that shows the thread) measures nothing: its rows keep the height that they had.
    measureElement: (element, _, list) =>
      element.offsetHeight || (list.measurementsCache[list.indexFromElement(element)]?.size ?? estimate),
    // The row with the focus stays in the page when it is scrolled away, or the keyboard would lose its place.
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const [from, to] = [Math.max(0, startIndex - overscan), Math.min(count - 1, endIndex + overscan)]
      const range = Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at)
      return [...new Set([...range, ...(active < count ? [active] : [])])].toSorted((a, b) => a - b)
    },
  })
  const rows = virtual.getVirtualItems()

  const last = virtual.range?.endIndex ?? 0
  useEffect(() => {
    if (items.length > 0 && last >= items.length - 10) onEnd?.()
  }, [last, items.length, onEnd])

  // Who comes back to a list finds the row in sight that they left it by.
  const placed = useRef(false)
  useEffect(() => {
    if (placed.current || items.length === 0 || !scroller.current?.clientHeight) return
    placed.current = true
    if (active > 0) virtual.scrollToIndex(active, { align: 'center' })
  }, [items.length, active, virtual])

  const goTo = (at: number, moved = false) => {
    owed.current = null
    const target = Math.min(Math.max(at, 0), items.length - 1)
    const item = items[target]
    if (item === undefined) return
    setOwn(itemKey(item))
    onActiveChange?.(item, moved)
    virtual.scrollToIndex(target, { align: 'auto' })
    const element = elements.current.get(itemKey(item))
    if (element) element.focus({ preventScroll: true })
    else wanted.current = itemKey(item)
  }
  const move = (by: number) => {
    if (key === null) return goTo(0, true)
    const here = items[active]
    if (active + by < items.length || !onEnd || here === undefined) return goTo(active + by, true)
    owed.current = { key: itemKey(here), at: performance.now() }
    onEnd()
  }
  useImperativeHandle(handle, () => ({ move, focus: () => goTo(active) }))

  // The rows that a step waits for have come, and nobody went elsewhere or forgot about it meanwhile.
  useEffect(() => {
    const here = items[active]
    if (owed.current === null || here === undefined || active + 1 >= items.length) return
    if (owed.current.key === itemKey(here) && performance.now() - owed.current.at < OWED_MS) goTo(active + 1, true)
    else owed.current = null
  })

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? estimate) / estimate) - 1)
    const steps: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      Home: 0,
      End: items.length - 1,
      PageDown: active + page,
      PageUp: active - page,
    }
    const target = steps[event.key]
    if (target === undefined) return
    event.preventDefault()
    goTo(target)
  }

  // A row's functions outlive a drawing of the list, so that rows which did not change need not be drawn again.
  const latest = useRef({ items, itemKey, key, onActiveChange })
  useLayoutEffect(() => {
    latest.current = { items, itemKey, key, onActiveChange }
  })
  const [targets] = useState(() => new Map<string, Omit<RowFocus, 'tabIndex'>>())
  const targetOf = (its: string): Omit<RowFocus, 'tabIndex'> => {
    const known = targets.get(its) ?? {
      onFocus: () => {
        const now = latest.current
        const item = now.items.find((one) => now.itemKey(one) === its)
        if (item === undefined || its === now.key) return
        owed.current = null
        setOwn(its)
        now.onActiveChange?.(item, false)
      },
      ref: (element: HTMLElement | null) => {
        if (!element) return void elements.current.delete(its)
        elements.current.set(its, element)
        if (wanted.current !== its) return
        wanted.current = null
        element.focus({ preventScroll: true })
      },
    }
    targets.set(its, known)
    return known
  }
  const focusOf = (item: Item, at: number): RowFocus => ({
    ...targetOf(itemKey(item)),
    tabIndex: at === active ? 0 : -1,
  })

  return (
    <div ref={scroller} className={cx('min-h-0 overflow-y-auto overscroll-contain', className)}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- moves the focus among its rows */}
      <ul aria-label={label} onKeyDown={onKeyDown} className="relative" style={{ height: virtual.getTotalSize() }}>
        {rows.map((row) => {
          const item = items[row.index]
          if (item === undefined) return null
          return (
            <li
              key={row.key}
              ref={virtual.measureElement}
              data-index={row.index}
              aria-setsize={onEnd ? -1 : items.length}
              aria-posinset={row.index + 1}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${row.start}px)` }}
            >
              {renderRow(item, { focus: focusOf(item, row.index), active: row.index === active && key !== null })}
            </li>
          )
        })}
      </ul>
      {foot}
    </div>
  )
}
