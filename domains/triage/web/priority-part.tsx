import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { PanelPart } from '../../customers/web/index.ts'
import { conversationQuery, spanWords } from '../../inbox/web/index.ts'
import type { ConversationPriority } from '../contract.ts'
import { piecesOf, type PriorityPiece } from './priority-shares.ts'
import { priorityQuery } from './queries.ts'

const MINUTE_MS = 60_000

/** To the minute under a day, as three times “1 hr” would not be 4. */
function exactSpan(minutes: number, locale: string): string {
  const rest = Math.abs(minutes) < 1440 ? minutes % 60 : 0
  const parts = rest === 0 || Math.abs(minutes) < 60 ? [minutes] : [minutes - rest, rest]
  return parts.map((part) => spanWords(part * MINUTE_MS, locale)).join(' ')
}

/** Why a conversation stands where it stands in the order, with the share of every reason. */
export function PriorityPart({ conversationId }: { conversationId: string }) {
  const { t } = useLingui()
  const { data: conversation } = useQuery({ ...conversationQuery(conversationId), staleTime: Infinity })
  const isInLine = conversation?.state === 'open'
  const { data } = useQuery({ ...priorityQuery(conversationId), enabled: isInLine })
  if (!data || !isInLine) return null
  return (
    <PanelPart title={t`Why it stands here`}>
      <Reasons priority={data} />
    </PanelPart>
  )
}

function Reasons({ priority }: { priority: ConversationPriority }) {
  const { i18n } = useLingui()
  const now = useMinute()
  const { pieces, minutes } = piecesOf(priority, now)
  const { influence, nextStepAt, policyVersion } = priority
  const whole = exactSpan(minutes, i18n.locale)
  return (
    <div className="flex flex-col gap-2">
      {pieces.length > 0 ? (
        <>
          <ul className="flex flex-col gap-1.5">
            {pieces.map((piece) => (
              <Piece key={piece.code} piece={piece} />
            ))}
          </ul>
          <p className="text-small text-muted">
            <Trans>It stands as if it had waited {whole}.</Trans>
          </p>
        </>
      ) : (
        <p className="text-small text-muted">
          <Trans>It has just come, and nothing moves it ahead.</Trans>
        </p>
      )}
      {nextStepAt && (
        <p className="text-small text-muted">
          <Trans>
            A reason changes by itself <RelativeTime at={nextStepAt} />.
          </Trans>
        </p>
      )}
      {influence && <p className="text-small text-muted">{influence.sentence}</p>}
      <Link to="/triage/priority" className="self-start text-small text-muted underline hover:text-text">
        {policyVersion === 0 ? (
          <Trans>By the policy that came with Rapport</Trans>
        ) : (
          <Trans>By version {policyVersion} of your policy</Trans>
        )}
      </Link>
    </div>
  )
}

export function Piece({ piece: { words, minutes, share } }: { piece: PriorityPiece }) {
  const { t, i18n } = useLingui()
  const span = exactSpan(minutes, i18n.locale)
  const percent = new Intl.NumberFormat(i18n.locale, { style: 'percent' }).format(share)
  return (
    <li className="flex flex-col gap-0.5">
      <span className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1">{words ?? t`Waits ${span}`}</span>
        {words !== null && <span className="text-small whitespace-nowrap text-muted">+{span}</span>}
        <span className="w-10 text-end text-small font-medium">{percent}</span>
      </span>
      <span aria-hidden className="h-1 rounded-full bg-sunken">
        <span
          className="block h-1 min-w-0.5 rounded-full bg-chart-1"
          style={{ inlineSize: `${Math.round(Math.max(0, share) * 100)}%` }}
        />
      </span>
    </li>
  )
}

function useMinute(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS)
    return () => clearInterval(timer)
  }, [])
  return now
}
