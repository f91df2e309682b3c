import { linkify } from '../../../platform/http/sanitise.ts'
import { cx } from '../../../web/ui/cx.ts'
import { OutsideLink } from './outside-link.tsx'

/** What somebody wrote, as they wrote it: their line breaks, their direction, and only addresses that say where they lead. */
export function MessageText({ text, className }: { text: string; className?: string | undefined }) {
  return (
    <p dir="auto" className={cx('break-words whitespace-pre-wrap', className)}>
      {linkify(text).map((part, at) =>
        part.kind === 'text' ? (
          part.text
        ) : (
          <OutsideLink key={at} href={part.href}>
            {part.text}
          </OutsideLink>
        ),
      )}
    </p>
  )
}
