import { cx } from './cx.ts'

/** What opens over the page beside something: menus, lists, popovers. */
export const popupClass = 'rounded-panel border border-line bg-raised text-text shadow-menu ease-in-popup outline-none'

/** One line of a menu or list. */
export const optionClass = cx(
  'flex min-h-control items-center gap-2 rounded-control px-2 outline-none select-none scroll-m-1',
  'data-highlighted:bg-hover data-disabled:text-muted data-disabled:opacity-60',
)

export const groupLabelClass = 'px-2 pt-2 pb-1 text-small font-medium text-muted'
