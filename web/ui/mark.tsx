import { cx } from './cx.ts'

/** The sign: two arcs that lean towards each other and share one point. Drawn in the colour of the text around it. */
export function Mark({ label, className }: { label?: string; className?: string | undefined }) {
  return (
    <svg
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      strokeLinecap="round"
      className={cx('shrink-0', className ?? 'size-5')}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    >
      <path d="M2.5 13.5C2.7 8.9 4.6 5 8 2.5" />
      <path d="M13.5 13.5C13.3 8.9 11.4 5 8 2.5" />
    </svg>
  )
}
