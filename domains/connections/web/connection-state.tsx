import { Trans, useLingui } from '@lingui/react/macro'
import { StateDot, type Tone } from '../../../web/ui/badge.tsx'
import type { Connection } from '../contract.ts'

/** How a connection stands: a shape and its word, never a colour alone. */
export function ConnectionState({ connection: { state, health, lastDeliveryAt } }: { connection: Connection }) {
  const { t } = useLingui()
  const [tone, word]: [Tone, string] =
    state === 'paused'
      ? ['waiting', t`Paused`]
      : health === 'broken'
        ? ['overdue', t`Does not work`]
        : health === 'degraded'
          ? ['waiting', t`Works with trouble`]
          : health === 'ok' || lastDeliveryAt
            ? ['resolved', t`Works`]
            : ['plain', t`Nothing heard yet`]
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <StateDot tone={tone} />
      {word}
    </span>
  )
}

/** “3 min”, for how long the oldest has waited. */
export function useDuration(): (seconds: number) => string {
  const { i18n } = useLingui()
  return (seconds) => {
    const [value, unit] =
      seconds < 60
        ? [seconds, 'second']
        : seconds < 3600
          ? [Math.round(seconds / 60), 'minute']
          : seconds < 86_400
            ? [Math.round(seconds / 3600), 'hour']
            : [Math.round(seconds / 86_400), 'day']
    return new Intl.NumberFormat(i18n.locale, {
      style: 'unit',
      unit: String(unit),
      unitDisplay: 'short',
    }).format(Number(value))
  }
}

/** What a paused connection still does. */
export function PausedWords() {
  return <Trans>Nothing is sent or fetched. What is delivered is kept, and comes in once it goes on.</Trans>
}
