import { cx } from './cx.ts'
import { spellKeys } from './shortcut-keys.ts'

/** Keys as they are printed on this machine: `mod+k` becomes ⌘ K or Ctrl K, `g i` becomes G then I. */
export function Kbd({
  keys,
  onInverse,
  className,
}: {
  keys: string
  onInverse?: boolean
  className?: string | undefined
}) {
  return (
    <kbd dir="ltr" className={cx('inline-flex shrink-0 items-center gap-1 font-sans text-small', className)}>
      {spellKeys(keys).map((key, at) => (
        <span
          key={at}
          className={cx(
            'inline-flex h-5 min-w-5 items-center justify-center rounded-mark px-1',
            onInverse ? 'text-on-inverse' : 'border border-line bg-sunken text-muted',
          )}
        >
          {key}
        </span>
      ))}
    </kbd>
  )
}
