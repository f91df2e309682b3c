// Asking a platform to do something about a message, and what became of it.
import { Trans, useLingui } from '@lingui/react/macro'
import { useState, type ReactNode } from 'react'
import { problemOf } from '../../../platform/browser/api.ts'
import { Button } from '../../../web/ui/button.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { TextArea } from '../../../web/ui/text-area.tsx'
import type { Message, ModerationAction } from '../contract.ts'
import { networksApi } from './api.ts'

/** Each deed in two forms: as what is asked for, and as what was done. */
export function useModerationWords(): Record<ModerationAction, { readonly ask: string; readonly done: string }> {
  const { t } = useLingui()
  return {
    hide: { ask: t`Hide on the network`, done: t`Hidden on the network` },
    remove: { ask: t`Remove from the network`, done: t`Removed from the network` },
    report: { ask: t`Report to the network`, done: t`Reported to the network` },
    block: { ask: t`Block the author there`, done: t`Author blocked there` },
    unblock: { ask: t`Unblock the author there`, done: t`Author unblocked there` },
    mute: { ask: t`Mute the author there`, done: t`Author muted there` },
    unmute: { ask: t`Unmute the author there`, done: t`Author no longer muted there` },
  }
}

const isAction = (value: unknown, words: Readonly<Record<string, unknown>>): value is ModerationAction =>
  typeof value === 'string' && value in words

/** The line in the thread once the platform has said. */
export function Moderated({ message: { data }, who }: { message: Message; who: string }): ReactNode {
  const words = useModerationWords()
  const { action, state } = data
  const said = isAction(action, words) ? words[action] : null
  const reason = String(data['reason'] ?? '')
  const why = String(data['stateReason'] ?? '')
  if (!said) return who
  if (state === 'rejected')
    return (
      <Trans>
        Refused: {said.ask}. {why}
      </Trans>
    )
  if (state === 'gone') return <Trans>{said.ask}: it was gone already</Trans>
  return (
    <Trans>
      {said.done}: “{reason}”
    </Trans>
  )
}

/** What was asked and is not settled yet. */
export function ModerationLine({ message: { moderations } }: { message: Message }) {
  const words = useModerationWords()
  const waiting = moderations.filter(({ state }) => state === 'asked' || state === 'waiting')
  if (waiting.length === 0) return null
  return (
    <ul className="mt-1 text-small text-waiting">
      {waiting.map(({ id, action, state, stateReason }) => (
        <li key={id}>
          {words[action].ask}: {state === 'asked' ? <Trans>asked</Trans> : <Trans>tried again soon</Trans>}
          {stateReason && ` (${stateReason})`}
        </li>
      ))}
    </ul>
  )
}

type ModerateProps = { message: Message; action: ModerationAction; name: string; onClose: () => void }

/** Why is asked first: it stays on record. */
export function ModerateDialog({ message, action, name, onClose }: ModerateProps) {
  const { t } = useLingui()
  const words = useModerationWords()
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const ask = async () => {
    setBusy(true)
    try {
      await networksApi.moderateMessage({ params: { id: message.id }, body: { action, reason: reason.trim() } })
      onClose()
    } catch (error) {
      setBusy(false)
      notify(problemOf(error).message, { tone: 'danger' })
    }
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={words[action].ask}
      description={
        action === 'report' ? (
          <Trans>The message of {name} is reported to the network’s own moderators, with your reason.</Trans>
        ) : (
          <Trans>This happens on the network itself. It stays on record here, with your name and reason.</Trans>
        )
      }
      actions={
        <Button look="danger" busy={busy} disabled={reason.trim().length < 3} onClick={() => void ask()}>
          {words[action].ask}
        </Button>
      }
    >
      <TextArea
        label={t`Why`}
        hint={t`At least three letters; the customer never sees it.`}
        value={reason}
        onValueChange={setReason}
        maxLength={500}
        required
      />
    </Dialog>
  )
}
