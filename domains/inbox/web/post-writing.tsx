// What an answer on an open network has beside its words: a warning to hide it behind, and the parts as which a long one leaves.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { EyeOff, X } from 'lucide-react'
import { useDeferredValue, useMemo } from 'react'
import { lengthOf, overLimit, type TextLimit } from '#platform/contract/length'
import { openedWith } from '#platform/contract/opening'
import { splitText } from '#platform/contract/split-text'
import { CounterRing } from '../../../web/ui/counter-ring.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { IconButton } from '../../../web/ui/icon-button.tsx'

type Limits = readonly TextLimit[]

/** The limit that the text is closest to, each counted in its own unit and by its network's rules. */
export function worst(limits: Limits, text: string): { used: number; max: number } | null {
  const counted = limits.map((limit) => ({ used: lengthOf(limit, text), max: limit.max }))
  return counted.toSorted((a, b) => b.used / b.max - a.used / a.max)[0] ?? null
}

/** The parts as which a text would leave below its `opening`, once it is too long for one; null while it fits. */
export function useParts(limits: Limits, text: string, opening: string, chains: boolean): readonly string[] | null {
  const later = useDeferredValue(text)
  return useMemo(
    () =>
      chains && overLimit(limits, openedWith(opening, later.trim())) !== null
        ? splitText(later, limits, { opening })
        : null,
    [chains, limits, opening, later],
  )
}

const MOST_PARTS = 25

/** How it will read: one part below the other, each with what is left of it. */
export function ChainPreview({
  parts,
  limits,
  opening,
}: {
  parts: readonly string[]
  limits: Limits
  /** What the first begins with. */
  opening: string
}) {
  const { t } = useLingui()
  const tooMany = parts.length > MOST_PARTS
  return (
    <details className="mx-3 mb-2 rounded-control border border-line bg-sunken px-3 py-2">
      <summary className="cursor-pointer text-small font-medium">
        <Plural value={parts.length} one="Leaves as # post" other="Leaves as # posts, each below the one before" />
        {tooMany && (
          <span className="text-overdue">
            {' '}
            <Trans>({MOST_PARTS} are the most)</Trans>
          </span>
        )}
      </summary>
      <ol aria-label={t`Parts of the thread`} className="mt-2 flex max-h-64 flex-col gap-2 overflow-y-auto">
        {parts.slice(0, MOST_PARTS).map((part, at) => {
          const limit = worst(limits, at === 0 ? openedWith(opening, part) : part)
          return (
            <li key={at} className="flex items-start gap-2 border-s-2 border-line ps-2">
              <p dir="auto" className="min-w-0 flex-1 whitespace-pre-wrap wrap-anywhere">
                {part}
              </p>
              {limit && <CounterRing used={limit.used} limit={limit.max} />}
            </li>
          )
        })}
      </ol>
    </details>
  )
}

type WarningProps = { value: string | null; onChange: (warning: string | null) => void }

/** The line that the answer is hidden behind, once somebody wants one. */
export function WarningField({ value, onChange }: WarningProps) {
  const { t } = useLingui()
  if (value === null) return null
  return (
    <div className="mx-3 mt-1 flex items-center gap-2 border-b border-line">
      <Icon of={EyeOff} className="size-4 text-waiting" />
      <input
        dir="auto"
        aria-label={t`Warning that it is hidden behind`}
        placeholder={t`Hidden behind this line, until a reader wants to see it`}
        maxLength={500}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-control-small min-w-0 flex-1 bg-transparent outline-none focus-visible:ring-0"
      />
      <IconButton icon={X} size="small" label={t`No warning`} onClick={() => onChange(null)} />
    </div>
  )
}
