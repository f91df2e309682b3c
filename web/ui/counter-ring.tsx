import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { useEffect, useRef } from 'react'
import { announce } from './announce.tsx'
import { cx } from './cx.ts'

type CounterRingProps = {
  /** In the unit of the limit; what a character is, the caller knows. */
  used: number
  limit: number
}

const nearEnd = 20
const round = 2 * Math.PI * 7

/** How full a text is: a ring, then the number that is left once it is under 20. Past the limit it counts on below zero. */
export function CounterRing({ used, limit }: CounterRingProps) {
  const { t } = useLingui()
  const left = limit - used
  const stage = left < 0 ? 'over' : left < nearEnd ? 'near' : 'far'
  const last = useRef(stage)
  useEffect(() => {
    if (last.current === stage) return
    last.current = stage
    if (stage === 'near') announce(t`${plural(left, { one: '# character', other: '# characters' })} left`)
    if (stage === 'over') announce(t`Too long for this channel`)
  }, [stage, left, t])
  const ink = stage === 'over' ? 'text-overdue' : stage === 'near' ? 'text-waiting' : 'text-accent'
  return (
    <span
      role="img"
      aria-label={t`${used} of ${limit} characters used`}
      className={cx('inline-flex items-center gap-1.5 text-small', ink)}
    >
      {stage !== 'far' && (
        <span aria-hidden dir="ltr">
          {left}
        </span>
      )}
      <svg aria-hidden viewBox="0 0 20 20" fill="none" strokeWidth={2} className="size-5 -rotate-90">
        <circle cx="10" cy="10" r="7" className="stroke-line" />
        <circle
          cx="10"
          cy="10"
          r="7"
          stroke="currentColor"
          strokeLinecap="butt"
          strokeDasharray={round}
          strokeDashoffset={round * (1 - Math.min(1, Math.max(0, used / limit)))}
        />
      </svg>
    </span>
  )
}
