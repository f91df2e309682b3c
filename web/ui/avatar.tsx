import { Avatar as Base } from '@base-ui/react/avatar'
import { cx } from './cx.ts'
import { faceOf, initialsOf } from './faces.ts'

const grounds = {
  1: 'bg-face-1 text-face-1-ink',
  2: 'bg-face-2 text-face-2-ink',
  3: 'bg-face-3 text-face-3-ink',
  4: 'bg-face-4 text-face-4-ink',
  5: 'bg-face-5 text-face-5-ink',
  6: 'bg-face-6 text-face-6-ink',
}
const sizes = { small: 'size-6 text-small', normal: 'size-8 text-small', large: 'size-12 text-large' }

type AvatarProps = {
  name: string
  /** What the colour follows, when the name may change: an id. */
  colourKey?: string | undefined
  src?: string | null | undefined
  size?: keyof typeof sizes | undefined
  /** The name stands beside it already, so it is not read twice. */
  decorative?: boolean | undefined
}

export function Avatar({ name, colourKey, src, size = 'normal', decorative }: AvatarProps) {
  const naming = decorative ? { 'aria-hidden': true } : { role: 'img', 'aria-label': name }
  return (
    <Base.Root
      {...naming}
      className={cx(
        'inline-flex shrink-0 items-center justify-center overflow-hidden rounded-full font-medium select-none',
        sizes[size],
        grounds[faceOf(colourKey ?? name)],
      )}
    >
      {src && <Base.Image src={src} alt="" className="size-full object-cover" />}
      <Base.Fallback>{initialsOf(name)}</Base.Fallback>
    </Base.Root>
  )
}
