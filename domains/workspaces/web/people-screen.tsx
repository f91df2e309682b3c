import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import { InvitationList } from './invitation-list.tsx'
import { InviteForm } from './invite-form.tsx'
import { useMay } from './me.ts'
import { MemberTable } from './member-table.tsx'
import { NotForYou } from './not-for-you.tsx'
import { Page } from './page.tsx'
import { PeopleNav } from './people-nav.tsx'
import { membersQuery } from './queries.ts'
import { QueryPart } from './query-part.tsx'

export function PeopleScreen() {
  const { t } = useLingui()
  const may = useMay()
  const [inviting, setInviting] = useState(false)
  const query = useQuery({ ...membersQuery, enabled: may('people.read') })
  const canManage = may('people.manage')
  return (
    <Page
      title={t`People`}
      nav={<PeopleNav />}
      actions={
        canManage && (
          <Button look="primary" icon={UserPlus} onClick={() => setInviting(true)}>
            <Trans>Invite somebody</Trans>
          </Button>
        )
      }
    >
      {may('people.read') ? (
        <Panel title={t`Members`} flush>
          <QueryPart query={query}>{(members) => <MemberTable members={members} canManage={canManage} />}</QueryPart>
        </Panel>
      ) : (
        <NotForYou />
      )}
      {canManage && <InvitationList onInvite={() => setInviting(true)} />}
      <Dialog open={inviting} onOpenChange={setInviting} title={t`Invite somebody`}>
        <InviteForm />
      </Dialog>
    </Page>
  )
}
