// What a post of an open network shows beside its words. Nothing in it is loaded from outside: cards are words, and pictures are
// those that are kept here.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Bot, ChartNoAxesColumn, ExternalLink, EyeOff, Heart, MessageCircle, Quote, Repeat2, UserX } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Icon, type IconShape } from '../../../web/ui/icon.tsx'
import type { Embed, Message, Poll } from '../contract.ts'
import { useNow } from './use-now.ts'
import { momentWords } from './words.ts'

/** Hides what its author hid, until somebody wants to see it. */
export function Warned({ warning, children }: { warning: string | null; children: ReactNode }) {
  const [open, setOpen] = useState(false)
  if (warning === null) return children
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-h-6 w-full items-start gap-2 rounded-mark text-start"
      >
        <Icon of={EyeOff} className="mt-0.5 size-4 shrink-0 text-waiting" />
        <bdi className="min-w-0 flex-1 font-medium wrap-anywhere">{warning}</bdi>
        <span className="shrink-0 text-small text-accent underline underline-offset-2">
          {open ? <Trans>Hide</Trans> : <Trans>Show</Trans>}
        </span>
      </button>
      {open && <div className="mt-2 border-t border-line pt-2">{children}</div>}
    </>
  )
}

export function PollView({ poll }: { poll: Poll | null }) {
  const { t, i18n } = useLingui()
  const now = useNow()
  if (!poll) return null
  const counted = poll.options.some(({ votes }) => votes !== undefined)
  const all = poll.options.reduce((sum, { votes = 0 }) => sum + votes, 0)
  const closes = poll.closesAt ? momentWords(poll.closesAt, i18n.locale) : null
  const over = poll.closesAt !== null && Date.parse(poll.closesAt) < now
  const part = new Intl.NumberFormat(i18n.locale, { style: 'percent', maximumFractionDigits: 0 })
  return (
    <div className="mt-2 flex min-w-48 flex-col gap-1.5" role="group" aria-label={t`Poll`}>
      <ul className="flex flex-col gap-1.5">
        {poll.options.map(({ text, votes = 0 }, at) => (
          <li key={at} className="flex flex-col gap-0.5">
            <span className="flex items-baseline justify-between gap-4">
              <bdi className="min-w-0 wrap-anywhere">{text}</bdi>
              {counted && (
                <span className="shrink-0 text-small text-muted">{part.format(all === 0 ? 0 : votes / all)}</span>
              )}
            </span>
            {counted && (
              <span aria-hidden className="h-1 rounded-full bg-sunken">
                <span
                  className="block h-1 rounded-full bg-edge"
                  style={{ width: `${all === 0 ? 0 : (votes / all) * 100}%` }}
                />
              </span>
            )}
          </li>
        ))}
      </ul>
      <p className="flex flex-wrap gap-x-2 text-small text-muted">
        {counted && (
          <span>
            <Plural value={all} one="# vote" other="# votes" />
          </span>
        )}
        {poll.multiple && <Trans>several answers allowed</Trans>}
        {closes && <span>{over ? <Trans>closed {closes}</Trans> : <Trans>open until {closes}</Trans>}</span>}
      </p>
    </div>
  )
}

export function Embeds({ embeds }: { embeds: readonly Embed[] }) {
  if (embeds.length === 0) return null
  return (
    <ul className="mt-2 flex flex-col gap-2">
      {embeds.map((embed, at) => (
        <li key={at}>
          <Card embed={embed} />
        </li>
      ))}
    </ul>
  )
}

/** Where it leads is said, whatever it calls itself. */
function Card({ embed: { kind, url, title, text, author } }: { embed: Embed }) {
  const place = URL.parse(url)?.hostname ?? url
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="flex max-w-measure gap-2 rounded-control border border-line bg-raised px-3 py-2 text-text hover:border-edge"
    >
      <Icon of={kind === 'quote' ? Quote : ExternalLink} className="mt-0.5 size-4 shrink-0 text-muted" />
      <span className="flex min-w-0 flex-col">
        {(author ?? title) && <bdi className="truncate font-medium">{author ?? title}</bdi>}
        {text && <bdi className="line-clamp-3 whitespace-pre-wrap wrap-anywhere">{text}</bdi>}
        <span className="truncate text-small text-muted">{place}</span>
      </span>
    </a>
  )
}

/** What others did with it, and the way to where it stands. */
export function PostLine({ message }: { message: Message }) {
  const { t, i18n } = useLingui()
  const { engagement, url, deletedAt } = message
  const counts: readonly (readonly [IconShape, number | undefined, string])[] = [
    [Heart, engagement.likes, t`Likes`],
    [Repeat2, engagement.reposts, t`Reposts`],
    [Quote, engagement.quotes, t`Quotes`],
    [MessageCircle, engagement.replies, t`Answers`],
    [ChartNoAxesColumn, engagement.views, t`Views`],
  ]
  const shown = counts.filter(([, count]) => count !== undefined && count > 0)
  if (deletedAt || (shown.length === 0 && url === null)) return null
  const short = new Intl.NumberFormat(i18n.locale, { notation: 'compact' })
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-small text-muted">
      {shown.map(([icon, count, name]) => (
        <span key={name} title={`${name}: ${count!.toLocaleString(i18n.locale)}`} className="flex items-center gap-1">
          <Icon of={icon} className="size-3.5" />
          <span className="sr-only">{name}</span>
          {short.format(count!)}
        </span>
      ))}
      {url && (
        <a
          href={url}
          target="_blank"
          rel="noopener noreferrer nofollow"
          title={url}
          className="flex min-h-6 items-center gap-1 hover:text-text hover:underline"
        >
          <Icon of={ExternalLink} className="size-3.5" />
          <Trans>Open on the network</Trans>
        </a>
      )}
    </p>
  )
}

/** What has to be known of who wrote it: a program, an account that is gone, what only stands around. */
export function AuthorMarks({ message: { kind, author, context: around, chain } }: { message: Message }) {
  const part = (chain?.index ?? 0) + 1
  // What we said ourselves was said by us, wherever it was written.
  const context = around && kind !== 'out'
  if (!context && !author?.isBot && !author?.gone && !chain) return null
  return (
    <p className="mb-1 flex flex-wrap gap-x-3 text-small text-muted">
      {context && <Trans>Around the conversation, not said to us</Trans>}
      {author?.isBot && (
        <Mark icon={Bot}>
          <Trans>A program</Trans>
        </Mark>
      )}
      {author?.gone && (
        <Mark icon={UserX}>
          <Trans>Account deleted</Trans>
        </Mark>
      )}
      {chain && <Trans>Part {part} of a thread</Trans>}
    </p>
  )
}

function Mark({ icon, children }: { icon: IconShape; children: ReactNode }) {
  return (
    <span className="flex items-center gap-1">
      <Icon of={icon} className="size-3.5" />
      {children}
    </span>
  )
}
