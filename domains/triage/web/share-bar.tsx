import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Share } from '../contract.ts'

/** Fewer say nothing: one of one would be a hundred per cent. */
const FEW = 5

/** “82 % (76–87 %)”, or that it was counted over nothing or too little. */
export function useShareWords(): (share: Share) => string {
  const { t, i18n } = useLingui()
  const percent = new Intl.NumberFormat(i18n.locale, { style: 'percent' })
  return ({ value, low, high, n }) => {
    if (value === null) return t`not known yet`
    if (n < FEW) return t`too few to say`
    const words = percent.format(value)
    if (low === null || high === null) return words
    const range = percent.formatRange(low, high)
    return t`${words} (${range})`
  }
}

/** A share with its 95 % interval and what it was counted over, drawn on the whole from 0 to 100 %. */
export function ShareBar({ title, children, share }: { title: string; children: string; share: Share }) {
  const words = useShareWords()
  const { value, low, high, n } = share
  const at = (part: number) => `${(part * 100).toFixed(1)}%`
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <p className="flex flex-wrap items-baseline justify-between gap-x-2">
        <span className="font-medium">{title}</span>
        <span>{words(share)}</span>
      </p>
      <div aria-hidden className="relative h-2 rounded-full bg-sunken">
        {low !== null && high !== null && (
          <span
            className="absolute inset-y-0 rounded-full bg-chart-1 opacity-40"
            style={{ insetInlineStart: at(low), inlineSize: at(Math.max(0.01, high - low)) }}
          />
        )}
        {value !== null && n >= FEW && (
          <span className="absolute -inset-y-0.5 w-1 rounded-full bg-accent" style={{ insetInlineStart: at(value) }} />
        )}
      </div>
      <p className="text-small text-muted">
        {children}{' '}
        {n > 0 ? (
          <Plural value={n} one="Counted over # message." other="Counted over # messages." />
        ) : (
          <Trans>Nothing to count yet.</Trans>
        )}
      </p>
    </div>
  )
}
