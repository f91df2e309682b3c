import { Trans, useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { problemOf } from '../../../platform/browser/api.ts'
import { Button } from '../../../web/ui/button.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { FormErrors } from '../../../web/ui/form.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { Select } from '../../../web/ui/select.tsx'
import { TextArea } from '../../../web/ui/text-area.tsx'
import type { Addressees } from '../contract.ts'
import { conversationsApi } from './api.ts'
import { MailPreview } from './mail-parts.tsx'
import { keys } from './queries.ts'
import { Recipients } from './recipients.tsx'
import { untilAnswered } from './until-answered.ts'

type NewMessageProps = { from: readonly { id: string; name: string }[]; onClose: () => void }

/** A first message to somebody who has not written: it opens a conversation that waits for them. */
export function NewMessageDialog({ from, onClose }: NewMessageProps) {
  const { t } = useLingui()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [connectionId, setConnectionId] = useState(from[0]?.id ?? '')
  const [addressees, setAddressees] = useState<Addressees>({ to: [], cc: [], bcc: [] })
  const [subject, setSubject] = useState('')
  const [body, setBody] = useState('')
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<string[]>([])
  // The same on every try, so that a lost answer does not write twice.
  const clientId = useRef(crypto.randomUUID())
  const ready = addressees.to.length > 0 && subject.trim() !== '' && body.trim() !== ''
  const written = body.trim() !== '' || subject.trim() !== ''
  const send = async () => {
    setBusy(true)
    setRefused([])
    try {
      const { conversationId } = await untilAnswered(() =>
        conversationsApi.startConversation({
          body: { connectionId, ...addressees, subject: subject.trim(), body: body.trim(), clientId: clientId.current },
        }),
      )
      void client.invalidateQueries({ queryKey: keys.conversations })
      onClose()
      notify(t`It leaves in ten seconds. Until then it can be taken back where it stands.`)
      await navigate({ to: '/inbox/{-$conversationId}', params: { conversationId }, search: (before) => before })
    } catch (error) {
      setRefused([problemOf(error).message])
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && (!written || confirm(t`Close it and lose what you wrote?`)) && onClose()}
      title={t`New message`}
      actions={
        <>
          <MailPreview body={body} />
          <Button look="primary" busy={busy} disabled={!ready} onClick={() => void send()}>
            <Trans>Send</Trans>
          </Button>
        </>
      }
    >
      <FormErrors messages={refused} />
      {from.length > 1 && (
        <Select
          label={t`From`}
          value={connectionId}
          onValueChange={(value) => setConnectionId(value ?? '')}
          choices={from.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      <div className="rounded-control border border-edge">
        <Recipients fresh value={addressees} onChange={setAddressees} subject={subject} onSubject={setSubject} />
      </div>
      <TextArea label={t`Message`} value={body} onValueChange={setBody} rows={8} maxLength={100_000} />
    </Dialog>
  )
}
