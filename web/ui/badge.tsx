import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { Icon, type IconShape } from './icon.tsx'

export type Tone = 'plain' | 'open' | 'waiting' | 'resolved' | 'overdue' | 'crisis'

const inks: Record<Tone, string> = {
  plain: 'text-muted',
  open: 'text-open',
  waiting: 'text-waiting',
  resolved: 'text-resolved',
  overdue: 'text-overdue',
  crisis: 'text-crisis',
}

/** A short word with a hairline round it. */
export function Badge({
  tone = 'plain',
  icon,
  children,
  className,
}: {
  tone?: Tone
  icon?: IconShape
  children: ReactNode
  className?: string | undefined
}) {
  return (
    <span
      className={cx(
        'inline-flex h-5 max-w-full items-center gap-1 rounded-mark border border-line bg-raised px-1.5 text-small font-medium whitespace-nowrap',
        inks[tone],
        className,
      )}
    >
      {icon && <Icon of={icon} className="size-3.5" />}
      <span className="truncate">{children}</span>
    </span>
  )
}

/** How far round the ring is filled says the state without colour: open, waiting, done; danger has a shape of its own. */
const shapes: Record<Tone, ReactNode> = {
  plain: <circle cx="8" cy="8" r="5" strokeDasharray="2 2" />,
  open: <circle cx="8" cy="8" r="5" />,
  waiting: (
    <>
      <circle cx="8" cy="8" r="5" />
      <path d="M8 3a5 5 0 0 1 0 10Z" fill="currentColor" stroke="none" />
    </>
  ),
  resolved: (
    <>
      <circle cx="8" cy="8" r="5.75" fill="currentColor" stroke="none" />
      <path d="m5.8 8.2 1.6 1.6 2.9-3.2" className="stroke-raised" />
    </>
  ),
  overdue: <path d="M8 2.5 13.5 8 8 13.5 2.5 8Z" fill="currentColor" />,
  crisis: <path d="M8 2.5 14 13H2Z" fill="currentColor" strokeLinejoin="round" />,
}

/** The state as a mark of 16 px; with `label` it speaks for itself, without it stands beside its word. */
export function StateDot({ tone, label }: { tone: Tone; label?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      className={cx('size-4 shrink-0', inks[tone])}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    >
      {shapes[tone]}
    </svg>
  )
}

/** A number that means something; past 99 only that it is many. */
export function Count({ value, label, strong }: { value: number; label?: string; strong?: boolean }) {
  return (
    <span className={cx('text-small', strong ? 'font-medium text-accent' : 'text-muted')}>
      <span aria-hidden={label ? true : undefined}>{value > 99 ? '99+' : value}</span>
      {label && <span className="sr-only">{label}</span>}
    </span>
  )
}
