import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate } from '@tanstack/react-router'
import { ArrowLeft, Check, Ellipsis, Hourglass, RotateCcw } from 'lucide-react'
import { useRef } from 'react'
import { useMay, useSession } from '../../../platform/browser/session.tsx'
import { Avatar } from '../../../web/ui/avatar.tsx'
import { StateDot, type Tone } from '../../../web/ui/badge.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { SideToggle } from '../../../web/ui/columns.tsx'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { Menu } from '../../../web/ui/menu.tsx'
import { Tooltip } from '../../../web/ui/tooltip.tsx'
import { useShortcuts } from '../../../web/ui/use-shortcuts.tsx'
import type { Conversation } from '../contract.ts'
import { AssignMenu, LabelMenu, SnoozeMenu } from './action-menus.tsx'
import { JourneyStrip, useJourney } from './journey-strip.tsx'
import { LabelChip } from './label-chip.tsx'
import { useColleagues, useLabels } from './names.tsx'
import { Place } from './place.tsx'
import { useActions } from './use-actions.ts'
import type { Other } from './use-presence.ts'
import { momentWords } from './words.ts'

const tones: Record<Conversation['state'], Tone> = {
  open: 'open',
  waiting: 'waiting',
  snoozed: 'plain',
  resolved: 'resolved',
}

type HeadProps = { conversation: Conversation; others: readonly Other[]; onResolve: (andNext: boolean) => void }

/** Who it is, how it stands, and what can be done with it. */
export function ConversationHead({ conversation, others, onResolve }: HeadProps) {
  const { t } = useLingui()
  const navigate = useNavigate()
  const labels = useLabels()
  const name = conversation.customerName ?? t`Unknown person`
  const steps = useJourney(conversation)
  const saysResolved = steps !== null && conversation.state === 'resolved'
  return (
    <header className="@container shrink-0 border-b border-line px-4 py-2 max-tablet:px-2">
      {/* One line for who it is, one for how it stands; on a phone what can be done goes down beside how it stands. */}
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <IconButton
          icon={ArrowLeft}
          label={t`Back to the list`}
          directional
          className="tablet:hidden"
          onClick={() =>
            void navigate({
              to: '/inbox/{-$conversationId}',
              params: { conversationId: undefined },
              search: (before) => before,
            })
          }
        />
        <h2 className="line-clamp-2 min-w-0 flex-1 text-large wrap-anywhere">
          <bdi>{name}</bdi>
        </h2>
        <Viewers others={others} />
        <Doings conversation={conversation} onResolve={onResolve} />
        <SideToggle />
        {conversation.subject && (
          <p
            dir="auto"
            title={conversation.subject}
            className="line-clamp-1 basis-full font-medium wrap-anywhere max-tablet:line-clamp-2 max-tablet:ps-2"
          >
            {conversation.subject}
          </p>
        )}
        <span aria-hidden className="basis-full tablet:hidden" />
        <div className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-1 tablet:basis-full max-tablet:flex-1 max-tablet:flex-col max-tablet:flex-nowrap max-tablet:items-start max-tablet:ps-2">
          <span className={saysResolved ? 'flex shrink-0 tablet:hidden' : 'flex shrink-0'}>
            <State conversation={conversation} />
          </span>
          {steps && <JourneyStrip steps={steps} />}
          <span className="flex max-w-full min-w-0 items-center gap-1.5 text-small text-muted tablet:ms-auto">
            {conversation.labelIds.map((id) => {
              const label = labels.get(id)
              return (
                label && (
                  <span key={id} className="flex min-w-0 max-tablet:hidden">
                    <LabelChip label={label} />
                  </span>
                )
              )
            })}
            <Place conversation={conversation} />
          </span>
        </div>
      </div>
    </header>
  )
}

function State({ conversation: { state, snoozedUntil } }: { conversation: Conversation }) {
  const { i18n } = useLingui()
  const until = snoozedUntil ? momentWords(snoozedUntil, i18n.locale) : ''
  return (
    <span className="flex shrink-0 items-center gap-1.5 text-small text-muted">
      <StateDot tone={tones[state]} />
      {state === 'open' && <Trans>Open</Trans>}
      {state === 'waiting' && <Trans>Their turn</Trans>}
      {state === 'resolved' && <Trans>Resolved</Trans>}
      {state === 'snoozed' && (
        <span className="max-tablet:hidden">
          <Trans>Snoozed until {until}</Trans>
        </span>
      )}
    </span>
  )
}

