import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Message } from '../contract.ts'
import { DeliveryLine } from './delivery-line.tsx'
import { Moderated } from './moderated.tsx'
import { useColleagues, useTeams } from './names.tsx'
import { momentWords, timeWords } from './words.ts'

/** What happened to the conversation, told in a sentence. */
export function SystemLine({ message, dated }: { message: Message; dated: boolean }) {
  const { i18n } = useLingui()
  return (
    <div id={`message-${message.id}`} className="mt-3 flex flex-col items-center gap-1 text-small text-muted">
      <p className="flex items-baseline justify-center gap-2 text-center">
        <span className="min-w-0">
          <Told message={message} />
        </span>
        <time dateTime={message.occurredAt} className="shrink-0">
          {timeWords(message.occurredAt, dated, i18n.locale)}
        </time>
      </p>
      {/* A line that took answers on leaves by itself, so it tells how far it has come. */}
      {message.state && <DeliveryLine message={message} />}
    </div>
  )
}

/** Answers that nobody came to read went on to an address. */
export function CarriedOn({ message: { data } }: { message: Pick<Message, 'data'> }) {
  const { t } = useLingui()
  const count = Number(data['answers'] ?? 1)
  const words = t`${plural(count, { one: 'The answer', other: 'The last # answers' })}`
  const address = String(data['address'] ?? '')
  const name = String(data['connectionName'] ?? '')
  return (
    <Trans>
      {words} also went by mail to <bdi>{address}</bdi>, through {name}
    </Trans>
  )
}

function Told({ message }: { message: Message }): ReactNode {
  const { t, i18n } = useLingui()
  const { data } = message
  const who = message.authorName ?? t`Rapport`
  switch (message.body) {
    case 'assigned':
      return <Assigned message={message} who={who} />
    case 'resolved':
      return <Trans>{who} resolved it</Trans>
    case 'reopened':
      return <Trans>{who} opened it again</Trans>
    case 'woken':
      return <Trans>It came back from its snooze</Trans>
    case 'snoozed': {
      const until = typeof data['until'] === 'string' ? momentWords(data['until'], i18n.locale) : ''
      return (
        <Trans>
          {who} snoozed it until {until}
        </Trans>
      )
    }
    case 'discarded': {
      const words = String(data['words'] ?? '')
      return data['was'] === 'unknown' ? (
        <Trans>
          {who} gave up on an answer of unknown fate: “{words}”
        </Trans>
      ) : (
        <Trans>
          {who} discarded an answer that was not sent: “{words}”
        </Trans>
      )
    }
    case 'invited_private':
      return <Trans>{who} opened a private line to the customer</Trans>
    case 'moderated':
      return <Moderated message={message} who={who} />
    case 'gate_overridden': {
      const reason = String(data['reason'] ?? '')
      return (
        <Trans>
          {who} let an answer pass: “{reason}”
        </Trans>
      )
    }
    case 'moved_in':
      return (
        <Trans>
          {who} moved a message here from <OtherConversation message={message} />
        </Trans>
      )
    case 'moved_out':
      return (
        <Trans>
          {who} moved a message to <OtherConversation message={message} />
        </Trans>
      )
    case 'split_off':
      return (
        <Trans>
          {who} split messages off into <OtherConversation message={message} />
        </Trans>
      )
    case 'split_from':
      return (
        <Trans>
          {who} took this out of <OtherConversation message={message} />
        </Trans>
      )
    case 'same_matter':
      return (
        <Trans>
          {who} said that this and <OtherConversation message={message} /> are one matter
        </Trans>
      )
    case 'other_matter':
      return (
        <Trans>
          {who} said that <OtherConversation message={message} /> is another matter
        </Trans>
      )
    case 'carried_on':
      return <CarriedOn message={message} />
    case 'loop_cut': {
      const author = String(data['author'] ?? t`A program`)
      return <Trans>{author} wrote too often, as programs do: what follows is kept and opens nothing again</Trans>
    }
    default:
      return message.body
  }
}

function OtherConversation({ message: { data } }: { message: Message }): ReactNode {
  const id = typeof data['conversationId'] === 'string' ? data['conversationId'] : undefined
  return (
    <Link
      to="/inbox/{-$conversationId}"
      params={{ conversationId: id }}
      search={(before) => before}
      className="text-text underline"
    >
      <Trans>another conversation</Trans>
    </Link>
  )
}

function Assigned({ message: { data, memberId }, who }: { message: Message; who: string }): ReactNode {
  const colleagues = useColleagues()
  const teams = useTeams()
  const id = typeof data['assigneeId'] === 'string' ? data['assigneeId'] : null
  const teamId = typeof data['teamId'] === 'string' ? data['teamId'] : null
  // The name is only there when it changed; the id always stands for how it is now.
  const assignee = typeof data['assignee'] === 'string' ? (colleagues.get(id ?? '')?.name ?? data['assignee']) : null
  const team = typeof data['team'] === 'string' ? (teams.get(teamId ?? '')?.name ?? data['team']) : null
  if (assignee && id === memberId) return <Trans>{who} took it</Trans>
  if (assignee && team) {
    return (
      <Trans>
        {who} gave it to {assignee} in {team}
      </Trans>
    )
  }
  if (assignee) {
    return (
      <Trans>
        {who} gave it to {assignee}
      </Trans>
    )
  }
  if (team) {
    return (
      <Trans>
        {who} moved it to {team}
      </Trans>
    )
  }
  return id === null ? (
    <Trans>{who} gave it back: nobody has it now</Trans>
  ) : (
    <Trans>{who} took it out of its team</Trans>
  )
}
