import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { cx } from '../../../web/ui/cx.ts'
import { Button } from '../../../web/ui/button.tsx'
import { offerUndo } from '../../../web/ui/notice-store.ts'
import { Panel } from '../../../web/ui/panel.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { useDeed } from '../../workspaces/web/index.ts'
import type { Connection } from '../contract.ts'
import { connections } from './calls.ts'
import { ConnectionState, PausedWords, useDuration } from './connection-state.tsx'

/** How it fares, in figures, with what one can do about it. */
export function ConnectionHealth({ connection, canManage }: { connection: Connection; canManage: boolean }) {
  const { t, i18n } = useLingui()
  const duration = useDuration()
  const { id, name, state, healthReason, health, lastDeliveryAt, lastSentAt, waiting, lagSeconds } = connection
  const { quarantined, refusedToday } = connection
  const stale = [['connections'], ['connection', id]] as const
  const of = { params: { id } }
  const [told, setTold] = useState<{ ok: boolean; note: string } | null>(null)
  const test = useDeed(connections.testConnection, { stale, loud: true, onDone: setTold })
  const resume = useDeed(connections.resumeConnection, { stale, loud: true })
  const pause = useDeed(connections.pauseConnection, {
    stale,
    loud: true,
    onDone: () => offerUndo({ text: t`${name} is paused.`, onUndo: () => resume.run(of) }),
  })
  const never = <span className="text-muted">{t`not yet`}</span>
  return (
    <Panel
      title={t`How it fares`}
      actions={
        canManage && (
          <>
            <Button size="small" busy={test.busy} onClick={() => test.run(of)}>
              <Trans>Test</Trans>
            </Button>
            {state === 'paused' ? (
              <Button size="small" look="primary" busy={resume.busy} onClick={() => resume.run(of)}>
                <Trans>Go on</Trans>
              </Button>
            ) : (
              <Button size="small" busy={pause.busy} onClick={() => pause.run(of)}>
                <Trans>Pause</Trans>
              </Button>
            )}
          </>
        )
      }
    >
      <div className="flex flex-col gap-3">
        <div>
          <ConnectionState connection={connection} />
          {state === 'paused' && (
            <p className="mt-1 text-muted">
              <PausedWords />
            </p>
          )}
          {healthReason && health !== 'ok' && (
            <p className={cx('mt-1', health === 'broken' ? 'text-overdue' : 'text-waiting')}>{healthReason}</p>
          )}
        </div>
        {connection.notes.map((note) => (
          <p key={note} className="text-pretty text-waiting">
            {note}
          </p>
        ))}
        <div role="status">{told && <p className="rounded-control bg-sunken px-3 py-2">{told.note}</p>}</div>
        <dl className="flex flex-col">
          <Fact name={t`Last heard`}>{lastDeliveryAt ? <RelativeTime at={lastDeliveryAt} /> : never}</Fact>
          {connection.fetching && (
            <Fact name={t`Last looked for messages`}>
              {connection.fetching.streaming ? (
                <Trans>listening all the time</Trans>
              ) : connection.fetching.lastSuccessAt ? (
                <RelativeTime at={connection.fetching.lastSuccessAt} />
              ) : (
                never
              )}
            </Fact>
          )}
          {connection.fetching && connection.fetching.failures > 0 && (
            <Fact name={t`Failed since, in a row`}>{connection.fetching.failures.toLocaleString(i18n.locale)}</Fact>
          )}
          <Fact name={t`Last answer`}>{lastSentAt ? <RelativeTime at={lastSentAt} /> : never}</Fact>
          <Fact name={t`Waiting to be taken in`}>
            {waiting === 0 ? t`nothing` : `${waiting.toLocaleString(i18n.locale)} · ${duration(lagSeconds)}`}
          </Fact>
          <Fact name={t`Not understood`}>
            {quarantined === 0 ? (
              t`nothing`
            ) : !canManage ? (
              quarantined.toLocaleString(i18n.locale)
            ) : (
              <Link
                to="/connections/quarantine"
                search={{ connection: id }}
                className="inline-flex min-h-6 items-center font-medium text-waiting underline"
              >
                {quarantined.toLocaleString(i18n.locale)}
              </Link>
            )}
          </Fact>
          <Fact name={t`Refused today, for a wrong signature`}>
            {refusedToday === 0 ? t`nothing` : refusedToday.toLocaleString(i18n.locale)}
          </Fact>
        </dl>
      </div>
    </Panel>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-row items-center justify-between gap-4 border-b border-line last:border-b-0">
      <dt className="text-muted">{name}</dt>
      <dd className="text-end">{children}</dd>
    </div>
  )
}
