import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { Link2, UserRoundX } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from '../../../web/ui/cx.ts'
import { Icon } from '../../../web/ui/icon.tsx'
import type { Conversation, LinkedConversation } from '../contract.ts'
import { MatterStrip } from './matter-strip.tsx'

/** Conversations that have to do with this one, and why. Only colleagues ever see it. */
export function LinkedStrip({ id: conversationId, linked }: Pick<Conversation, 'id' | 'linked'>) {
  const { t } = useLingui()
  if (linked.length === 0) return null
  return (
    <ul
      aria-label={t`Linked conversations`}
      className={cx(
        'flex shrink-0 flex-col gap-0.5 overflow-y-auto border-b border-line bg-sunken px-4 py-1.5 text-small',
        linked.some(isMatter) ? 'max-h-80' : 'max-h-24',
      )}
    >
      {linked.filter(isMatter).map((one) => (
        <MatterStrip key={one.conversationId} conversationId={conversationId} other={one} />
      ))}
      {linked.filter(isOther).map((one) => (
        <li key={one.conversationId} className="flex min-h-6 items-start gap-2">
          <Icon
            of={isWarning(one.reason) ? UserRoundX : Link2}
            className={cx('mt-0.5 size-3.5', isWarning(one.reason) ? 'text-waiting' : 'text-muted')}
          />
          <span className="min-w-0 wrap-anywhere text-muted">
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

type Other = LinkedConversation & { readonly reason: Exclude<LinkedConversation['reason'], 'same_matter'> }

const isMatter = ({ reason }: LinkedConversation) => reason === 'same_matter'
const isOther = (one: LinkedConversation): one is Other => !isMatter(one)

/** Somebody may be trying to get into what is not theirs. */
const isWarning = (reason: LinkedConversation['reason']) => reason === 'answers'

function Reason({ reason }: Pick<Other, 'reason'>): ReactNode {
  switch (reason) {
    case 'answered_there':
      return <Trans>Somebody who takes no part here answered, and got a conversation of their own:</Trans>
    case 'answers':
      return <Trans>Not from somebody of the conversation that it answers. They see nothing of it:</Trans>
    case 'split_off':
      return <Trans>Split off from this one:</Trans>
    case 'split_from':
      return <Trans>This was split off from:</Trans>
    case 'moved':
      return <Trans>A message was moved between this and:</Trans>
  }
}
