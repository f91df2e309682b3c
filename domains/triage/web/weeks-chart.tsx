import { useLingui } from '@lingui/react/macro'
import type { ModelFigures } from '../contract.ts'
import { useShareWords } from './share-bar.tsx'

const WIDTH = 320
const HEIGHT = 96
const TOP = 14
const BOTTOM = 16
/** What the scale takes at the side. */
const SIDE = 34

/** How often it was right, week by week, each with its interval; the newest is labelled, all are told to a screen reader. */
export function WeeksChart({ weeks }: Pick<ModelFigures, 'weeks'>) {
  const { i18n } = useLingui()
  const shareWords = useShareWords()
  const percent = new Intl.NumberFormat(i18n.locale, { style: 'percent' })
  const day = new Intl.DateTimeFormat(i18n.locale, { day: 'numeric', month: 'short' })
  const known = weeks.filter(({ accuracy }) => accuracy.value !== null)
  if (known.length === 0) return null
  const x = (at: number) => SIDE + (at + 0.5) * ((WIDTH - SIDE) / known.length)
  const y = (share: number) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)
  const last = known.length - 1
  const told = known.map(
    ({ from, accuracy }) => `${day.format(new Date(from))}: ${shareWords(accuracy)}, n = ${accuracy.n}`,
  )
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={told.join('; ')} className="w-full max-w-form">
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <text x={SIDE - 6} y={y(share) + 3} textAnchor="end" className="fill-muted" fontSize={9}>
            {percent.format(share)}
          </text>
          <line x1={SIDE} x2={WIDTH} y1={y(share)} y2={y(share)} className="stroke-line" strokeWidth={1} />
        </g>
      ))}
      {known.map(({ from, accuracy }, at) => (
        <g key={from}>
          <line
            x1={x(at)}
            x2={x(at)}
            y1={y(accuracy.low ?? accuracy.value!)}
            y2={y(accuracy.high ?? accuracy.value!)}
            className="stroke-chart-1 opacity-40"
            strokeWidth={6}
            strokeLinecap="round"
          />
          <circle cx={x(at)} cy={y(accuracy.value!)} r={3} className="fill-accent" />
          {(at === 0 || at === last) && (
            <text x={x(at)} y={HEIGHT - 2} textAnchor="middle" className="fill-muted" fontSize={10}>
              {day.format(new Date(from))}
            </text>
          )}
          <text x={x(at)} y={10} textAnchor="middle" className="fill-muted" fontSize={9}>
            {at === last || known.length <= 6 ? `n ${accuracy.n}` : ''}
          </text>
        </g>
      ))}
    </svg>
  )
}
