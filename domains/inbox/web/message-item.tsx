import { Trans, useLingui } from '@lingui/react/macro'
import { Reply, StickyNote } from 'lucide-react'
import { Avatar } from '../../../web/ui/avatar.tsx'
import { cx } from '../../../web/ui/cx.ts'
import { Icon } from '../../../web/ui/icon.tsx'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { Filled } from '../../../web/ui/slot.tsx'
import type { Message } from '../contract.ts'
import type { Block } from './arrange.ts'
import { Attachments } from './attachments.tsx'
import { DeliveryLine } from './delivery-line.tsx'
import { PassedOn } from './invitation-card.tsx'
import { MessageBody, useBodyView } from './message-body.tsx'
import { MessageFacts } from './message-facts.tsx'
import { MessageMenu } from './message-menu.tsx'
import { ModerationLine } from './moderated.tsx'
import { AuthorMarks, Embeds, PollView, PostLine, Warned } from './post-parts.tsx'
import { MessageText } from './message-text.tsx'
import { aroundWords, underMessage } from './slots.ts'
import { bareSubject, timeWords } from './words.ts'

type MessageItemProps = {
  block: Extract<Block, { kind: 'message' }>
  /** Who it is from when the message names nobody. */
  customer: { id: string; name: string }
  /** What the conversation is called: a message says its subject only where it is another one. */
  subject: string | null
  /** Whether the channel takes the marks of our own words (bold, lists) and draws them. */
  hasMarks: boolean
  /** Answers this very message, where threads are trees. */
  onAnswer?: ((message: Message) => void) | undefined
  /** The address leads to this very message: it is marked until somebody goes on. */
  sought: boolean
}

const soughtLook = 'outline-2 outline-offset-2 outline-accent'

/** Levels of a public tree, as far as there is room for them. */
const indents = ['', 'ms-6', 'ms-12', 'ms-16', 'ms-20']

export function MessageItem({ block, customer, subject, hasMarks, onAnswer, sought }: MessageItemProps) {
  const { message, depth, continues, dated, answers } = block
  const ours = message.kind === 'out'
  if (message.kind === 'note') return <Note block={block} sought={sought} />
  const name = message.authorName ?? (ours ? '' : customer.name)
  return (
    <article
      id={`message-${message.id}`}
      aria-current={sought ? 'location' : undefined}
      className={cx(
        'group relative flex scroll-my-8 gap-3',
        ours && depth === 0 && 'flex-row-reverse',
        continues ? 'mt-1' : 'mt-4',
        indents[depth],
        depth > 0 && 'border-s border-line ps-3',
      )}
    >
      {!ours && (
        // On a phone the words need the room, and the name stands above them.
        // A mail as it was designed needs it everywhere.
        <div className="w-8 shrink-0 max-tablet:hidden group-has-[iframe]:hidden">
          {!continues && (
            <Avatar
              name={name}
              src={message.author?.picture}
              colourKey={name === customer.name ? customer.id : (message.identityId ?? name)}
              decorative
            />
          )}
        </div>
      )}
      <div
        className={cx(
          'flex min-w-0 max-w-measure flex-col has-[iframe]:max-w-none has-[iframe]:flex-1',
          ours && depth === 0 ? 'items-end' : 'items-start',
        )}
      >
        {!continues && <Byline message={message} name={name} dated={dated} />}
        <MessageFacts message={message} />
        <AuthorMarks message={message} />
        {answers && <Answered message={answers} />}
        <div
          className={cx(
            'max-w-full rounded-panel px-3 py-2 has-[iframe]:w-full has-[iframe]:border-0 has-[iframe]:bg-transparent has-[iframe]:p-0',
            ours
              ? 'bg-tint'
              : message.context
                ? 'border border-dashed border-line text-muted'
                : 'border border-line bg-raised',
            continues && (ours ? 'rounded-se-mark' : 'rounded-ss-mark'),
            sought && soughtLook,
          )}
        >
          <Body message={message} subject={subject} hasMarks={hasMarks} />
        </div>
        <PostLine message={message} />
        <ModerationLine message={message} />
        {message.kind === 'in' && !message.deletedAt && <Filled slot={underMessage} props={{ message }} />}
        {ours && message.state && (
          <div className="mt-1 text-small text-muted">
            <DeliveryLine message={message} />
          </div>
        )}
      </div>
      {!message.deletedAt && <MessageMenu message={message} name={name} />}
      {onAnswer && message.visibility === 'public' && !message.deletedAt && (
        <AnswerButton name={name} onClick={() => onAnswer(message)} />
      )}
    </article>
  )
}

