import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Ellipsis, KeyRound, LogOut, RotateCcw, ShieldCheck, UserMinus, UserX } from 'lucide-react'
import { useState } from 'react'
import { Avatar } from '../../../web/ui/avatar.tsx'
import { Badge } from '../../../web/ui/badge.tsx'
import { Confirm } from '../../../web/ui/confirm.tsx'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { Menu, type MenuGroup } from '../../../web/ui/menu.tsx'
import { notify, offerUndo } from '../../../web/ui/notice-store.ts'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { Table } from '../../../web/ui/table.tsx'
import type { Member } from '../contract.ts'
import { people } from './calls.ts'
import { ChangeRole } from './change-role.tsx'
import { useDeed } from './deed.ts'
import { usePresent } from './me.ts'
import { teamsQuery } from './queries.ts'
import { ResetLink } from './reset-link.tsx'
import { useRoleWords } from './role-words.ts'

const stale = [['members'], ['colleagues'], ['me'], ['teams']] as const
const rank = { active: 0, suspended: 1, removed: 2 }

export function MemberTable({ members, canManage }: { members: Member[]; canManage: boolean }) {
  const { t } = useLingui()
  const words = useRoleWords()
  const { memberId } = usePresent()
  const { data: teams = [] } = useQuery(teamsQuery)
  const shown = members.toSorted((a, b) => rank[a.state] - rank[b.state] || a.name.localeCompare(b.name))
  const teamNames = (ids: readonly string[]) =>
    teams
      .filter(({ id }) => ids.includes(id))
      .map(({ name }) => name)
      .join(', ')
  return (
    <Table
      caption={t`Members`}
      rows={shown}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'name',
          title: t`Name`,
          cell: (member) => <Who member={member} isMe={member.id === memberId} />,
        },
        { key: 'role', title: t`Role`, cell: ({ role }) => words[role].name },
        { key: 'teams', title: t`Teams`, wideOnly: true, cell: ({ teamIds }) => teamNames(teamIds) },
        { key: 'since', title: t`Joined`, wideOnly: true, cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
        {
          key: 'act',
          title: t`Actions`,
          hideTitle: true,
          align: 'end',
          cell: (member) => canManage && member.id !== memberId && <MemberMenu member={member} />,
        },
      ]}
    />
  )
}

function Who({ member: { id, name, email, state }, isMe }: { member: Member; isMe: boolean }) {
  return (
    <div className="flex items-center gap-3">
      <Avatar name={name} colourKey={id} size="small" decorative />
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 font-medium">
          {name}
          {isMe && (
            <span className="font-normal text-muted">
              <Trans>you</Trans>
            </span>
          )}
          {state === 'suspended' && (
            <Badge tone="waiting">
              <Trans>Shut out</Trans>
            </Badge>
          )}
          {state === 'removed' && (
            <Badge>
              <Trans>Left</Trans>
            </Badge>
          )}
        </p>
        <p className="text-small wrap-anywhere text-muted">{email}</p>
      </div>
    </div>
  )
}

function MemberMenu({ member }: { member: Member }) {
  const { t } = useLingui()
  const { id, name, state } = member
  const [asking, setAsking] = useState<'role' | 'remove' | 'password' | null>(null)
  const restore = useDeed(people.restoreMember, { stale, loud: true })
  const suspend = useDeed(people.suspendMember, {
    stale,
    loud: true,
    onDone: () =>
      offerUndo({ text: t`${name} is shut out; log-ins have ended.`, onUndo: () => restore.run({ params: { id } }) }),
  })
  const remove = useDeed(people.removeMember, { stale, loud: true, onDone: () => notify(t`${name} was removed.`) })
  const signOut = useDeed(people.signOutMember, {
    loud: true,
    onDone: () => notify(t`${name} is signed out everywhere.`),
  })
  const of = { params: { id } }
  const groups: MenuGroup[] =
    state === 'active'
      ? [
          {
            items: [
              { label: t`Change the role`, icon: ShieldCheck, onSelect: () => setAsking('role') },
              { label: t`New password`, icon: KeyRound, onSelect: () => setAsking('password') },
              { label: t`Sign out everywhere`, icon: LogOut, onSelect: () => signOut.run(of) },
            ],
          },
          {
            items: [
              { label: t`Shut out`, icon: UserX, onSelect: () => suspend.run(of) },
              { label: t`Remove`, icon: UserMinus, danger: true, onSelect: () => setAsking('remove') },
            ],
          },
        ]
      : [
          { items: [{ label: t`Let in again`, icon: RotateCcw, onSelect: () => restore.run(of) }] },
          ...(state === 'suspended'
            ? [
                {
                  items: [{ label: t`Remove`, icon: UserMinus, danger: true, onSelect: () => setAsking('remove') }],
                },
              ]
            : []),
        ]
  return (
    <>
      <Menu
        align="end"
        trigger={<IconButton icon={Ellipsis} size="small" label={t`Actions for ${name}`} />}
        groups={groups}
      />
      {asking === 'password' && <ResetLink member={member} onClose={() => setAsking(null)} />}
      {asking === 'role' && <ChangeRole member={member} onClose={() => setAsking(null)} />}
      <Confirm
        open={asking === 'remove'}
        onOpenChange={(open) => setAsking(open ? 'remove' : null)}
        title={t`Remove ${name}?`}
        description={
          <Trans>
            The log-ins end, and {name} leaves the teams. What {name} wrote stays under that name, and you can let them
            in again.
          </Trans>
        }
        action={t`Remove`}
        danger
        onConfirm={() => remove.run(of)}
      />
    </>
  )
}
