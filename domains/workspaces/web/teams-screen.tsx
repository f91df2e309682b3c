import { Trans, useLingui } from '@lingui/react/macro'
import { plural } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { Users } from 'lucide-react'
import { useState } from 'react'
import { Avatar } from '../../../web/ui/avatar.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { ComboboxMany } from '../../../web/ui/combobox.tsx'
import { Confirm } from '../../../web/ui/confirm.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import type { Team } from '../contract.ts'
import { teams as calls } from './calls.ts'
import { useDeed } from './deed.ts'
import { useMay } from './me.ts'
import { Page } from './page.tsx'
import { PeopleNav } from './people-nav.tsx'
import { colleaguesQuery, teamsQuery } from './queries.ts'
import { QueryPart } from './query-part.tsx'

const stale = [['teams'], ['members'], ['colleagues'], ['me']] as const

export function TeamsScreen() {
  const { t } = useLingui()
  const canManage = useMay()('teams.manage')
  const query = useQuery(teamsQuery)
  const [editing, setEditing] = useState<Team | 'new' | null>(null)
  const add = (
    <Button look="primary" onClick={() => setEditing('new')}>
      <Trans>Make a team</Trans>
    </Button>
  )
  return (
    <Page
      title={t`Teams`}
      lead={<Trans>Conversations can be given to a team, and channels can lead to one.</Trans>}
      nav={<PeopleNav />}
      actions={canManage && add}
    >
      <Panel flush>
        <QueryPart query={query}>
          {(teams) =>
            teams.length === 0 ? (
              <EmptyState icon={Users} title={t`There are no teams`} action={canManage && add}>
                <Trans>
                  With one or two people you need none. A team is worth it once different people answer different
                  things.
                </Trans>
              </EmptyState>
            ) : (
              <ul>
                {teams.map((team) => (
                  <TeamRow key={team.id} team={team} canManage={canManage} onEdit={() => setEditing(team)} />
                ))}
              </ul>
            )
          }
        </QueryPart>
      </Panel>
      {editing && <TeamDialog team={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  )
}

type TeamRowProps = { team: Team; canManage: boolean; onEdit: () => void }

function TeamRow({ team: { id, name, memberIds }, canManage, onEdit }: TeamRowProps) {
  const { t } = useLingui()
  const { data: colleagues = [] } = useQuery(colleaguesQuery)
  const [asking, setAsking] = useState(false)
  const archive = useDeed(calls.archiveTeam, { stale, loud: true })
  const members = colleagues.filter((one) => memberIds.includes(one.id))
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-b-0">
      <div className="min-w-40 flex-1">
        <p className="font-medium">{name}</p>
        <p className="text-small text-muted">
          {members.length === 0
            ? t`Nobody is in it yet`
            : t`${plural(members.length, { one: '# member', other: '# members' })}: ${members.map((one) => one.name).join(', ')}`}
        </p>
      </div>
      <div aria-hidden className="flex -space-x-1 max-tablet:hidden">
        {members.slice(0, 5).map((one) => (
          <Avatar key={one.id} name={one.name} colourKey={one.id} size="small" decorative />
        ))}
      </div>
      {canManage && (
        <div className="flex gap-2">
          <Button size="small" onClick={onEdit} aria-label={t`Change ${name}`}>
            <Trans>Change</Trans>
          </Button>
          <Button size="small" look="plain" onClick={() => setAsking(true)} aria-label={t`Retire ${name}`}>
            <Trans>Retire</Trans>
          </Button>
        </div>
      )}
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t`Retire the team “${name}”?`}
        description={<Trans>Its members leave it, and nothing new goes to it. Conversations keep what they had.</Trans>}
        action={t`Retire`}
        danger
        onConfirm={() => archive.run({ params: { id } })}
      />
    </li>
  )
}

function TeamDialog({ team, onClose }: { team: Team | null; onClose: () => void }) {
  const { t } = useLingui()
  const { data: colleagues = [] } = useQuery(colleaguesQuery)
  const [memberIds, setMemberIds] = useState<string[]>(team?.memberIds ?? [])
  const save = useDeed(
    (body: { name: string; memberIds: string[] }) =>
      team ? calls.changeTeam({ params: { id: team.id }, body }) : calls.createTeam({ body }),
    { stale, onDone: onClose },
  )
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={team ? t`Change the team` : t`Make a team`}>
      <Form problem={save.problem} onSubmit={(values) => save.run({ name: String(values['name']), memberIds })}>
        <TextField name="name" label={t`Name`} defaultValue={team?.name} autoFocus required maxLength={60} />
        <ComboboxMany
          name="memberIds"
          label={t`Members`}
          optional
          placeholder={t`Type a name`}
          choices={colleagues
            .filter((one) => one.state === 'active' || memberIds.includes(one.id))
            .map(({ id, name }) => ({ value: id, label: name }))}
          value={memberIds}
          onValueChange={setMemberIds}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" look="primary" busy={save.busy}>
            {team ? <Trans>Save</Trans> : <Trans>Make the team</Trans>}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
