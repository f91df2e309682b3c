import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Eye, EyeOff, LockKeyhole } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { Message } from '#inbox/contract'
import { problemOf } from '../../../platform/browser/api.ts'
import { useMay } from '../../../platform/browser/session.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { conversationQuery } from '../../inbox/web/index.ts'
import { Copied } from '../../workspaces/web/index.ts'
import { Blur } from './blur.tsx'
import { assessments } from './calls.ts'
import { usePersonalWords } from './label-words.ts'
import { useAssessment } from './use-assessment.ts'

type WordsProps = { message: Message; children: (message: Message) => ReactNode }

/** Words that insult are blurred until somebody wants to see them; personal data stays covered until somebody says so, on record. */
export function CoveredWords({ message, children }: WordsProps) {
  if (message.kind !== 'in' || message.deletedAt) return children(message)
  return (
    <Blurred message={message}>
      <Masked message={message}>{children}</Masked>
    </Blurred>
  )
}

function Blurred({ message, children }: { message: Message; children: ReactNode }) {
  const { said, known } = useAssessment(message)
  const { data: conversation } = useQuery({ ...conversationQuery(message.conversationId), staleTime: Infinity })
  // Where one of the conversation's messages insults, none is shown before it is known to be another.
  const insults = said ? said.toxicity.label !== 'none' : !known && conversation?.understood.toxic === true
  return <Blur on={insults}>{children}</Blur>
}

function Masked({ message, children }: WordsProps) {
  const { i18n } = useLingui()
  const may = useMay()
  const words = usePersonalWords()
  const [clear, setClear] = useState<Partial<Message> | null>(null)
  const [busy, setBusy] = useState(false)
  const spans = message.personal ?? []
  if (spans.length === 0) return children(message)
  const kinds = [...new Set(spans.map(({ kind }) => kind))].map((kind) => words[kind as keyof typeof words] ?? kind)
  const list = new Intl.ListFormat(i18n.locale, { type: 'conjunction' }).format(kinds)
  const reveal = async () => {
    setBusy(true)
    try {
      setClear(await assessments.revealMessage({ params: { id: message.id } }))
    } catch (error) {
      notify(problemOf(error).message, { tone: 'danger' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      {children(clear ? { ...message, ...clear } : message)}
      <div className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1 border-t border-line pt-1.5 text-small text-muted">
        <Icon of={LockKeyhole} className="size-3.5" />
        <p className="min-w-0 flex-1 basis-32">
          {clear ? (
            <Trans>In the clear, on record.</Trans>
          ) : (
            <>
              <Plural value={spans.length} one="# place is covered" other="# places are covered" />: {list}
            </>
          )}
        </p>
        {clear?.body !== undefined && <Values of={valuesIn(clear.body, spans)} />}
        {clear ? (
          <Button size="small" look="plain" icon={EyeOff} onClick={() => setClear(null)}>
            <Trans>Cover it again</Trans>
          </Button>
        ) : (
          may('triage.reveal') && (
            <Button size="small" look="plain" icon={Eye} busy={busy} onClick={() => void reveal()}>
              <Trans>Show, on record</Trans>
            </Button>
          )
        )}
      </div>
    </>
  )
}

/** What was covered, once each; covering changes no length, so it stands at the same places. */
const valuesIn = (body: string, spans: NonNullable<Message['personal']>): string[] => [
  ...new Set(spans.map(({ start, end }) => body.slice(start, end))),
]

const MOST_VALUES = 4

/** The numbers and addresses that one looked for, each one press away from where it is needed. */
const Values = ({ of }: { of: readonly string[] }) =>
  of.slice(0, MOST_VALUES).map((value) => <Copied key={value} text={value} label={value} />)
