import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { Check, Copy, CornerUpLeft, StickyNote, TriangleAlert } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { parseMarkdown, wordsOf } from '#platform/contract/markdown'
import { Avatar } from '../../../web/ui/avatar.tsx'
import { StateDot } from '../../../web/ui/badge.tsx'
import { cx } from '../../../web/ui/cx.ts'
import { Icon } from '../../../web/ui/icon.tsx'
import type { RowFocus } from '../../../web/ui/virtual-list.tsx'
import { usePresent } from '../../workspaces/web/index.ts'
import type { ConversationSummary, Label } from '../contract.ts'
import { LabelChip } from './label-chip.tsx'
import { glyphOf, useChannels, useColleagues, useLabels } from './names.tsx'
import { usePlaceName } from './place.tsx'
import { momentWords, spanWords } from './words.ts'

type RowProps = {
  row: ConversationSummary
  focus: RowFocus
  open: boolean
  chosen: boolean
  /** While something is chosen, a click on a face chooses. */
  choosing: boolean
  now: number
  onChoose: (id: string) => void
  onNear: (id: string) => void
}

/** Drawn again only for what it shows: a step from row to row is the concern of two of them. */
export const ConversationRow = memo(Drawn, (before, after) => {
  const { focus: was, ...old } = before
  const { focus: is, ...now } = after
  return (
    was.tabIndex === is.tabIndex &&
    was.ref === is.ref &&
    was.onFocus === is.onFocus &&
    Object.entries(now).every(([name, value]) => Object.is(value, old[name as keyof typeof old]))
  )
})

/** One conversation in the list: who, where, first words, why it stands here, since when, whose it is. */
function Drawn({ row, focus, open, chosen, choosing, now, onChoose, onNear }: RowProps) {
  const { t } = useLingui()
  const colleagues = useColleagues()
  const labels = useLabels()
  const channels = useChannels()
  const name = row.customerName ?? t`Unknown person`
  const channel = channels.get(row.channel)
  const assignee = row.assigneeId ? (colleagues.get(row.assigneeId)?.name ?? null) : null
  const own = row.labelIds.map((id) => labels.get(id)).filter((label): label is Label => label !== undefined)
  const assignedTo = assignee ? t`Assigned to ${assignee}` : ''
  const channelName = channel?.name ?? row.channel
  const place = usePlaceName(row)
  // Our own words are shown as they are drawn: without their marks.
  const hasMarks = row.previewKind === 'out' && channel?.capabilities['format'] === 'markdown'
  const preview = hasMarks ? wordsOf(parseMarkdown(row.preview)) : row.preview
  return (
    <div
      className={cx(
        'group relative flex gap-3 border-b border-line px-3 py-2.5',
        open ? 'bg-tint' : chosen ? 'bg-hover' : 'hover:bg-hover',
      )}
      onPointerEnter={() => onNear(row.id)}
    >
      {open && <span aria-hidden className="absolute inset-y-0 start-0 w-0.5 bg-accent" />}
      <FaceOrChoice
        {...{ name, chosen, choosing }}
        onChoose={() => onChoose(row.id)}
        colourKey={row.customerId}
        picture={row.customerPicture}
      />
      <Link
        {...focus}
        onFocus={() => {
          focus.onFocus()
          onNear(row.id)
        }}
        to="/inbox/{-$conversationId}"
        params={{ conversationId: row.id }}
        search={(before) => before}
        aria-current={open ? 'true' : undefined}
        className="min-w-0 flex-1 ring-inside after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
      >
        <span className="flex items-baseline gap-2">
          {row.unread && <span className="sr-only">{t`Unread`}</span>}
          <bdi className={cx('min-w-0 truncate', row.unread ? 'font-bold' : 'font-medium')}>{name}</bdi>
          <Icon
            of={glyphOf(channel?.capabilities['handle'], row.visibility)}
            label={channelName}
            className="size-3.5 shrink-0 self-center text-muted"
          />
          <bdi className="min-w-0 flex-1 shrink-2 truncate text-small text-muted">{place}</bdi>
          <span className="shrink-0 text-small whitespace-nowrap text-muted">
            <Since row={row} now={now} />
          </span>
        </span>
        <span className="mt-0.5 flex items-center gap-1.5">
          <PreviewMark kind={row.previewKind} />
          <bdi className={cx('min-w-0 flex-1 truncate', row.unread ? 'text-text' : 'text-muted')}>
            {row.subject && <span className={row.unread ? 'font-medium' : 'text-text'}>{row.subject}: </span>}
            {row.understood.toxic && row.previewKind === 'in' ? <Insulting>{preview}</Insulting> : preview}
          </bdi>
          {row.unread && <span aria-hidden className="size-2 shrink-0 rounded-full bg-accent" />}
        </span>
        <span className="mt-1 flex items-center gap-1.5 overflow-hidden text-small text-muted empty:hidden">
          <Reason row={row} now={now} />
          <Copies count={row.copies} />
          {own.slice(0, 2).map((label) => (
            <LabelChip key={label.id} label={label} />
          ))}
          {own.length > 2 && <span>+{own.length - 2}</span>}
          {assignee && (
            <span className="ms-auto flex min-w-0 shrink-0 items-center gap-1">
              <span className="sr-only">{assignedTo}</span>
              <span aria-hidden className="max-w-24 truncate">
                {assignee.split(' ')[0]}
              </span>
            </span>
          )}
        </span>
      </Link>
    </div>
  )
}

