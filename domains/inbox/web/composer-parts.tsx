// What stands above the box: whether it can be sent, what keeps it back, who else writes, two versions of one draft.
import { Trans, useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { Lock, Pencil } from 'lucide-react'
import { useState } from 'react'
import { problemOf } from '../../../platform/browser/api.ts'
import { useMay } from '../../../platform/browser/session.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { TextField } from '../../../web/ui/text-field.tsx'
import type { Conversation, ConversationThread } from '../contract.ts'
import { conversationsApi } from './api.ts'
import { useColleagues } from './names.tsx'
import { PopoverForm } from './popover-form.tsx'
import { keys } from './queries.ts'
import type { DraftHandle } from './use-draft.ts'
import type { Other } from './use-presence.ts'
import { useNow } from './use-now.ts'
import { momentWords, spanWords } from './words.ts'

const HOUR_MS = 3_600_000

/** Who will read it, until when it can be sent, at what cost: before anyone types. `said`: the switch below says who already. */
export function ComposerState({ thread, note, said }: { thread: ConversationThread; note: boolean; said: boolean }) {
  const { i18n } = useLingui()
  const now = useNow()
  const { canReply, visibility } = thread
  if (note) return <Line words={<Trans>Only colleagues see this</Trans>} />
  if (!canReply.ok) return <Line words={<Trans>Can’t be answered</Trans>} strong />
  const left = canReply.until ? Date.parse(canReply.until) - now : null
  const span = left === null ? '' : spanWords(left, i18n.locale)
  const until = canReply.until ? momentWords(canReply.until, i18n.locale) : ''
  return (
    <Line
      strong={left !== null && left < HOUR_MS}
      words={
        <>
          {left !== null ? (
            left < 48 * HOUR_MS ? (
              <Trans>Can be answered for {span} more</Trans>
            ) : (
              <Trans>Can be answered until {until}</Trans>
            )
          ) : visibility === 'public' && !said ? (
            <Trans>Everybody will see this</Trans>
          ) : null}
          {canReply.cost && <> {canReply.cost}</>}
        </>
      }
    />
  )
}

function Line({ words, strong }: { words: React.ReactNode; strong?: boolean }) {
  return (
    <span className={strong ? 'block truncate text-small text-waiting' : 'block truncate text-small text-muted'}>
      {words}
    </span>
  )
}

/** What keeps answers back, why, and the way past it for those who may. */
export function Gates({ conversation }: { conversation: Conversation }) {
  const may = useMay()
  if (conversation.gates.length === 0) return null
  return (
    <ul className="flex flex-col gap-1">
      {conversation.gates.map((gate) => (
        <li key={gate.id} className="flex items-center gap-2 rounded-panel border border-line bg-raised px-3 py-2">
          <Icon of={Lock} className="text-waiting" />
          <span className="min-w-0 flex-1">
            <Trans>Answers are kept back:</Trans> {gate.reason}
          </span>
          {may('inbox.override_gate') && <OverrideGate conversationId={conversation.id} gateId={gate.id} />}
        </li>
      ))}
    </ul>
  )
}

function OverrideGate({ conversationId, gateId }: { conversationId: string; gateId: string }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const override = async () => {
    try {
      const answer = await conversationsApi.overrideGate({
        params: { id: conversationId, gateId },
        body: { reason: reason.trim() },
      })
      client.setQueryData(keys.conversation(conversationId), answer)
      setOpen(false)
    } catch (error) {
      notify(problemOf(error).message, { tone: 'danger' })
    }
  }
  return (
    <PopoverForm
      open={open}
      onOpenChange={setOpen}
      align="end"
      title={t`Let answers pass`}
      trigger={
        <Button size="small">
          <Trans>Override</Trans>
        </Button>
      }
      onSubmit={() => void override()}
    >
      <TextField
        label={t`Why`}
        hint={t`Stays on record with your name.`}
        value={reason}
        onValueChange={setReason}
        minLength={3}
        maxLength={500}
        required
      />
      <Button type="submit" look="primary" disabled={reason.trim().length < 3}>
        <Trans>Let them pass</Trans>
      </Button>
    </PopoverForm>
  )
}

/** So that two people do not answer the same words at the same time. */
export function WhoWrites({ others }: { others: readonly Other[] }) {
  const { t } = useLingui()
  const colleagues = useColleagues()
  const writing = others.filter(({ doing }) => doing === 'typing')
  if (writing.length === 0) return null
  const colleague = writing.find(({ memberId }) => memberId !== null)
  const name = colleague ? (colleagues.get(colleague.memberId ?? '')?.name ?? t`A colleague`) : ''
  return (
    <p role="status" className="flex items-center gap-2 px-1 text-small text-muted">
      <Icon of={Pencil} className="size-3.5" />
      {colleague ? (
        <Trans>{name} is writing here. Wait, or ask before you answer too.</Trans>
      ) : (
        <Trans>The customer is writing</Trans>
      )}
    </p>
  )
}

/** One draft, changed in two windows: both are shown, and a person chooses. */
export function DraftConflict({ draft: { other, keep } }: { draft: DraftHandle }) {
  return (
    <div role="alert" className="flex flex-col gap-2 rounded-panel border border-line bg-raised px-3 py-2">
      <p className="font-medium">
        <Trans>This draft was changed in another window. It says there:</Trans>
      </p>
      <p dir="auto" className="max-h-24 overflow-y-auto whitespace-pre-wrap text-muted">
        {other?.body || <Trans>(nothing: it was sent or removed)</Trans>}
      </p>
      <div className="flex gap-2">
        <Button size="small" onClick={() => keep('other')}>
          <Trans>Take that one</Trans>
        </Button>
        <Button size="small" onClick={() => keep('mine')}>
          <Trans>Keep what I wrote here</Trans>
        </Button>
      </div>
    </div>
  )
}

/** How far what is written is safe. */
export function SaveWords({ state }: { state: DraftHandle['saveState'] }) {
  const { t } = useLingui()
  const words = { saved: t`Draft saved`, saving: t`Saving`, unsaved: '', failed: t`Not saved yet` }
  return (
    <span className={state === 'failed' ? 'text-small text-waiting' : 'text-small text-muted'}>{words[state]}</span>
  )
}
