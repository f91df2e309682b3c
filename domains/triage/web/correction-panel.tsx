import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useId, useRef } from 'react'
import { Combobox } from '../../../web/ui/combobox.tsx'
import { cx } from '../../../web/ui/cx.ts'
import { Kbd } from '../../../web/ui/kbd.tsx'
import { useKeysFor, useShortcuts } from '../../../web/ui/use-shortcuts.tsx'
import { intentNames, severityNames, type CorrectableLabel, type MessageAssessment } from '../contract.ts'
import { useCertainty } from './certainty.ts'
import { valueOf, type LabelValue } from './labels.ts'
import { useIntentWords, useSentimentWords, useSeverityWords, useToxicityWords } from './label-words.ts'
import { topicsQuery } from './queries.ts'
import { useCorrect } from './use-correct.ts'

const sentiments = ['negative', 'neutral', 'positive'] as const
const intentKeys: Record<(typeof intentNames)[number], string> = {
  complaint: 'c',
  question: 'q',
  request: 'r',
  praise: 'p',
  allegation: 'a',
  threat: 't',
  feedback: 'f',
  spam: 's',
  other: 'o',
}
const severityKeys: Record<(typeof severityNames)[number], string> = {
  safety: 'y',
  legal: 'l',
  discrimination: 'd',
  fraud: 'u',
  money: 'm',
  outage: 'g',
  vulnerable: 'v',
  'self-harm': 'h',
}

interface Answer {
  readonly id: string
  readonly keys: string
  readonly words: string
  readonly chosen: boolean
  readonly run: () => void
}

/** Every label of a message with one key each. An answer closes it; Undo stands below. */
export function CorrectionPanel({ said, onDone }: { said: MessageAssessment; onDone: () => void }) {
  const { t } = useLingui()
  const { sentiment, intent, severity, insult, correct } = useAnswers(said, onDone)
  const topicPart = useRef<HTMLDivElement>(null)
  const { data: topics = [] } = useQuery(topicsQuery)
  const certainty = useCertainty()
  useShortcuts(
    [
      ...[...sentiment, ...intent, ...severity, insult].map(({ id, keys, words, run }) => ({
        id,
        keys,
        label: words,
        group: t`Putting labels right`,
        run,
      })),
      {
        id: 'triage.correct.topic',
        keys: '/',
        label: t`Topic`,
        group: t`Putting labels right`,
        run: () => topicPart.current?.querySelector('input')?.focus(),
      },
    ],
    { blocking: true },
  )
  return (
    <div className="flex w-80 max-w-full flex-col gap-3">
      <p className="text-small text-muted">{certainty(said)}</p>
      <Answers title={t`How it is meant`} answers={sentiment} />
      <Answers title={t`What it is`} answers={intent} />
      <Answers title={t`How grave it is`} answers={[...severity, insult]} several />
      <div ref={topicPart}>
        <Combobox
          label={t`What it is about`}
          placeholder={t`No topic`}
          choices={topics.map(({ key, name }) => ({ value: key, label: name }))}
          value={said.topic}
          empty={<Trans>No topic is called that.</Trans>}
          onValueChange={(key) =>
            key !== said.topic && correct('topic', key, topics.find((topic) => topic.key === key)?.name ?? t`No topic`)
          }
        />
      </div>
    </div>
  )
}

function useAnswers(said: MessageAssessment, onDone: () => void) {
  const put = useCorrect('thread')
  const toxicity = useToxicityWords()
  const correct = (label: CorrectableLabel, value: LabelValue, words: string) => {
    onDone()
    void put({ said, label, value, words })
  }
  const sentimentWords = useSentimentWords()
  const intentWords = useIntentWords()
  const severityWords = useSeverityWords()
  const kinds = valueOf(said, 'severity') as string[]
  const none = toxicity.none
  const isInsult = said.toxicity.label !== 'none'
  const answer = (id: string, keys: string, words: string, chosen: boolean, run: () => void): Answer => ({
    id: `triage.correct.${id}`,
    keys,
    words,
    chosen,
    run,
  })
  return {
    correct,
    sentiment: sentiments.map((name, at) =>
      answer(name, String(at + 1), sentimentWords[name], said.sentiment.label === name, () =>
        correct('sentiment', name, sentimentWords[name]),
      ),
    ),
    intent: intentNames.map((name) =>
      answer(name, intentKeys[name], intentWords[name], said.intent === name, () =>
        correct('intent', name, intentWords[name]),
      ),
    ),
    severity: severityNames.map((name) => {
      const on = kinds.includes(name)
      return answer(name, severityKeys[name], severityWords[name], on, () =>
        correct('severity', on ? kinds.filter((kind) => kind !== name) : [...kinds, name], severityWords[name]),
      )
    }),
    insult: answer('insult', 'x', toxicity.offensive, isInsult, () =>
      correct('toxicity', isInsult ? 'none' : 'offensive', isInsult ? none : toxicity.offensive),
    ),
  }
}

function Answers({ title, answers, several = false }: { title: string; answers: Answer[]; several?: boolean }) {
  const id = useId()
  return (
    <div role="group" aria-labelledby={id} className="flex flex-col gap-1">
      <p id={id} className="text-small text-muted">
        {title}
      </p>
      <div className={cx('grid gap-1', !several && answers.length === 3 ? 'grid-cols-1' : 'grid-cols-2')}>
        {answers.map((answer) => (
          <AnswerButton key={answer.id} {...answer} />
        ))}
      </div>
    </div>
  )
}

function AnswerButton({ id, keys, words, chosen, run }: Answer) {
  const shown = useKeysFor(id, keys)
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={run}
      className="flex h-control-small min-w-0 items-center justify-between gap-1 rounded-control border border-line px-2 text-start hover:border-edge hover:bg-hover aria-pressed:border-accent aria-pressed:bg-tint aria-pressed:font-medium"
    >
      <span className="min-w-0 truncate">{words}</span>
      {shown && <Kbd keys={shown} className="pointer-coarse:hidden" />}
    </button>
  )
}
