import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { ComboboxMany } from '../../../web/ui/combobox.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { RadioGroup } from '../../../web/ui/radio-group.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import { invitedRoles } from '../contract.ts'
import { people } from './calls.ts'
import { CopyBlock } from './copy.tsx'
import { useDeed } from './deed.ts'
import { teamsQuery } from './queries.ts'
import { useRoleWords } from './role-words.ts'

type Role = (typeof invitedRoles)[number]
type InviteFormProps = { /** Beside the button that sends. */ actions?: ReactNode; onSent?: () => void }

/** Asks for an e-mail and a role; the link is shown where it could not be mailed. */
export function InviteForm({ actions, onSent }: InviteFormProps) {
  const { t } = useLingui()
  const words = useRoleWords()
  const { data: teams = [] } = useQuery(teamsQuery)
  const [turn, setTurn] = useState(0)
  const [role, setRole] = useState<Role>('agent')
  const [teamIds, setTeamIds] = useState<string[]>([])
  const [sent, setSent] = useState<{ email: string; link: string | null } | null>(null)
  const invite = useDeed(people.inviteMember, {
    stale: [['invitations']],
    onDone: ({ invitation, link }) => {
      setSent({ email: invitation.email, link })
      setTurn(turn + 1)
      onSent?.()
    },
  })
  return (
    <div className="flex flex-col gap-4">
      {sent && <InvitationSent {...sent} />}
      <Form
        key={turn}
        problem={invite.problem}
        onSubmit={(values) =>
          invite.run({ body: { email: String(values['email']).trim(), role, ...(teamIds.length > 0 && { teamIds }) } })
        }
      >
        <TextField name="email" label={t`E-mail`} type="email" autoComplete="off" required maxLength={254} />
        <RadioGroup
          name="role"
          label={t`Role`}
          value={role}
          onValueChange={setRole}
          choices={invitedRoles.map((value) => ({ value, label: words[value].name, hint: words[value].may }))}
        />
        {teams.length > 0 && (
          <ComboboxMany
            name="teamIds"
            label={t`Teams`}
            optional
            choices={teams.map(({ id, name }) => ({ value: id, label: name }))}
            value={teamIds}
            onValueChange={setTeamIds}
          />
        )}
        <div className="flex flex-wrap justify-end gap-2">
          {actions}
          <Button type="submit" look={actions ? 'quiet' : 'primary'} busy={invite.busy}>
            <Trans>Invite</Trans>
          </Button>
        </div>
      </Form>
    </div>
  )
}

/** What became of an invitation, with its link where no mail could carry it. */
export function InvitationSent({ email, link }: { email: string; link: string | null }) {
  const { t } = useLingui()
  return (
    <div role="status" className="rounded-panel border border-line bg-sunken p-3">
      {link === null ? (
        <Trans>{email} was invited by mail. The link works for seven days.</Trans>
      ) : (
        <CopyBlock
          label={t`Link for ${email}`}
          text={link}
          hint={
            <Trans>
              No mail is set up here, so send this link yourself. It is shown this once and works for seven days, once.
            </Trans>
          }
        />
      )}
    </div>
  )
}
