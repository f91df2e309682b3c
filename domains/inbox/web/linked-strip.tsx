import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { Link2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { Icon } from '../../../web/ui/icon.tsx'
import type { LinkedConversation } from '../contract.ts'

/** Conversations that have to do with this one, and why. Only colleagues ever see it. */
export function LinkedStrip({ linked }: { linked: readonly LinkedConversation[] }) {
  const { t } = useLingui()
  if (linked.length === 0) return null
  return (
    <ul
      aria-label={t`Linked conversations`}
      className="flex max-h-24 shrink-0 flex-col gap-0.5 overflow-y-auto border-b border-line bg-sunken px-4 py-1.5 text-small"
    >
      {linked.map((one) => (
        <li key={one.conversationId} className="flex min-h-6 items-center gap-2">
          <Icon of={Link2} className="size-3.5 text-muted" />
          <span className="min-w-0 truncate text-muted">
            <Reason reason={one.reason} />{' '}
            <Link
              to="/inbox/{-$conversationId}"
              params={{ conversationId: one.conversationId }}
              search={(before) => before}
              className="font-medium text-text underline"
            >
              <bdi>{one.subject ?? one.customerName ?? t`Unknown person`}</bdi>
            </Link>
            {one.subject && one.customerName && (
              <>
                {' · '}
                <bdi>{one.customerName}</bdi>
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Reason({ reason }: Pick<LinkedConversation, 'reason'>): ReactNode {
  switch (reason) {
    case 'answered_there':
      return <Trans>Somebody who takes no part here answered a message of this one:</Trans>
    case 'answers':
      return <Trans>This answers a message of a conversation that its writer took no part in:</Trans>
    case 'split_off':
      return <Trans>Split off from this one:</Trans>
    case 'split_from':
      return <Trans>This was split off from:</Trans>
    case 'moved':
      return <Trans>A message was moved between this and:</Trans>
    case 'same_matter':
      return <Trans>The same person about the same matter:</Trans>
  }
}