function Byline({ message, name, dated }: { message: Message; name: string; dated: boolean }) {
  const { i18n } = useLingui()
  return (
    <p className="mb-1 flex max-w-full items-baseline gap-2 text-small text-muted">
      <bdi className="min-w-0 truncate font-medium text-text">{name}</bdi>
      <time dateTime={message.occurredAt} className="shrink-0">
        {timeWords(message.occurredAt, dated, i18n.locale)}
      </time>
      {message.editedAt && !message.deletedAt && (
        <span className="shrink-0">
          <Trans>edited</Trans>
        </span>
      )}
    </p>
  )
}

/** A line of what this message answers, when that does not stand right above. */
function Answered({ message }: { message: Message }) {
  return (
    <a
      href={`#message-${message.id}`}
      className="mb-1 flex max-w-full items-center gap-1.5 rounded-mark text-small text-muted hover:text-text"
    >
      <Icon of={Reply} directional className="size-3.5" />
      <bdi className="truncate">{message.body.slice(0, 120)}</bdi>
    </a>
  )
}

function Body({ message, subject, hasMarks }: { message: Message; subject: string | null; hasMarks: boolean }) {
  const view = useBodyView()
  if (message.deletedAt) {
    return (
      <p className="text-muted italic">
        <Trans>This message was deleted where it was written.</Trans>
      </p>
    )
  }
  return (
    <>
      {message.subject && bareSubject(message.subject) !== bareSubject(subject ?? '') && (
        <p dir="auto" className="mb-1 font-medium">
          {message.subject}
        </p>
      )}
      <PassedOn message={message} />
      <Warned warning={message.warning}>
        <Filled
          slot={aroundWords}
          props={{ message, children: (shown) => <Words message={shown} view={view} hasMarks={hasMarks} /> }}
          fallback={<Words message={message} view={view} hasMarks={hasMarks} />}
        />
      </Warned>
    </>
  )
}

type WordsProps = { message: Message; view: ReturnType<typeof useBodyView>; hasMarks: boolean }

function Words({ message, view, hasMarks }: WordsProps) {
  return (
    <MessageBody message={message} view={view} hasMarks={hasMarks}>
      <PollView poll={message.poll} />
      <Embeds embeds={message.embeds} />
    </MessageBody>
  )
}

/** For colleagues only: on its own ground, across the whole width, with a word that says so. */
function Note({ block: { message, continues, dated }, sought }: Pick<MessageItemProps, 'block' | 'sought'>) {
  const { i18n } = useLingui()
  return (
    <article
      id={`message-${message.id}`}
      aria-current={sought ? 'location' : undefined}
      className={cx(
        'scroll-my-8 rounded-panel border border-line bg-note px-3 py-2',
        continues ? 'mt-1' : 'mt-4',
        sought && soughtLook,
      )}
    >
      <p className="mb-1 flex items-center gap-2 text-small text-muted">
        <span className="flex shrink-0 items-center gap-1 font-medium text-waiting">
          <Icon of={StickyNote} className="size-3.5" />
          <Trans>Internal note</Trans>
        </span>
        <bdi className="min-w-0 truncate font-medium text-text">{message.authorName}</bdi>
        <time dateTime={message.occurredAt} className="shrink-0">
          {timeWords(message.occurredAt, dated, i18n.locale)}
        </time>
      </p>
      <MessageText text={message.body} className="max-w-measure" />
      <Attachments attachments={message.attachments} />
    </article>
  )
}

function AnswerButton({ name, onClick }: { name: string; onClick: () => void }) {
  const { t } = useLingui()
  return (
    <IconButton
      icon={Reply}
      size="small"
      directional
      label={t`Answer ${name} here`}
      className="self-center opacity-0 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
      onClick={onClick}
    />
  )
}
