import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import { useDeed } from '../../workspaces/web/index.ts'
import type { Connection } from '../contract.ts'
import { connections } from './calls.ts'

/** Fetches what is older than the connection, and says how far that has come. */
export function BackfillPanel({ connection: { id, catchingUp } }: { connection: Connection }) {
  const { t, i18n } = useLingui()
  const [from, setFrom] = useState('')
  const deed = useDeed(connections.backfillConnection, { stale: [['connections'], ['connection', id]] })
  const day = (at: string) => new Date(at).toLocaleDateString(i18n.locale, { dateStyle: 'medium' })
  const done = catchingUp?.done.toLocaleString(i18n.locale) ?? ''
  const since = catchingUp?.from ? day(catchingUp.from) : ''
  const oldest = catchingUp?.oldest ? day(catchingUp.oldest) : ''
  return (
    <Panel title={t`Older messages`}>
      <div className="flex flex-col gap-3">
        <div role="status" className="empty:hidden">
          {catchingUp && (
            <p className="rounded-control bg-sunken px-3 py-2">
              <Trans>{done} fetched so far.</Trans>{' '}
              {since && oldest ? (
                <Trans>
                  It has come back to {oldest} and goes on to {since}.
                </Trans>
              ) : (
                since && <Trans>It goes back to {since}.</Trans>
              )}
            </p>
          )}
        </div>
        <p className="text-muted">
          <Trans>What is here already is not brought in twice. New messages come first all the while.</Trans>
        </p>
        <form
          className="flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            deed.run({ params: { id }, body: { from: new Date(`${from}T00:00:00`).toISOString() } })
          }}
        >
          <TextField
            className="flex-1"
            type="date"
            label={t`Bring in what came since`}
            value={from}
            onValueChange={setFrom}
            error={deed.problem?.message}
            required
          />
          <Button type="submit" busy={deed.busy} disabled={from === ''}>
            <Trans>Bring in</Trans>
          </Button>
        </form>
      </div>
    </Panel>
  )
}
