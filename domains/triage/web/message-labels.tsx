import { Trans, useLingui } from '@lingui/react/macro'
import { Check, OctagonAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useMay } from '../../../platform/browser/session.tsx'
import { cx } from '../../../web/ui/cx.ts'
import { Icon } from '../../../web/ui/icon.tsx'
import { Popover } from '../../../web/ui/popover.tsx'
import { useKeysFor } from '../../../web/ui/use-shortcuts.tsx'
import type { Message } from '#inbox/contract'
import type { MessageAssessment } from '../contract.ts'
import { useCertainty } from './certainty.ts'
import { CorrectionPanel } from './correction-panel.tsx'
import { openedCorrection, useOpenedCorrection } from './opened-correction.ts'
import { useIntentWords, useSentimentWords, useSeverityWords, useToxicityWords, useTopicName } from './label-words.ts'
import { useAssessment } from './use-assessment.ts'

/** What Rapport makes of a message, in a quiet line under it; pressing it puts a label right. */
export function MessageLabels({ message }: { message: Message }) {
  const { t } = useLingui()
  const may = useMay()
  const { said } = useAssessment(message)
  const opened = useOpenedCorrection()
  const keys = useKeysFor('triage.correct', 'c')
  const certainty = useCertainty()
  if (!said) return null
  const line = <LabelLine said={said} />
  const look =
    'ms-2 mt-1 flex min-h-6 max-w-full flex-wrap items-center gap-x-1.5 rounded-mark px-1 text-start text-small text-muted'
  if (!may('triage.correct')) return <p className={look}>{line}</p>
  return (
    <Popover
      title={t`Put it right`}
      open={opened === message.id}
      onOpenChange={(open) => openedCorrection.set(open ? message.id : null)}
      trigger={
        <button
          type="button"
          data-tip={certainty(said)}
          data-tip-side="bottom"
          {...(keys && { 'data-tip-keys': keys })}
          className={cx(look, 'hover:bg-hover hover:text-text data-popup-open:bg-hover')}
        >
          {line}
          <span className="sr-only">
            <Trans>Put these labels right</Trans>
          </span>
        </button>
      }
    >
      <CorrectionPanel said={said} onDone={() => openedCorrection.set(null)} />
    </Popover>
  )
}

function LabelLine({ said }: { said: MessageAssessment }) {
  const { t } = useLingui()
  const sentiments = useSentimentWords()
  const intents = useIntentWords()
  const severities = useSeverityWords()
  const toxicity = useToxicityWords()
  const topicName = useTopicName()
  const parts: { key: string; words: string; fixed: boolean }[] = [
    {
      key: 'sentiment',
      words: sentiments[said.sentiment.label],
      fixed: said.corrected.includes('sentiment'),
    },
    ...(said.intent === 'other' && !said.corrected.includes('intent')
      ? []
      : [{ key: 'intent', words: intents[said.intent], fixed: said.corrected.includes('intent') }]),
    ...(said.topic === null
      ? []
      : [{ key: 'topic', words: topicName(said.topic), fixed: said.corrected.includes('topic') }]),
    ...(said.toxicity.label === 'none'
      ? []
      : [{ key: 'toxicity', words: toxicity[said.toxicity.label], fixed: said.corrected.includes('toxicity') }]),
  ]
  const byMember = t`put right by a member`
  return (
    <>
      {said.severity.map(({ kind }) => (
        <span key={kind} className="flex items-center gap-1 font-medium text-crisis">
          <Icon of={OctagonAlert} className="size-3.5" />
          {severities[kind]}
        </span>
      ))}
      {parts.map(({ key, words, fixed }, at) => (
        <Part key={key} last={at === parts.length - 1}>
          {fixed && <Icon of={Check} label={byMember} className="size-3.5" />}
          {words}
        </Part>
      ))}
    </>
  )
}

function Part({ last, children }: { last: boolean; children: ReactNode }) {
  return (
    <span className="flex items-center gap-1.5">
      <span className="flex items-center gap-0.5">{children}</span>
      {!last && <span aria-hidden>·</span>}
    </span>
  )
}
