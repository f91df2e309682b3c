// An invitation that came with a message, and where a passed-on message came from first.
import { Trans, useLingui } from '@lingui/react/macro'
import { CalendarDays, Forward } from 'lucide-react'
import type { ReactNode } from 'react'
import { Icon } from '../../../web/ui/icon.tsx'
import type { Message } from '../contract.ts'
import { textIn } from './text-in.ts'

export function InvitationCard({ message: { data } }: { message: Message }) {
  const { t, i18n } = useLingui()
  const facts = data['calendar']
  if (typeof facts !== 'object' || facts === null) return null
  const of = (name: string) => textIn(facts, name)
  const method = of('method')
  const zone = of('timeZone')
  const start = of('start')
  const end = of('end')
  const title = method === 'CANCEL' ? t`Called off` : method === 'REPLY' ? t`Answer to an invitation` : t`Invitation`
  return (
    <section
      aria-label={title}
      className="mt-2 flex max-w-full gap-3 rounded-control border border-line bg-raised px-3 py-2 text-text"
    >
      <Icon of={CalendarDays} size={20} className="mt-0.5 text-accent" />
      <dl className="flex min-w-0 flex-col gap-0.5 wrap-anywhere">
        <dt className="text-small text-muted">{title}</dt>
        <dd dir="auto" className="font-medium">
          {of('summary') ?? <Trans>Without a title</Trans>}
        </dd>
        {start && (
          <Fact name={t`When`}>
            {whenWords(start, i18n.locale)}
            {end && <> – {whenWords(end, i18n.locale, start)}</>}
            {zone && !start.endsWith('Z') && <> ({zone})</>}
          </Fact>
        )}
        {of('location') && <Fact name={t`Where`}>{of('location')}</Fact>}
        {of('organizer') && <Fact name={t`Asked by`}>{of('organizer')}</Fact>}
      </dl>
    </section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <dd>
      <span className="text-muted">{name}: </span>
      <bdi>{children}</bdi>
    </dd>
  )
}

/** A moment in the reader's zone, a local time as it was written, or a day. */
function whenWords(at: string, locale: string, after?: string): string {
  const isDay = !at.includes('T')
  // A local time is told as it stands: which zone it is in stands beside it.
  const moment = new Date(isDay ? `${at}T00:00:00Z` : at.endsWith('Z') ? at : `${at}Z`)
  if (Number.isNaN(moment.getTime())) return at
  const zone = at.endsWith('Z') && !isDay ? {} : ({ timeZone: 'UTC' } as const)
  const sameDay = after !== undefined && after.slice(0, 10) === at.slice(0, 10)
  return new Intl.DateTimeFormat(locale, {
    ...zone,
    ...(!sameDay && ({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const)),
    ...(!isDay && ({ hour: '2-digit', minute: '2-digit' } as const)),
  }).format(moment)
}

/** Who wrote what somebody passed on to us. */
export function PassedOn({ message: { data } }: { message: Message }) {
  const facts = data['forwarded']
  const from = typeof facts === 'object' && facts !== null ? (facts as Record<string, unknown>)['from'] : null
  const writer = textIn(from, 'name') ?? textIn(from, 'address')
  if (!writer) return null
  return (
    <p className="mb-1 flex items-center gap-1.5 text-small text-muted">
      <Icon of={Forward} directional className="size-3.5" />
      <Trans>
        Passed on; first written by <bdi>{writer}</bdi>
      </Trans>
    </p>
  )
}
