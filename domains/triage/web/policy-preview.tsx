import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Icon } from '../../../web/ui/icon.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import type { PolicyPreview } from '../contract.ts'

/** What would stand elsewhere under the draft, by the conversations of the last month. */
export function PolicyPreviewPart({ preview: { looked, up, down, moves } }: { preview: PolicyPreview }) {
  const { t } = useLingui()
  const part = useRef<HTMLDivElement>(null)
  useEffect(() => {
    part.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <div ref={part} className="scroll-mb-20">
      <Panel flush title={t`On the last month`}>
        <p role="status" className="px-4 py-3">
          {up + down === 0 ? (
            <Plural
              value={looked}
              one="Nothing would move, of # conversation of the last 30 days."
              other="Nothing would move, of # conversations of the last 30 days."
            />
          ) : (
            <>
              <Plural value={up} one="# would move up" other="# would move up" />,{' '}
              <Plural value={down} one="# would move down" other="# would move down" />,{' '}
              <Plural
                value={looked}
                one="of # conversation of the last 30 days."
                other="of # conversations of the last 30 days."
              />{' '}
              {moves.length > 0 && (
                <span className="text-muted">
                  <Trans>Those that move farthest:</Trans>
                </span>
              )}
            </>
          )}
        </p>
        {moves.length > 0 && (
          <ul aria-label={t`Conversations that would move`} className="border-t border-line">
            {moves.map((move) => (
              <Move key={move.conversationId} move={move} />
            ))}
          </ul>
        )}
      </Panel>
    </div>
  )
}

function Move({ move }: { move: PolicyPreview['moves'][number] }) {
  const { t } = useLingui()
  const { conversationId, subject, customerName, before, after, reasons } = move
  const isUp = after < before
  const by = Math.abs(before - after)
  const name = customerName ?? t`Unknown person`
  return (
    <li className="flex items-baseline gap-3 border-b border-line px-4 py-2 last:border-b-0">
      <span className="flex w-32 shrink-0 items-center gap-1 text-small font-medium whitespace-nowrap">
        <Icon of={isUp ? ArrowUp : ArrowDown} label={isUp ? t`up` : t`down`} className="size-3.5 text-muted" />
        {by}
        <span className="font-normal text-muted">
          {before} → {after}
        </span>
      </span>
      <span className="min-w-0 flex-1">
        <Link
          to="/inbox/{-$conversationId}"
          params={{ conversationId }}
          search={{}}
          className="block truncate underline-offset-2 hover:underline"
        >
          <bdi className="font-medium">{name}</bdi>
          {subject && (
            <>
              {' · '}
              <bdi>{subject}</bdi>
            </>
          )}
        </Link>
        <span className="block truncate text-small text-muted">
          {reasons.length > 0 ? reasons.map(({ words }) => words).join(' · ') : <Trans>Only how long it waits</Trans>}
        </span>
      </span>
    </li>
  )
}
