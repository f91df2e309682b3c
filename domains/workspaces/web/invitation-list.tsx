import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { MailPlus } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../../../web/ui/badge.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { Confirm } from '../../../web/ui/confirm.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import type { Invitation } from '../contract.ts'
import { people } from './calls.ts'
import { useDeed } from './deed.ts'
import { InvitationSent } from './invite-form.tsx'
import { invitationsQuery } from './queries.ts'
import { QueryPart } from './query-part.tsx'
import { useRoleWords } from './role-words.ts'

export function InvitationList({ onInvite }: { onInvite: () => void }) {
  const { t } = useLingui()
  const query = useQuery(invitationsQuery)
  return (
    <Panel title={t`Invitations`} flush>
      <QueryPart query={query} rows={2}>
        {(invitations) =>
          invitations.length === 0 ? (
            <EmptyState
              icon={MailPlus}
              title={t`Nobody is invited just now`}
              action={
                <Button onClick={onInvite}>
                  <Trans>Invite somebody</Trans>
                </Button>
              }
            >
              <Trans>Whoever is invited stands here until they join or the link’s seven days are over.</Trans>
            </EmptyState>
          ) : (
            <ul>
              {invitations.map((invitation) => (
                <InvitationRow key={invitation.id} invitation={invitation} />
              ))}
            </ul>
          )
        }
      </QueryPart>
    </Panel>
  )
}

function InvitationRow({
  invitation: { id, email, role, invitedBy, createdAt, isExpired },
}: {
  invitation: Invitation
}) {
  const { t } = useLingui()
  const words = useRoleWords()
  const [asking, setAsking] = useState(false)
  const [sent, setSent] = useState<{ link: string | null } | null>(null)
  const resend = useDeed(people.resendInvitation, { stale: [['invitations']], loud: true, onDone: setSent })
  const revoke = useDeed(people.revokeInvitation, { stale: [['invitations']], loud: true })
  const of = { params: { id } }
  const roleName = words[role].name
  return (
    <li className="flex flex-col gap-2 border-b border-line px-4 py-3 last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-48 flex-1">
          <p className="flex flex-wrap items-center gap-2 font-medium wrap-anywhere">
            {email}
            {isExpired && (
              <Badge tone="waiting">
                <Trans>Link over</Trans>
              </Badge>
            )}
          </p>
          <p className="text-small text-muted">
            {invitedBy ? (
              <Trans>
                {roleName}, invited by {invitedBy}, <RelativeTime at={createdAt} />
              </Trans>
            ) : (
              <Trans>
                {roleName}, invited <RelativeTime at={createdAt} />
              </Trans>
            )}
          </p>
        </div>
        <div className="flex gap-2">
          <Button size="small" busy={resend.busy} onClick={() => resend.run(of)}>
            <Trans>New link</Trans>
          </Button>
          <Button size="small" look="plain" onClick={() => setAsking(true)}>
            <Trans>Take back</Trans>
          </Button>
        </div>
      </div>
      {sent && <InvitationSent email={email} link={sent.link} />}
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t`Take the invitation of ${email} back?`}
        description={<Trans>The link stops to work. You can invite the same address again.</Trans>}
        action={t`Take back`}
        danger
        onConfirm={() => revoke.run(of)}
      />
    </li>
  )
}
