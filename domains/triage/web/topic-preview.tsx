import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { problemOf } from '../../../platform/browser/api.ts'
import { Button } from '../../../web/ui/button.tsx'
import type { TopicPreview } from '../contract.ts'
import { topics } from './calls.ts'

const SHOWN = 8

type Caught = TopicPreview['caught'][number]

/** What a topic of these examples would catch among the newest messages, asked for by a press and stored nowhere. */
export function CaughtByTopic({ examples, topicKey }: { examples: string[]; topicKey?: string }) {
  const preview = useMutation({
    mutationFn: () => topics.previewTopic({ body: { examples, ...(topicKey !== undefined && { key: topicKey }) } }),
  })
  return (
    <div className="flex flex-col gap-2">
      <Button
        className="self-start"
        size="small"
        busy={preview.isPending}
        disabled={examples.length === 0}
        onClick={() => preview.mutate()}
      >
        <Trans>See what it would catch</Trans>
      </Button>
      <div role="status">
        {preview.error && <p className="text-small text-overdue">{problemOf(preview.error).message}</p>}
        {preview.data && <WhatItCaught preview={preview.data} />}
      </div>
    </div>
  )
}

/** The same words once: six copies would hide what else there is. Each opens beside what is being written here. */
function WhatItCaught({ preview: { looked, count, caught } }: { preview: TopicPreview }) {
  const { t, i18n } = useLingui()
  const percent = new Intl.NumberFormat(i18n.locale, { style: 'percent' })
  const alike = Map.groupBy(caught, ({ text }) => text) as Map<string, [Caught, ...Caught[]]>
  return (
    <div className="flex flex-col gap-1 text-small">
      <p className="text-muted">
        <Trans>
          Of the newest <Plural value={looked} one="# message" other="# messages" /> it would catch {count}.
        </Trans>{' '}
        {count > SHOWN && <Trans>The surest of them:</Trans>}
      </p>
      {alike.size > 0 && (
        <ul aria-label={t`What it would catch`} className="rounded-panel border border-line">
          {[...alike.values()].slice(0, SHOWN).map(([{ messageId, conversationId, text, probability }, ...more]) => (
            <li key={messageId} className="flex gap-3 border-b border-line px-3 py-1 last:border-b-0">
              <Link
                to="/inbox/{-$conversationId}"
                params={{ conversationId }}
                target="_blank"
                dir="auto"
                className="line-clamp-2 min-w-0 flex-1 break-words text-text hover:underline"
              >
                {text}
              </Link>
              {more.length > 0 && (
                <span className="shrink-0 text-muted">
                  <Plural value={more.length} one="# more like it" other="# more like it" />
                </span>
              )}
              <span className="shrink-0 text-muted tabular-nums">{percent.format(probability)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
