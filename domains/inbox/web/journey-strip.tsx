import { Trans, useLingui } from '@lingui/react/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { StateDot } from '../../../web/ui/badge.tsx'
import { cx } from '../../../web/ui/cx.ts'
import { Tooltip } from '../../../web/ui/tooltip.tsx'
import type { Conversation } from '../contract.ts'
import { journeyOf, type Step } from './journey.ts'
import { messagesQuery } from './queries.ts'
import { momentWords, spanWords } from './words.ts'

/** The steps of the present episode; null until they are known. */
export function useJourney(conversation: Conversation): Step[] | null {
  const { data, hasNextPage } = useInfiniteQuery(messagesQuery(conversation.id))
  return useMemo(
    () => (data ? journeyOf(conversation, data.pages.flatMap(({ items }) => items).toReversed(), !hasNextPage) : null),
    [conversation, data, hasNextPage],
  )
}

/** From the first word to the resolution, with the time that each step took. Only steps that exist are drawn. */
export function JourneyStrip({ steps }: { steps: readonly Step[] }) {
  const { t, i18n } = useLingui()
  const names: Record<Step['id'], string> = { heard: t`Heard`, answered: t`Answered`, resolved: t`Resolved` }
  return (
    <ol
      aria-label={t`Journey`}
      className="flex min-w-0 flex-wrap items-center gap-x-2 text-small text-muted max-tablet:hidden"
    >
      {steps.map(({ id, at, took }, index) => {
        const span = took === null ? '' : spanWords(took, i18n.locale)
        return (
          <li
            key={id}
            // What is still to come is said where there is room for it.
            className={cx('items-center gap-1.5', at ? 'flex' : 'hidden @dialog-wide:flex')}
          >
            {index > 0 && <span aria-hidden className="h-px w-4 bg-line" />}
            <StateDot tone={at ? 'resolved' : 'plain'} />
            {at ? (
              <Tooltip text={momentWords(at, i18n.locale)}>
                <span className="text-text">{names[id]}</span>
              </Tooltip>
            ) : (
              <span>
                {names[id]} <span className="sr-only">{t`not yet`}</span>
              </span>
            )}
            {took !== null && (
              <span>
                <Trans>after {span}</Trans>
              </span>
            )}
          </li>
        )
      })}
    </ol>
  )
}
