// Where people come back to from a platform that they gave leave: what they brought is handed over once, and then they go on.
import { Trans, useLingui } from '@lingui/react/macro'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { buttonClass } from '../../../web/ui/button.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { Panel } from '../../../web/ui/panel.tsx'
import { NotForYou, Page, useDeed, useMay } from '../../workspaces/web/index.ts'
import { leave } from './calls.ts'

export function ReturnScreen() {
  const { t } = useLingui()
  const navigate = useNavigate()
  const canManage = useMay()('connections.manage')
  const [params] = useState(() => Object.fromEntries(new URLSearchParams(window.location.search)))
  const handed = useRef(false)
  const finish = useDeed(leave.finishAuthorization, {
    stale: [['connections']],
    onDone: ({ connection, note, mended }) => {
      notify(mended ? t`${connection.name} works again. ${note}` : t`${connection.name} is connected. ${note}`)
      void navigate({ to: '/connections/$id', params: { id: connection.id }, replace: true })
    },
  })
  const { run } = finish
  useEffect(() => {
    if (handed.current || !canManage) return
    handed.current = true
    // It counts once, and has no business in the history of a browser.
    window.history.replaceState(window.history.state, '', window.location.pathname)
    run({ body: { params } })
  }, [canManage, params, run])
  if (!canManage)
    return (
      <Page title={t`Connect a channel`}>
        <NotForYou />
      </Page>
    )
  return (
    <Page title={t`Connect a channel`}>
      <Panel className="max-w-measure">
        <div className="flex flex-col gap-4" role="status">
          {finish.problem ? (
            <>
              <p className="text-overdue">{finish.problem.message}</p>
              <div>
                <Link to="/connections" className={buttonClass()}>
                  <Trans>All connections</Trans>
                </Link>
              </div>
            </>
          ) : (
            <p>
              <Trans>Thank you. The connection is being finished…</Trans>
            </p>
          )}
        </div>
      </Panel>
    </Page>
  )
}
