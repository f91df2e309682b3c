import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheckBig } from 'lucide-react'
import { Button } from '../../../web/ui/button.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { SkeletonRows } from '../../../web/ui/skeleton.tsx'
import { useKeysFor, useShortcuts } from '../../../web/ui/use-shortcuts.tsx'
import { NotForYou, Page, QueryPart, useMay } from '../../workspaces/web/index.ts'
import type { ReviewItem } from '../contract.ts'
import { Blur } from './blur.tsx'
import { useIntentWords, useSentimentWords } from './label-words.ts'
import { layersQuery, reviewQuery } from './queries.ts'
import { TriageNav } from './triage-nav.tsx'
import { useReview } from './use-review.ts'

/** One question at a time, the most useful first: how is this meant? */
export function ReviewScreen() {
  const { t } = useLingui()
  const canCorrect = useMay()('triage.correct')
  return (
    <Page
      title={t`Questions`}
      lead={<Trans>Say how a message is meant. The questions that teach most come first.</Trans>}
      nav={<TriageNav />}
    >
      {canCorrect ? <Queue /> : <NotForYou />}
    </Page>
  )
}

function Queue() {
  const query = useInfiniteQuery(reviewQuery)
  const review = useReview(query)
  return (
    <QueryPart query={query}>
      {() => (
        <>
          <Progress />
          {review.item ? (
            <Question key={review.item.assessment.messageId} item={review.item} review={review} />
          ) : query.hasNextPage || query.isFetching ? (
            <SkeletonRows rows={4} />
          ) : (
            <AllAnswered />
          )}
        </>
      )}
    </QueryPart>
  )
}

function AllAnswered() {
  const { t } = useLingui()
  return (
    <Panel>
      <EmptyState icon={CircleCheckBig} title={t`There is nothing to ask`}>
        <Trans>
          Rapport asks about messages where it is torn, where the words are new to it, and now and then about one that
          chance picks. They come with the next messages.
        </Trans>
      </EmptyState>
    </Panel>
  )
}

/** How far it is until the workspace's own words count. */
function Progress() {
  const { data } = useQuery(layersQuery)
  if (!data) return null
  const { corrections, needed } = data.state
  const left = Math.max(0, needed - corrections)
  const live = data.items.find(({ kind, state }) => kind === 'sentiment' && state === 'live')
  const version = live?.version
  return (
    <div className="flex flex-col gap-1.5">
      <p role="status" className="text-small text-muted">
        {left > 0 ? (
          <Plural
            value={left}
            one="# answer until Rapport learns from this workspace"
            other="# answers until Rapport learns from this workspace"
          />
        ) : (
          <>
            <Plural value={corrections} one="# answer so far." other="# answers so far." />{' '}
            {version === undefined ? (
              <Trans>It learns some seconds after the last one, and what it learned is used once it is better.</Trans>
            ) : (
              <Trans>
                Version {version} of what you taught is in use; it learns on some seconds after each answer.
              </Trans>
            )}
          </>
        )}
      </p>
      {left > 0 && (
        <div aria-hidden className="h-1 max-w-form rounded-full bg-line">
          <div
            className="h-1 rounded-full bg-accent transition-[inline-size]"
            style={{ inlineSize: `${Math.round((corrections / needed) * 100)}%` }}
          />
        </div>
      )}
    </div>
  )
}

function Question({ item, review }: { item: ReviewItem; review: ReturnType<typeof useReview> }) {
  const { t } = useLingui()
  const sentiments = useSentimentWords()
  const intents = useIntentWords()
  const { assessment, customerName, text, occurredAt } = item
  const group = t`Questions`
  const answers = [
    { id: 'negative', label: sentiments.negative, run: () => review.answer(item, 'sentiment', 'negative') },
    { id: 'neutral', label: sentiments.neutral, run: () => review.answer(item, 'sentiment', 'neutral') },
    { id: 'positive', label: sentiments.positive, run: () => review.answer(item, 'sentiment', 'positive') },
    { id: 'spam', label: intents.spam, run: () => review.answer(item, 'intent', 'spam') },
  ].map((answer, at) => ({ ...answer, id: `triage.review.${answer.id}`, keys: String(at + 1), group }))
  const skip = { id: 'triage.review.skip', keys: 's', label: t`Skip`, group, run: () => review.skip(item) }
  useShortcuts([...answers, skip])
  return (
    <Panel>
      <article className="flex flex-col gap-4">
        <header className="flex flex-wrap items-baseline gap-x-2 text-small text-muted">
          <bdi className="font-medium text-text">{customerName ?? t`Unknown person`}</bdi>
          <RelativeTime at={occurredAt} />
          <Link
            to="/inbox/{-$conversationId}"
            params={{ conversationId: assessment.conversationId }}
            hash={`message-${assessment.messageId}`}
            search={{}}
            className="ms-auto underline hover:text-text"
          >
            <Trans>Open the conversation</Trans>
          </Link>
        </header>
        <Blur on={assessment.toxicity.label !== 'none'}>
          <p dir="auto" className="max-h-96 max-w-measure overflow-y-auto text-large break-words whitespace-pre-wrap">
            {text}
          </p>
        </Blur>
        <Why item={item} />
        <div role="group" aria-label={t`How is this meant?`} className="flex flex-wrap gap-2">
          {answers.map((answer) => (
            <Answer key={answer.id} {...answer} />
          ))}
          <Answer {...skip} plain />
        </div>
      </article>
    </Panel>
  )
}

function Answer({
  id,
  keys,
  label,
  plain = false,
  run,
}: {
  id: string
  keys: string
  label: string
  plain?: boolean
  run: () => void
}) {
  return (
    <Button look={plain ? 'plain' : 'quiet'} keys={useKeysFor(id, keys)} onClick={run} className="max-tablet:flex-1">
      {label}
    </Button>
  )
}

function Why({ item: { why, assessment } }: { item: ReviewItem }) {
  const { i18n } = useLingui()
  const words = useSentimentWords()
  const percent = new Intl.NumberFormat(i18n.locale, { style: 'percent' })
  const [first, second] = (['negative', 'neutral', 'positive'] as const)
    .map((name) => ({ words: words[name], share: assessment.sentiment.probabilities[name] }))
    .toSorted((a, b) => b.share - a.share)
    .map(({ words, share }) => `${words} (${percent.format(share)})`)
  return (
    <p className="text-small text-muted">
      {why === 'torn' ? (
        <Trans>
          Asked because Rapport is torn: {first} or {second}.
        </Trans>
      ) : why === 'new' ? (
        <Trans>Asked because its words are new to Rapport.</Trans>
      ) : (
        <Trans>Asked because chance picked it: such answers keep the figures fair.</Trans>
      )}
    </p>
  )
}
