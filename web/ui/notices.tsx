import { Trans, useLingui } from '@lingui/react/macro'
import { TriangleAlert, X } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { Icon } from './icon.tsx'
import { Kbd } from './kbd.tsx'
import { dismissNotice, noticeStore, type Notice } from './notice-store.ts'
import { useKeysFor, useShortcuts } from './use-shortcuts.tsx'

const plainStays = 6000

/** Stands once in the frame. Words go to the live region by themselves, so this region is only named. */
export function Notices() {
  const { t } = useLingui()
  const notices = useSyncExternalStore(noticeStore.subscribe, noticeStore.get)
  const newest = notices.findLast((notice) => notice.undo)
  useShortcuts([{ id: 'undo', keys: 'z', label: t`Undo`, group: t`Everywhere`, run: () => newest?.undo?.run() }], {
    enabled: newest !== undefined,
  })
  return (
    <section
      aria-label={t`Notices`}
      className="pointer-events-none fixed inset-x-0 bottom-0 z-50 flex flex-col items-start gap-2 p-4 max-tablet:bottom-14 max-tablet:items-center max-tablet:p-2"
    >
      {notices.map((notice) => (
        <NoticeBar key={notice.id} notice={notice} />
      ))}
    </section>
  )
}

const barButton =
  'flex h-control-small items-center gap-2 rounded-control px-2 font-medium text-inverse-accent outline-inverse-accent ring-inside'

function NoticeBar({ notice }: { notice: Notice }) {
  const { t } = useLingui()
  const [held, setHeld] = useState(false)
  const leaves = !notice.undo && notice.tone === 'plain' && !held
  useEffect(() => {
    if (!leaves) return
    const timer = setTimeout(() => dismissNotice(notice.id), plainStays)
    return () => clearTimeout(timer)
  }, [leaves, notice.id])
  return (
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto relative flex min-h-11 w-full max-w-search items-center gap-2 overflow-hidden rounded-panel bg-inverse py-1.5 ps-4 pe-2 text-on-inverse shadow-dialog"
    >
      {notice.tone === 'danger' && <Icon of={TriangleAlert} label={t`Problem`} />}
      <p className="min-w-0 flex-1">{notice.text}</p>
      {notice.undo && <UndoPart undo={notice.undo} />}
      {notice.action && (
        <button
          type="button"
          className={barButton}
          onClick={() => {
            dismissNotice(notice.id)
            notice.action?.run()
          }}
        >
          {notice.action.label}
        </button>
      )}
      {!notice.undo && (
        <button type="button" aria-label={t`Close`} onClick={() => dismissNotice(notice.id)} className={barButton}>
          <Icon of={X} className="text-on-inverse" />
        </button>
      )}
    </div>
  )
}

function UndoPart({ undo }: { undo: NonNullable<Notice['undo']> }) {
  const keys = useKeysFor('undo', 'z')
  const left = useSecondsLeft(undo.endsAt)
  // A bar that is drawn late starts where the countdown stands, not at its beginning.
  const [gone] = useState(() => undo.seconds * 1000 - (undo.endsAt - Date.now()))
  return (
    <>
      <span aria-hidden className="w-8 text-end text-small">
        <Trans>{left} s</Trans>
      </span>
      <button type="button" onClick={undo.run} className={barButton}>
        <Trans>Undo</Trans>
        {keys && <Kbd keys={keys} onInverse className="pointer-coarse:hidden" />}
      </button>
      <span
        aria-hidden
        className="absolute inset-x-0 bottom-0 h-0.5 bg-inverse-accent drain"
        style={{ animationDuration: `${undo.seconds}s`, animationDelay: `${-gone}ms` }}
      />
    </>
  )
}

function useSecondsLeft(endsAt: number): number {
  const [left, setLeft] = useState(() => secondsUntil(endsAt))
  useEffect(() => {
    const timer = setInterval(() => setLeft(secondsUntil(endsAt)), 250)
    return () => clearInterval(timer)
  }, [endsAt])
  return left
}

const secondsUntil = (endsAt: number) => Math.max(0, Math.ceil((endsAt - Date.now()) / 1000))
