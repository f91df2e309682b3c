import { Trans, useLingui } from '@lingui/react/macro'
import { Check, Minus } from 'lucide-react'
import { Fragment } from 'react'
import { Icon } from '../../../web/ui/icon.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import { permissionsByRole, roleNames } from '../contract.ts'
import { usePresent } from './me.ts'
import { Page } from './page.tsx'
import { PeopleNav } from './people-nav.tsx'
import { usePermissionWords } from './permission-words.ts'
import { useRoleWords } from './role-words.ts'

/** Drawn from the same table that the server decides by. */
export function RolesScreen() {
  const { t } = useLingui()
  const roles = useRoleWords()
  const areas = usePermissionWords()
  const { role: mine } = usePresent()
  const myRole = roles[mine].name
  return (
    <Page title={t`What roles may do`} lead={<Trans>You are: {myRole}.</Trans>} nav={<PeopleNav />}>
      <Panel flush>
        <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={t`What roles may do`}>
          <table className="w-full border-collapse">
            <thead>
              <tr className="border-b border-line">
                <th scope="col" className="px-4 py-2 text-start text-small font-medium text-muted">
                  <Trans>Permission</Trans>
                </th>
                {roleNames.map((role) => (
                  <th key={role} scope="col" className="px-3 py-2 text-small font-medium">
                    {roles[role].name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {areas.map(({ area, permissions }) => (
                <Fragment key={area}>
                  <tr className="border-b border-line bg-sunken">
                    <th scope="colgroup" colSpan={6} className="px-4 py-1 text-start text-small font-medium text-muted">
                      {area}
                    </th>
                  </tr>
                  {permissions.map(({ name, words }) => (
                    <tr key={name} className="border-b border-line last:border-b-0 hover:bg-hover">
                      <th scope="row" className="h-(--row) min-w-48 px-4 py-1 text-start font-normal">
                        {words}
                      </th>
                      {roleNames.map((role) => (
                        <td key={role} className="px-3 text-center">
                          {permissionsByRole[role].includes(name) ? (
                            <Icon of={Check} label={t`Yes`} className="mx-auto text-accent" />
                          ) : (
                            <Icon of={Minus} label={t`No`} className="mx-auto text-muted" />
                          )}
                        </td>
                      ))}
                    </tr>
                  ))}
                </Fragment>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
    </Page>
  )
}
