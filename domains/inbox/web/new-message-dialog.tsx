import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useRef, useState, type KeyboardEvent } from 'react'
import { problemOf } from '../../../platform/browser/api.ts'
import { Button } from '../../../web/ui/button.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { FormErrors } from '../../../web/ui/form.tsx'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { notify, offerUndo } from '../../../web/ui/notice-store.ts'
import { Select } from '../../../web/ui/select.tsx'
import { SkeletonRows } from '../../../web/ui/skeleton.tsx'
import type { OpeningDraft } from '../contract.ts'
import { conversationsApi } from './api.ts'
import { PendingAttachments } from './attachments.tsx'
import { SaveWords } from './composer-parts.tsx'
import { MailPreview, Signature } from './mail-parts.tsx'
import { keys } from './queries.ts'
import { Recipients } from './recipients.tsx'
import { untilAnswered } from './until-answered.ts'
import { openingQuery, restoreOpening, useOpening } from './use-opening.ts'
import { useTakeBack } from './use-take-back.ts'
import { useUploads } from './use-uploads.ts'
import { AddFilesButton, WritingBox } from './writing-box.tsx'

type NewMessageProps = { from: readonly { id: string; name: string; signature: string }[]; onClose: () => void }

/** A first message to somebody who has not written: it opens a conversation that waits for them. */
export function NewMessageDialog(props: NewMessageProps) {
  const { t } = useLingui()
  const { data: stored, error } = useQuery(openingQuery)
  if (stored !== undefined) return <Writing {...props} stored={stored} />
  return (
    <Dialog open wide onOpenChange={(open) => !open && props.onClose()} title={t`New message`}>
      {error ? <p>{problemOf(error).message}</p> : <SkeletonRows rows={4} />}
    </Dialog>
  )
}

function Writing({ from, onClose, stored }: NewMessageProps & { stored: OpeningDraft | null }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const navigate = useNavigate()
  const takeBack = useTakeBack()
  // What it was when writing began: from then on this window is ahead of the server.
  const [began] = useState(stored)
  const { opening, change, add: attach, saveState, flush, forget, discard } = useOpening(began)
  const { addressees, subject, body, attachments } = opening
  const { uploads, add } = useUploads(attach)
  const [busy, setBusy] = useState(false)
  const [unread, setUnread] = useState(false)
  const [refused, setRefused] = useState<string[]>([])
  // The same on every try, so that a lost answer does not write twice.
  const clientId = useRef(crypto.randomUUID())
  const sender = from.find(({ id }) => id === opening.connectionId) ?? from[0]!
  const begun = body.trim() !== '' || subject.trim() !== '' || attachments.length > 0 || addressees.to.length > 0
  const ready =
    !busy &&
    !unread &&
    addressees.to.length > 0 &&
    subject.trim() !== '' &&
    (body.trim() !== '' || attachments.length > 0) &&
    uploads.length === 0

  const send = async () => {
    if (!ready) return
    setBusy(true)
    setRefused([])
    const id = clientId.current
    try {
      await flush()
      const { conversationId } = await untilAnswered(() =>
        conversationsApi.startConversation({
          body: {
            connectionId: sender.id,
            ...addressees,
            subject: subject.trim(),
            body: body.trim(),
            attachmentIds: attachments.map((one) => one.id),
            clientId: id,
          },
        }),
      )
      forget()
      void client.invalidateQueries({ queryKey: keys.conversations })
      onClose()
      const to = addressees.to[0]!
      const name = to.name ?? to.address
      offerUndo({
        text: t`Message to ${name} sent`,
        seconds: 10,
        onUndo: () => void takeBack({ id, conversationId }),
      })
      await navigate({ to: '/inbox/{-$conversationId}', params: { conversationId }, search: (before) => before })
    } catch (error) {
      setRefused([problemOf(error).message])
      setBusy(false)
    }
  }
  const throwAway = async () => {
    const lost = opening
    await discard()
    onClose()
    // The files are still there: they belong to who uploaded them until a message takes them.
    offerUndo({ text: t`Draft thrown away`, onUndo: () => void restoreOpening(client, lost).catch(() => undefined) })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
    event.preventDefault()
    void send()
  }
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => {
        if (open) return
        onClose()
        if (begun) notify(t`Kept as a draft. “Write a new message” goes on with it.`)
      }}
      title={t`New message`}
      actions={
        <>
          <AddFilesButton onFiles={add} />
          <MailPreview body={body} signature={sender.signature} size="normal" />
          <IconButton
            icon={Trash2}
            label={t`Throw the draft away`}
            disabled={!begun}
            onClick={() => void throwAway()}
          />
          <span className="me-auto flex items-center px-1">{begun && <SaveWords state={saveState} />}</span>
          <Button look="primary" busy={busy} disabled={!ready} onClick={() => void send()}>
            <Trans>Send</Trans>
          </Button>
        </>
      }
    >
      <FormErrors messages={refused} />
      <WritingBox onFiles={add} onKeyDown={onKeyDown} className="min-h-0">
        <div className="flex min-h-8 items-center gap-2 px-3 pt-1">
          <span className="w-16 shrink-0 text-small text-muted">
            <Trans>From</Trans>
          </span>
          {from.length > 1 ? (
            <Select
              label={t`From`}
              hideLabel
              className="min-w-0 flex-1"
              value={sender.id}
              onValueChange={(connectionId) => change({ connectionId })}
              choices={from.map(({ id, name }) => ({ value: id, label: name }))}
            />
          ) : (
            <bdi className="min-w-0 truncate text-small">{sender.name}</bdi>
          )}
        </div>
        <Recipients
          fresh
          value={addressees}
          onChange={(next) => change({ addressees: next })}
          subject={subject}
          onSubject={(next) => change({ subject: next })}
          onUnread={setUnread}
        />
        <textarea
          dir="auto"
          rows={8}
          aria-label={t`Message`}
          placeholder={t`Write your message`}
          maxLength={100_000}
          value={body}
          onChange={(event) => change({ body: event.target.value })}
          className="field-sizing-content max-h-textarea min-h-44 w-full resize-none bg-transparent px-3 py-2 outline-none pointer-coarse:text-large"
        />
        <Signature text={sender.signature} />
        <PendingAttachments
          attachments={attachments}
          uploads={uploads}
          onRemove={(id) => change({ attachments: attachments.filter((one) => one.id !== id) })}
        />
      </WritingBox>
    </Dialog>
  )
}