/** As in the thread: out of sight, and out of a screen reader's way, unless somebody prefers to see such words. */
function Insulting({ children }: { children: string }) {
  const { preferences } = usePresent()
  if (preferences.blurToxic === false) return children
  return (
    <>
      <span className="sr-only">
        <Trans>Insulting words</Trans>
      </span>
      <span aria-hidden className="blur-words select-none">
        {children}
      </span>
    </>
  )
}

function FaceOrChoice({
  name,
  colourKey,
  picture,
  chosen,
  choosing,
  onChoose,
}: {
  name: string
  colourKey: string
  picture: string | null
  chosen: boolean
  choosing: boolean
  onChoose: () => void
}) {
  const { t } = useLingui()
  return (
    <button
      type="button"
      tabIndex={-1}
      role="checkbox"
      aria-checked={chosen}
      aria-label={t`Choose ${name}`}
      onClick={onChoose}
      className="group/face relative z-10 size-8 shrink-0 rounded-full"
    >
      <span className={cx('block', (chosen || choosing) && 'opacity-0', 'group-hover/face:opacity-0')}>
        <Avatar name={name} src={picture} colourKey={colourKey} decorative />
      </span>
      <span
        className={cx(
          'absolute inset-1 flex items-center justify-center rounded-mark border',
          chosen ? 'border-accent bg-accent text-on-accent' : 'border-edge bg-raised text-raised',
          !chosen && !choosing && 'opacity-0 group-hover/face:opacity-100',
        )}
      >
        {chosen && <Icon of={Check} />}
      </span>
    </button>
  )
}

function PreviewMark({ kind }: { kind: ConversationSummary['previewKind'] }): ReactNode {
  const { t } = useLingui()
  if (kind === 'out')
    return <Icon of={CornerUpLeft} label={t`Our answer`} directional className="size-3.5 text-muted" />
  if (kind === 'note') return <Icon of={StickyNote} label={t`Note`} className="size-3.5 text-waiting" />
  return null
}

/** How many others this row stands for. */
function Copies({ count = 0 }: { count?: number | undefined }) {
  if (count === 0) return null
  return (
    <span className="flex shrink-0 items-center gap-1 font-medium text-text">
      <Icon of={Copy} className="size-3.5 text-muted" />
      {plural(count, { one: '# more like it', other: '# more like it' })}
    </span>
  )
}

/** How long ago something last happened; when put away, until when. */
function Since({ row, now }: { row: ConversationSummary; now: number }) {
  const { t, i18n } = useLingui()
  if (row.state === 'snoozed' && row.snoozedUntil) return t`until ${momentWords(row.snoozedUntil, i18n.locale)}`
  return <time dateTime={row.lastActivityAt}>{spanWords(now - Date.parse(row.lastActivityAt), i18n.locale)}</time>
}

/** The strongest thing to know about a row: what failed, what was promised, why it stands here, or that it waits. */
function Reason({ row, now }: { row: ConversationSummary; now: number }) {
  const { t, i18n } = useLingui()
  if (row.failedCount > 0) {
    return (
      <span className="flex shrink-0 items-center gap-1 text-overdue">
        <Icon of={TriangleAlert} className="size-3.5" />
        {plural(row.failedCount, { one: 'Not sent', other: '# not sent' })}
      </span>
    )
  }
  if (row.dueAt) {
    const left = Date.parse(row.dueAt) - now
    const span = spanWords(Math.abs(left), i18n.locale)
    if (left < 0)
      return (
        <span className="flex shrink-0 items-center gap-1 text-overdue">
          <StateDot tone="overdue" />
          {t`${span} late`}
        </span>
      )
    return (
      <span className="flex shrink-0 items-center gap-1 text-waiting">
        <StateDot tone="waiting" />
        {t`due in ${span}`}
      </span>
    )
  }
  const strongest = row.priorityReasons.toSorted((a, b) => Math.abs(b.minutes) - Math.abs(a.minutes))[0]
  if (strongest) return <span className="truncate">{strongest.words}</span>
  if (row.state === 'open' && row.waitingSince) {
    const span = spanWords(now - Date.parse(row.waitingSince), i18n.locale)
    return (
      <span className="flex shrink-0 items-center gap-1">
        <StateDot tone="open" />
        {t`Waits ${span}`}
      </span>
    )
  }
  if (row.state === 'waiting') {
    return (
      <span className="flex shrink-0 items-center gap-1">
        <StateDot tone="waiting" />
        {t`Their turn`}
      </span>
    )
  }
  if (row.state === 'resolved') {
    return (
      <span className="flex shrink-0 items-center gap-1">
        <StateDot tone="resolved" />
        {t`Resolved`}
      </span>
    )
  }
  return null
}
