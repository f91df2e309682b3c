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
      <path d="M2.25 13.25C2.25 7.2 4.4 3.4 8 2.9" />
      <path d="M13.75 13.25C13.75 7.2 11.6 3.4 8 2.9" />
    </svg>
  )
}