/** Colleagues who have it open as well. */
function Viewers({ others }: { others: readonly Other[] }) {
  const { t } = useLingui()
  const colleagues = useColleagues()
  const here = others.filter((other) => other.memberId !== null)
  if (here.length === 0) return null
  return (
    <ul aria-label={t`Also here`} className="flex items-center gap-1">
      {here.map(({ memberId, doing }) => {
        const name = colleagues.get(memberId ?? '')?.name ?? t`A colleague`
        return (
          <li key={memberId} className="flex">
            <Tooltip text={doing === 'typing' ? t`${name} is writing` : t`${name} is looking at this too`}>
              <span className="rounded-full ring-2 ring-accent">
                <Avatar name={name} colourKey={memberId ?? ''} size="small" />
              </span>
            </Tooltip>
          </li>
        )
      })}
    </ul>
  )
}

function Doings({ conversation, onResolve }: Pick<HeadProps, 'conversation' | 'onResolve'>) {
  const { t } = useLingui()
  const may = useMay()
  const { memberId } = useSession()
  const actions = useActions()
  const assignMenu = useRef<HTMLButtonElement>(null)
  const snoozeMenu = useRef<HTMLButtonElement>(null)
  const labelMenu = useRef<HTMLButtonElement>(null)
  const { state } = conversation
  const group = t`Conversation`
  const mayResolve = may('inbox.resolve')
  useShortcuts([
    ...(may('inbox.assign')
      ? [{ id: 'inbox.assign', keys: 'a', label: t`Assign`, group, run: () => assignMenu.current?.click() }]
      : []),
    ...(may('inbox.label')
      ? [{ id: 'inbox.label', keys: 'l', label: t`Labels`, group, run: () => labelMenu.current?.click() }]
      : []),
    ...(mayResolve
      ? [{ id: 'inbox.snooze', keys: 'b', label: t`Snooze`, group, run: () => snoozeMenu.current?.click() }]
      : []),
  ])
  const rest = [
    ...(may('inbox.assign') && conversation.assigneeId !== memberId
      ? [{ label: t`Take it`, onSelect: () => void actions.assign([conversation], { assigneeId: memberId }) }]
      : []),
    ...(mayResolve && state !== 'waiting'
      ? [{ label: t`It is their turn`, icon: Hourglass, onSelect: () => void actions.wait(conversation) }]
      : []),
    ...(mayResolve && (state === 'waiting' || state === 'snoozed')
      ? [{ label: t`Open again`, icon: RotateCcw, onSelect: () => void actions.reopen(conversation) }]
      : []),
  ]
  return (
    <div className="flex shrink-0 items-center gap-1 max-tablet:order-last">
      {may('inbox.label') && (
        <LabelMenu
          handle={labelMenu}
          row={conversation}
          onLabel={(id, on) => void actions.label(conversation, id, on)}
        />
      )}
      {mayResolve && state !== 'resolved' && (
        <SnoozeMenu handle={snoozeMenu} onSnooze={(until) => void actions.snooze(conversation, until)} />
      )}
      {rest.length > 0 && (
        <Menu
          align="end"
          groups={[{ items: rest }]}
          trigger={<IconButton size="small" icon={Ellipsis} label={t`More`} />}
        />
      )}
      {may('inbox.assign') && (
        <AssignMenu
          handle={assignMenu}
          assigneeId={conversation.assigneeId}
          teamId={conversation.teamId}
          onAssign={(to) => void actions.assign([conversation], to)}
        />
      )}
      {mayResolve &&
        (state === 'resolved' ? (
          <Button size="small" icon={RotateCcw} onClick={() => void actions.reopen(conversation)}>
            <Trans>Reopen</Trans>
          </Button>
        ) : (
          <Button size="small" icon={Check} onClick={() => onResolve(false)}>
            <span className="max-tablet:sr-only">
              <Trans>Resolve</Trans>
            </span>
          </Button>
        ))}
    </div>
  )
}
