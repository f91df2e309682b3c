import { Trans, useLingui } from '@lingui/react/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { StateDot } from '../../../web/ui/badge.tsx'
import { Tooltip } from '../../../web/ui/tooltip.tsx'
import type { Conversation } from '../contract.ts'
import { journeyOf, type Step } from './journey.ts'
import { messagesQuery } from './queries.ts'
import { momentWords, spanWords } from './words.ts'

/** From the first word to the resolution, with the time that each step took. Only steps that exist are drawn. */
export function JourneyStrip({ conversation }: { conversation: Conversation }) {
  const { t, i18n } = useLingui()
  const { data, hasNextPage } = useInfiniteQuery(messagesQuery(conversation.id))
  const steps = useMemo(
    () => data && journeyOf(conversation, data.pages.flatMap(({ items }) => items).toReversed(), !hasNextPage),
    [conversation, data, hasNextPage],
  )
  if (!steps) return null
  const names: Record<Step['id'], string> = { heard: t`Heard`, answered: t`Answered`, resolved: t`Resolved` }
  return (
    <ol aria-label={t`Journey`} className="flex min-w-0 flex-wrap items-center gap-x-2 text-small text-muted">
      {steps.map(({ id, at, took }, index) => {
        const span = took === null ? '' : spanWords(took, i18n.locale)
        return (
          <li key={id} className="flex items-center gap-1.5">
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
