import { Trans, useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Confirm } from '../../../web/ui/confirm.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { TextField } from '../../../web/ui/text-field.tsx'
import { useDeed } from '../../workspaces/web/index.ts'
import type { Channel, Connection } from '../contract.ts'
import { connections } from './calls.ts'
import { SecretsOnce } from './secrets-once.tsx'

export function RenewSecrets({
  connection: { id, name },
  channel,
}: {
  connection: Connection
  channel: Channel | undefined
}) {
  const { t } = useLingui()
  const [asking, setAsking] = useState(false)
  const [secrets, setSecrets] = useState<Record<string, string> | null>(null)
  const renew = useDeed(connections.revealSecrets, {
    stale: [['connections'], ['connection', id]],
    loud: true,
    onDone: (reply) => setSecrets(reply.secrets),
  })
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <p className="min-w-48 flex-1 text-muted">
        <Trans>Lost or leaked secrets are made anew. The old ones stop to work at once.</Trans>
      </p>
      <Button busy={renew.busy} onClick={() => setAsking(true)}>
        <Trans>New secrets</Trans>
      </Button>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t`Make new secrets for ${name}?`}
        description={<Trans>Whatever signs with the old ones is refused until you put the new ones there.</Trans>}
        action={t`Make new secrets`}
        danger
        onConfirm={() => renew.run({ params: { id } })}
      />
      <Dialog
        open={secrets !== null}
        onOpenChange={(open) => !open && setSecrets(null)}
        title={t`New secrets of ${name}`}
        actions={
          <Button look="primary" onClick={() => setSecrets(null)}>
            <Trans>I keep them</Trans>
          </Button>
        }
      >
        {secrets && <SecretsOnce secrets={secrets} channel={channel} />}
      </Dialog>
    </div>
  )
}

/** For good, so the name is typed: nobody removes the wrong one by a slip. */
export function RemoveConnection({ connection: { id, name } }: { connection: Connection }) {
  const { t } = useLingui()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const remove = useDeed(connections.removeConnection, {
    stale: [['connections'], ['quarantine']],
    onDone: () => {
      notify(t`${name} is disconnected.`)
      queries.removeQueries({ queryKey: ['connection', id] })
      void navigate({ to: '/connections' })
    },
  })
  const same = typed.trim() === name.trim()
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <p className="min-w-48 flex-1 text-muted">
        <Trans>Removing disconnects for good. Conversations stay, and can no longer be answered through it.</Trans>
      </p>
      <Button onClick={() => setOpen(true)}>
        <Trans>Remove</Trans>
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={t`Remove ${name}?`}>
        <Form problem={remove.problem} onSubmit={() => same && remove.run({ params: { id } })}>
          <p>
            <Trans>
              Its address answers no more and its secrets are forgotten. This can’t be taken back. Conversations stay.
            </Trans>
          </p>
          <TextField
            name="typed"
            label={t`Type “${name}” to go on`}
            value={typed}
            onValueChange={setTyped}
            autoComplete="off"
            autoFocus
          />
          <div className="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" look="danger" busy={remove.busy} disabled={!same}>
              <Trans>Remove for good</Trans>
            </Button>
          </div>
        </Form>
      </Dialog>
    </div>
  )
}
